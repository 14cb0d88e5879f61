// How long a server takes from its start to its first answer.
//
// Usage: cold_start SERVER_PROGRAM DATA_DIR COLLECTION [ROUNDS]
// With the files of the collection in the page cache; as root, also without.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include <unistd.h>

#include "client/client.h"
#include "tests/bench/server_process.h"

namespace footnote {
namespace {

// Returns the seconds until a search of a new server is answered.
double SecondsToAnswer(const char* program, const char* data_dir,
                       const char* collection) {
  const auto start = std::chrono::steady_clock::now();
  const ServerProcess server(program, data_dir);
  const client::Client client(client::ClientOptions{server.address()});
  v1::SearchRequest request;
  request.set_collection(collection);
  request.set_query("how does a server start");
  const auto response = client.Search(request);
  if (!response.ok()) {
    std::fprintf(stderr, "%s\n", response.status().ToString().c_str());
    std::exit(1);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

// Empties the page cache; returns whether that was possible.
bool DropCaches() {
  sync();
  std::ofstream file("/proc/sys/vm/drop_caches");
  file << "3" << std::flush;
  return file.good();
}

void Print(const char* name, std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  std::printf("%-26s min %.3f  median %.3f  max %.3f s\n", name,
              seconds.front(), seconds[seconds.size() / 2], seconds.back());
}

int Run(char** argv, int rounds) {
  std::vector<double> warm;
  std::vector<double> cold;
  (void)SecondsToAnswer(argv[1], argv[2], argv[3]);
  warm.reserve(rounds);
  for (int round = 0; round < rounds; ++round) {
    warm.push_back(SecondsToAnswer(argv[1], argv[2], argv[3]));
  }
  Print("with a warm page cache", warm);
  for (int round = 0; round < rounds && DropCaches(); ++round) {
    cold.push_back(SecondsToAnswer(argv[1], argv[2], argv[3]));
  }
  if (cold.empty()) {
    std::puts("without page cache: only root can empty it");
  } else {
    Print("with an empty page cache", cold);
  }
  return 0;
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  constexpr int kDefaultRounds = 5;
  if (argc != 4 && argc != 5) {
    std::fprintf(stderr,
                 "usage: cold_start SERVER_PROGRAM DATA_DIR COLLECTION "
                 "[ROUNDS]\n");
    return 2;
  }
  const int rounds = argc == 5 ? std::atoi(argv[4]) : kDefaultRounds;
  return footnote::Run(argv, std::max(rounds, 1));
}
