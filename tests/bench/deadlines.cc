// How late workers are: the costliest searches with short deadlines, and health
// checks beside many of them.
//
// Usage: deadlines SERVER_PROGRAM DATA_DIR COLLECTION [ROUNDS [KIND]]
// KIND: only searches whose kind has this in its name.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "client/client.h"
#include "indexer/base/sha256.h"
#include "indexer/index/generation.h"
#include "tests/bench/costly_requests.h"
#include "tests/bench/server_log.h"
#include "tests/bench/server_process.h"
#include "tests/testing/temp_folder.h"

namespace footnote {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr double kLate = 20;  // milliseconds
constexpr size_t kSearchesAtOnce = 64;

enum class Limit { kDeadline, kTimeLimit };

// Milliseconds, in any order.
using Times = std::vector<double>;

void Print(const std::string& name, Times times, size_t of) {
  if (times.empty()) {
    std::printf("  %-30s none of %zu\n", name.c_str(), of);
    return;
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<size_t>(share *
                                     static_cast<double>(times.size() - 1))];
  };
  const auto late =
      times.end() - std::upper_bound(times.begin(), times.end(), kLate);
  std::printf(
      "  %-30s %5zu of %5zu  min %6.1f  median %6.1f  p99 %6.1f  max %6.1f  "
      "over %.0f ms: %.1f %%\n",
      name.c_str(), times.size(), of, times.front(), at(0.5), at(0.99),
      times.back(), kLate,
      100.0 * static_cast<double>(late) / static_cast<double>(times.size()));
}

// Searches one after the other and tells from the server's log how long after
// its limit each let its worker go.
class LimitedSearches {
 public:
  LimitedSearches(std::string address, const std::string& log)
      : address_(std::move(address)), log_(log) {}

  // Returns the milliseconds that the worker took.
  double Run(const CostlyRequest& costly, Limit limit, milliseconds time) {
    ++sent_[costly.kind];
    v1::SearchRequest request = costly.request;
    if (limit == Limit::kTimeLimit) {
      auto* field = request.mutable_time_limit();
      field->set_seconds(time.count() / 1000);
      field->set_nanos(static_cast<int32_t>(time.count() % 1000) * 1000000);
    }
    (void)ClientOf(limit == Limit::kDeadline ? time : milliseconds(30000))
        .Search(request);
    const double taken = 1e3 * SecondsOf(ToHex(Sha256Of(request.query())));
    const double over = taken - static_cast<double>(time.count());
    if (over > 0) {
      over_[costly.kind].push_back(over);
      all_.push_back(over);
    }
    return taken;
  }

  // Of the searches whose limit passed.
  void PrintAll() const {
    size_t sent = 0;
    for (const auto& [kind, count] : sent_) {
      const auto at = over_.find(kind);
      Print(kind, at == over_.end() ? Times() : at->second, count);
      sent += count;
    }
    Print("all", all_, sent);
  }

 private:
  // Returns a client of this timeout that is connected.
  const client::Client& ClientOf(milliseconds timeout) {
    auto& client = clients_[timeout];
    if (!client) {
      client = std::make_unique<client::Client>(
          client::ClientOptions{address_, timeout});
      while (!client->CheckHealth("").ok()) {
      }
    }
    return *client;
  }

  // Returns how long the worker had the search that ends now; 0 where it never
  // began.
  double SecondsOf(const std::string& query_sha256) {
    while (const auto search = log_.Next(milliseconds(1000))) {
      if (search->query_sha256.empty() ||
          search->query_sha256 == query_sha256) {
        return search->seconds;
      }
    }
    return 0;
  }

  const std::string address_;
  ServerLog log_;
  std::map<milliseconds, std::unique_ptr<client::Client>> clients_;
  std::map<std::string, size_t> sent_;
  std::map<std::string, Times> over_;
  Times all_;
};

void RunLimited(const std::string& program, const std::string& data_dir,
                const std::vector<CostlyRequest>& requests, Limit limit,
                int rounds) {
  const TempFolder folder;
  const ServerProcess server(program, data_dir, folder / "log");
  LimitedSearches searches(server.address(), folder / "log");
  for (int round = 0; round < rounds; ++round) {
    for (const int time : {1, 2, 5, 10, 20, 50}) {
      for (const CostlyRequest& request : requests) {
        searches.Run(request, limit, milliseconds(time));
      }
    }
  }
  searches.PrintAll();
}

// Limits all over the time that each search takes without one.
void RunLimitedAnywhere(const std::string& program, const std::string& data_dir,
                        const std::vector<CostlyRequest>& requests, int steps) {
  const TempFolder folder;
  const ServerProcess server(program, data_dir, folder / "log");
  LimitedSearches searches(server.address(), folder / "log");
  constexpr milliseconds kForever{15000};
  constexpr double kAffordable = 5000;  // milliseconds for one search
  std::string last_kind;
  for (const CostlyRequest& request : requests) {
    if (std::exchange(last_kind, request.kind) == request.kind) {
      continue;  // one of each will do
    }
    const double whole = searches.Run(request, Limit::kTimeLimit, kForever);
    std::printf("  %-30s takes %.0f ms\n", request.kind.c_str(), whole);
    const int affordable = static_cast<int>(kAffordable / whole) + 2;
    const int count = std::min(steps, affordable);
    for (int step = 1; step < count; ++step) {
      const milliseconds time(static_cast<int>(whole * step / count) + 1);
      searches.Run(request, Limit::kTimeLimit, time);
    }
  }
  searches.PrintAll();
}

double MillisecondsSince(steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - start)
      .count();
}

// Checks health again and again until `done`.
Times CheckHealth(const std::string& address, const std::atomic<bool>& done) {
  const client::Client client(client::ClientOptions{address});
  (void)client.CheckHealth("");  // connects
  Times times;
  while (!done) {
    const auto start = steady_clock::now();
    if (!client.CheckHealth("").ok()) {
      std::fprintf(stderr, "health does not answer\n");
      std::exit(1);
    }
    times.push_back(MillisecondsSince(start));
    std::this_thread::sleep_for(milliseconds(2));
  }
  return times;
}

void RunAtOnce(const std::string& program, const std::string& data_dir,
               const std::vector<CostlyRequest>& requests,
               milliseconds timeout) {
  const ServerProcess server(program, data_dir);
  std::atomic<bool> done = false;
  Times health;
  std::thread checker([&] { health = CheckHealth(server.address(), done); });
  std::vector<std::thread> clients;
  std::atomic<int> answered = 0;
  clients.reserve(kSearchesAtOnce);
  for (size_t i = 0; i < kSearchesAtOnce; ++i) {
    clients.emplace_back([&, i] {
      const client::Client client(
          client::ClientOptions{server.address(), timeout});
      const auto& request = requests[i % requests.size()].request;
      answered += client.Search(request).ok() ? 1 : 0;
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  done = true;
  checker.join();
  std::printf("health beside %zu searches of %lld ms at most (%d answered)\n",
              kSearchesAtOnce, static_cast<long long>(timeout.count()),
              answered.load());
  Print("health", health, health.size());
}

int Run(char** argv, int rounds, const std::string& kind) {
  const std::string program = argv[1];
  const std::string data_dir = argv[2];
  const std::string collection = argv[3];
  std::vector<CostlyRequest> requests;
  {
    const auto generation =
        index::Generation::Open(data_dir + "/" + collection, 0);
    if (!generation.ok()) {
      std::fprintf(stderr, "%s\n", generation.status().ToString().c_str());
      return 1;
    }
    requests = CostlyRequests(**generation, collection);
    std::erase_if(requests, [&](const CostlyRequest& request) {
      return request.kind.find(kind) == std::string::npos;
    });
    std::printf(
        "%llu passages; milliseconds\n",
        static_cast<unsigned long long>((*generation)->info().passages));
  }
  std::printf("after the client's deadline of 1 to 50 ms\n");
  RunLimited(program, data_dir, requests, Limit::kDeadline, rounds);
  std::printf("after the request's time_limit of 1 to 50 ms\n");
  RunLimited(program, data_dir, requests, Limit::kTimeLimit, rounds);
  std::printf("after a time_limit anywhere in the search\n");
  RunLimitedAnywhere(program, data_dir, requests, 8 * rounds);
  RunAtOnce(program, data_dir, requests, milliseconds(50));
  RunAtOnce(program, data_dir, requests, milliseconds(5000));
  return 0;
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  constexpr int kDefaultRounds = 3;
  if (argc < 4 || argc > 6) {
    std::fprintf(stderr,
                 "usage: deadlines SERVER_PROGRAM DATA_DIR COLLECTION "
                 "[ROUNDS [KIND]]\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return footnote::Run(argv, argc > 4 ? std::atoi(argv[4]) : kDefaultRounds,
                       argc > 5 ? argv[5] : "");
}
