#include "server/service/scrubber.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/log.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"

namespace footnote::service {
namespace {

using std::chrono::system_clock;

constexpr std::string_view kGenerations = "generations/";

uint64_t BytesOf(const index::SegmentEntry& entry) {
  uint64_t bytes = entry.tombstones ? entry.tombstones->file.bytes : 0;
  for (const index::FileEntry& file : entry.segment.files) {
    bytes += file.bytes;
  }
  return bytes;
}

// Returns the first findings in words.
std::string Describe(const std::vector<index::Finding>& findings) {
  std::string text = findings.front().file + ": " + findings.front().what;
  if (findings.size() > 1) {
    text += ", and " + std::to_string(findings.size() - 1) + " more";
  }
  return text;
}

}  // namespace

Scrubber::Scrubber(search::Catalog& catalog, ScrubOptions options)
    : catalog_(catalog), options_(std::move(options)) {
  if (options_.mb_per_second > 0) {
    thread_ = std::thread([this] { Run(); });
  }
}

Scrubber::~Scrubber() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

ScrubProgress Scrubber::progress() const {
  const std::lock_guard lock(mutex_);
  ScrubProgress progress = progress_;
  progress.ratio = round_bytes_ == 0
                       ? 0
                       : std::min(1.0, static_cast<double>(round_done_) /
                                           static_cast<double>(round_bytes_));
  return progress;
}

void Scrubber::Run() {
  do {
    try {
      RunRound();
    } catch (const std::exception& error) {
      Log(Severity::kError,
          std::string("checking the segments failed: ") + error.what());
    }
  } while (!WaitFor(options_.interval));
}

void Scrubber::RunRound() {
  // Held, so that nobody removes what is read.
  const auto open = catalog_.OpenGenerations();
  const std::vector<Segment> segments = FindSegments(open);
  {
    const std::lock_guard lock(mutex_);
    round_done_ = 0;
    round_bytes_ = 0;
    for (const Segment& segment : segments) {
      round_bytes_ += segment.bytes;
    }
  }
  for (const Segment& segment : segments) {
    Check(segment);
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
      return;
    }
  }
  const std::lock_guard lock(mutex_);
  round_bytes_ = 0;
  ++progress_.rounds;
  progress_.ended = std::chrono::duration_cast<std::chrono::seconds>(
                        system_clock::now().time_since_epoch())
                        .count();
}

// Returns the segments of generations, each once.
std::vector<Scrubber::Segment> Scrubber::FindSegments(
    const std::vector<std::shared_ptr<const index::Generation>>& open) const {
  std::vector<Segment> segments;
  std::set<std::string> seen;
  for (const auto& generation : open) {
    const index::GenerationInfo& info = generation->info();
    const std::string folder = catalog_.FolderOf(info.collection);
    auto manifest = index::ReadManifest(folder, info.number);
    if (!manifest.ok()) {
      Log(Severity::kError, "a manifest cannot be read again",
          {{"collection", info.collection},
           {"generation", info.number},
           {"error", ErrorMessage(manifest.status())}});
      continue;
    }
    for (index::SegmentEntry& entry : manifest->segments) {
      const std::string path = index::SegmentPath(folder, entry.segment.id);
      const bool is_missing = std::any_of(
          generation->missing().begin(), generation->missing().end(),
          [&](const auto& missing) { return missing.id == entry.segment.id; });
      std::string key = path;
      if (entry.tombstones) {
        key += '\n';
        key += entry.tombstones->file.name;
      }
      if (!is_missing && seen.insert(std::move(key)).second) {
        const uint64_t bytes = BytesOf(entry);
        segments.push_back({folder, std::move(entry), bytes});
      }
    }
  }
  return segments;
}

// Returns whether a manifest still names the segment, or may.
bool Scrubber::IsNamed(const Segment& segment) {
  for (const uint64_t number : index::ListGenerations(segment.collection)) {
    const auto manifest = index::ReadManifest(segment.collection, number);
    if (!manifest.ok() ||
        std::any_of(manifest->segments.begin(), manifest->segments.end(),
                    [&](const index::SegmentEntry& entry) {
                      return entry.segment.id == segment.entry.segment.id;
                    })) {
      return true;
    }
  }
  return false;
}

void Scrubber::Check(const Segment& segment) {
  const auto findings =
      options_.verify(segment.collection, segment.entry,
                      [this](uint64_t bytes) { return Throttle(bytes); });
  if (!findings.ok() || findings->empty() || !IsNamed(segment)) {
    return;  // whole, stopped, not to be read now, or purged meanwhile
  }
  const std::string path =
      index::SegmentPath(segment.collection, segment.entry.segment.id);
  const std::string what = Describe(*findings);
  Log(Severity::kError, "a segment was found damaged",
      {{"segment", path}, {"error", what}});
  {
    const std::lock_guard lock(mutex_);
    ++progress_.damaged;
  }
  // Tombstones are checked whenever they are opened, so that they need no mark.
  const bool is_in_segment = std::any_of(
      findings->begin(), findings->end(), [](const index::Finding& finding) {
        return finding.file.compare(0, kGenerations.size(), kGenerations) != 0;
      });
  if (is_in_segment) {
    catalog_.Exclude(path, what);
  } else {
    catalog_.Reopen(path);
  }
}

// Waits after so many bytes were read, so that the rate is kept.
absl::Status Scrubber::Throttle(uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    progress_.bytes += bytes;
    round_done_ += bytes;
  }
  const double seconds = static_cast<double>(bytes) /
                         (static_cast<double>(options_.mb_per_second) * 1e6);
  const auto time = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
  if (WaitFor(time)) {
    return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                     "the server ends");
  }
  return absl::OkStatus();
}

// Waits; returns whether the scrubber is to stop.
bool Scrubber::WaitFor(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  return stop_.wait_for(lock, time, [this] { return is_stopping_; });
}

}  // namespace footnote::service
