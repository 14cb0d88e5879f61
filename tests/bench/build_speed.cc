// The throughput of `footnote-index build` over that of the plain loop that
// Xapian's documentation shows, on the same JSON Lines file.
//
// Usage: build_speed INDEX_PROGRAM ARTICLES.jsonl [ROUNDS [THREADS]]
//
// The loop is one thread: it parses each line, and indexes the text by
// Xapian::TermGenerator with an English stemmer into one
// Xapian::WritableDatabase, all with Xapian's defaults, the text as the
// document's data. It runs with positions and without, with a document for each
// passage of about our size (cut after a sentence) and with one for each
// article. Each run is a process of its own into a fresh folder, and the kinds
// take turns in each round, so that a busy machine is busy for all.

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xapian.h>
#include <nlohmann/json.hpp>

#include "tests/testing/temp_folder.h"

namespace footnote {
namespace {

enum class Positions { kOn, kOff };
enum class Unit { kPassage, kArticle };

// Returns the bytes of the next passage: to the first end of a sentence or line
// after kLeast, which makes passages of some 880 bytes, as ours are.
size_t PassageBytes(std::string_view text) {
  constexpr size_t kLeast = 800;
  for (size_t at = kLeast; at < text.size(); ++at) {
    const bool is_stop = text[at - 1] == '.' && text[at] == ' ';
    if (is_stop || text[at] == '\n') {
      return at + 1;
    }
  }
  return text.size();
}

void RunLoop(const std::string& articles, Positions positions, Unit unit,
             const std::string& folder) {
  Xapian::WritableDatabase database(folder + "/loop", Xapian::DB_CREATE);
  Xapian::TermGenerator generator;
  generator.set_stemmer(Xapian::Stem("en"));
  std::ifstream file(articles);
  for (std::string line; std::getline(file, line);) {
    const std::string text = nlohmann::json::parse(line)["text"];
    for (size_t at = 0; at < text.size();) {
      const std::string_view rest = std::string_view(text).substr(at);
      const std::string passage(rest.substr(
          0, unit == Unit::kPassage ? PassageBytes(rest) : rest.size()));
      at += passage.size();
      Xapian::Document document;
      generator.set_document(document);
      if (positions == Positions::kOn) {
        generator.index_text(passage);
      } else {
        generator.index_text_without_positions(passage);
      }
      document.set_data(passage);
      database.add_document(document);
    }
  }
  database.commit();
}

// What a process took.
struct Taken {
  double seconds = 0;
  double cpu_seconds = 0;
  double megabytes = 0;  // peak of its resident memory
};

// Runs `body` in a process of its own.
Taken Measure(const std::function<void(const std::string& folder)>& body) {
  const TempFolder folder;
  const auto start = std::chrono::steady_clock::now();
  const pid_t pid = fork();
  if (pid == 0) {
    body(folder.path());
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
    std::fprintf(stderr, "a run failed\n");
    std::exit(1);
  }
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds.count(),
          in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) * 1024 / 1e6};
}

void RunBuild(const std::vector<std::string>& build,
              const std::string& folder) {
  std::vector<const char*> arguments;
  arguments.reserve(build.size());
  for (const std::string& argument : build) {
    arguments.push_back(argument.c_str());
  }
  for (const char* argument :
       {"--data-dir", folder.c_str(), "--collection", "articles"}) {
    arguments.push_back(argument);
  }
  arguments.push_back(nullptr);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  execv(arguments[0], const_cast<char* const*>(arguments.data()));
  _exit(127);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Kind {
  std::string name;
  std::function<void(const std::string& folder)> body;
  std::vector<Taken> taken;  // by round
};

// Returns the median over the rounds of `part` of a kind over `part` of the
// last kind, the build.
double MedianRatio(const Kind& kind, const Kind& build, double Taken::*part) {
  std::vector<double> ratios;
  ratios.reserve(kind.taken.size());
  for (size_t i = 0; i < kind.taken.size(); ++i) {
    ratios.push_back(kind.taken[i].*part / (build.taken[i].*part));
  }
  return Median(ratios);
}

double MedianOf(const Kind& kind, double Taken::*part) {
  std::vector<double> values;
  for (const Taken& taken : kind.taken) {
    values.push_back(taken.*part);
  }
  return Median(values);
}

double MegabytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::ate | std::ios::binary);
  return static_cast<double>(file.tellg()) / 1e6;
}

int Run(const std::string& articles, std::vector<std::string> build,
        int rounds) {
  build.push_back(articles);
  std::vector<Kind> kinds;
  for (const Unit unit : {Unit::kPassage, Unit::kArticle}) {
    for (const Positions positions : {Positions::kOn, Positions::kOff}) {
      kinds.push_back({std::string("loop, ") +
                           (unit == Unit::kPassage ? "passages" : "articles") +
                           (positions == Positions::kOn ? ", positions" : ""),
                       [=](const std::string& folder) {
                         RunLoop(articles, positions, unit, folder);
                       },
                       {}});
    }
  }
  kinds.push_back({"footnote-index build",
                   [=](const std::string& folder) { RunBuild(build, folder); },
                   {}});
  for (int round = 0; round < rounds; ++round) {
    for (Kind& kind : kinds) {
      kind.taken.push_back(Measure(kind.body));
    }
  }
  const double megabytes = MegabytesOf(articles);
  std::printf("%.1f MB, %d rounds, medians; build over each by throughput\n",
              megabytes, rounds);
  for (const Kind& kind : kinds) {
    const double seconds = MedianOf(kind, &Taken::seconds);
    std::printf(
        "%-26s %6.1f s %6.2f MB/s %6.1f CPU s %5.0f MB peak, %5.2f x, by CPU "
        "%5.2f x\n",
        kind.name.c_str(), seconds, megabytes / seconds,
        MedianOf(kind, &Taken::cpu_seconds), MedianOf(kind, &Taken::megabytes),
        MedianRatio(kind, kinds.back(), &Taken::seconds),
        MedianRatio(kind, kinds.back(), &Taken::cpu_seconds));
  }
  return 0;
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  constexpr int kDefaultRounds = 3;
  if (argc < 3 || argc > 5) {
    std::fprintf(stderr,
                 "usage: build_speed INDEX_PROGRAM ARTICLES.jsonl [ROUNDS "
                 "[THREADS]]\n");
    return 2;
  }
  std::vector<std::string> build = {argv[1], "build"};
  if (argc > 4) {
    build.insert(build.end(), {"--threads", argv[4]});
  }
  return footnote::Run(argv[2], build,
                       argc > 3 ? std::atoi(argv[3]) : kDefaultRounds);
}
