#include "indexer/report.h"

#include <algorithm>
#include <cstdio>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include "indexer/output.h"

namespace footnote {
namespace {

constexpr double kMegabyte = 1e6;

double Rate(uint64_t bytes, double seconds) {
  return seconds > 0 ? static_cast<double>(bytes) / kMegabyte / seconds : 0;
}

// Seconds left at the speed so far; -1 while there is none. Sources are to be
// read and to be written, which takes about as long.
double SecondsLeft(const pipeline::BuildProgress& progress) {
  const uint64_t all = progress.total_bytes * 2;
  const uint64_t done = progress.bytes + progress.written_bytes;
  if (done == 0 || done > all) {
    return -1;
  }
  return progress.seconds * static_cast<double>(all - done) /
         static_cast<double>(done);
}

}  // namespace

ProgressReport::ProgressReport() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressReport::Update(const pipeline::BuildProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const auto interval =
      terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(1);
  if (drawn_ && now - last_ < interval) {
    return;
  }
  last_ = now;
  drawn_ = true;
  Draw(progress);
}

void ProgressReport::Draw(const pipeline::BuildProgress& progress) const {
  const double left = SecondsLeft(progress);
  const double rate = Rate(progress.bytes, progress.seconds);
  if (!terminal_) {
    nlohmann::ordered_json line = {{"event", "progress"},
                                   {"documents", progress.documents},
                                   {"bytes", progress.bytes},
                                   {"total_bytes", progress.total_bytes},
                                   {"written_bytes", progress.written_bytes},
                                   {"megabytes_per_second", rate},
                                   {"skipped", progress.skipped},
                                   {"seconds", progress.seconds},
                                   {"file", progress.file}};
    if (left >= 0) {
      line["seconds_left"] = left;
    }
    std::fprintf(stderr, "%s\n", DumpJson(line).c_str());
    return;
  }
  constexpr uint64_t kWidth = 20;
  const uint64_t done = progress.bytes + progress.written_bytes;
  const uint64_t filled =
      progress.total_bytes == 0
          ? 0
          : std::min(kWidth, done * kWidth / (progress.total_bytes * 2));
  std::string line = "[" + std::string(filled, '#') +
                     std::string(kWidth - filled, '.') + "] " +
                     Counted(progress.documents, "document") + ", " +
                     Fixed(static_cast<double>(progress.bytes) / kMegabyte, 1) +
                     " MB, " + Fixed(rate, 1) + " MB/s";
  line += left < 0 ? "" : ", " + Fixed(left, 0) + " s left";
  line += progress.skipped == 0
              ? ""
              : ", " + std::to_string(progress.skipped) + " skipped";
  line += progress.file.empty() ? ", writing the index"
                                : ", " + Printable(progress.file);
  constexpr size_t kColumns = 79;
  std::fprintf(stderr, "\r\033[K%s", line.substr(0, kColumns).c_str());
  std::fflush(stderr);
}

void ProgressReport::Finish() const {
  if (terminal_ && drawn_) {
    std::fputs("\r\033[K", stderr);
  }
}

std::string FormatSummary(const std::string& collection,
                          const pipeline::BuildSummary& summary) {
  std::string text =
      collection + ": generation " + std::to_string(summary.generation);
  text += summary.published ? " published" : " is up to date";
  text += ": " + Counted(summary.documents, "document") + " in " +
          Counted(summary.passages, "passage") + "\n";
  text += "  " + std::to_string(summary.added) + " added, " +
          std::to_string(summary.changed) + " changed, " +
          std::to_string(summary.unchanged) + " unchanged, " +
          std::to_string(summary.removed) + " removed";
  text += summary.reused == 0 ? ""
                              : "; " + std::to_string(summary.reused) +
                                    " of them from a build that was cut short";
  text += summary.kept == 0 ? "\n"
                            : ", " + std::to_string(summary.kept) +
                                  " kept, since a source was skipped\n";
  text += "  " + Fixed(static_cast<double>(summary.text_bytes) / kMegabyte, 2) +
          " MB of text in " + Fixed(summary.seconds, 2) + " s (" +
          Fixed(Rate(summary.text_bytes, summary.seconds), 1) + " MB/s)\n";
  if (!summary.skipped.empty()) {
    text += "  " + Counted(summary.skipped.size(), "source") + " skipped:\n";
  }
  for (const sources::Skipped& skipped : summary.skipped) {
    text += "    " + Printable(skipped.path) + ": " +
            FormatError(skipped.status) + "\n";
  }
  return text;
}

std::string SummaryJson(const std::string& collection,
                        const pipeline::BuildSummary& summary) {
  nlohmann::ordered_json json = {
      {"event", "summary"},
      {"collection", collection},
      {"generation", summary.generation},
      {"published", summary.published},
      {"documents", summary.documents},
      {"passages", summary.passages},
      {"added", summary.added},
      {"changed", summary.changed},
      {"unchanged", summary.unchanged},
      {"removed", summary.removed},
      {"reused", summary.reused},
      {"kept", summary.kept},
      {"text_bytes", summary.text_bytes},
      {"seconds", summary.seconds},
      {"megabytes_per_second", Rate(summary.text_bytes, summary.seconds)},
      {"skipped", nlohmann::ordered_json::array()}};
  for (const sources::Skipped& skipped : summary.skipped) {
    json["skipped"].push_back({{"path", skipped.path},
                               {"reason", ErrorReason(skipped.status)},
                               {"message", ErrorMessage(skipped.status)}});
  }
  return DumpJson(json) + "\n";
}

}  // namespace footnote
