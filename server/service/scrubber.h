// The background check of everything that is served.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "indexer/index/verify.h"
#include "server/search/catalog.h"

namespace footnote::service {

// Compares a segment with its digests; index::VerifyDigests, or a test's own.
using SegmentVerifier =
    std::function<absl::StatusOr<std::vector<index::Finding>>(
        const std::string& folder, const index::SegmentEntry& entry,
        const index::Throttle& throttle)>;

struct ScrubOptions {
  uint32_t mb_per_second = 20;  // read at most; 0 for no scrubbing
  std::chrono::milliseconds interval = std::chrono::hours(24);  // of rounds
  SegmentVerifier verify = index::VerifyDigests;
};

// How far scrubbing is.
struct ScrubProgress {
  uint64_t bytes = 0;    // read since the start
  uint64_t rounds = 0;   // that ended
  uint64_t damaged = 0;  // segments found since the start
  double ratio = 0;      // of the round that runs, 0 to 1
  int64_t ended = 0;     // Unix seconds of the last round's end, or 0
};

// Reads every file of every segment of a catalog's open generations, slowly,
// round after round on a thread of its own, until destroyed; the first round
// starts at once. Has the catalog exclude segments that are not what their
// manifest says. Thread-safe.
class Scrubber {
 public:
  // `catalog` outlives the scrubber.
  Scrubber(search::Catalog& catalog, ScrubOptions options);
  ~Scrubber();
  Scrubber(const Scrubber&) = delete;
  Scrubber& operator=(const Scrubber&) = delete;

  ScrubProgress progress() const;

 private:
  // A segment to look at.
  struct Segment {
    std::string collection;  // its folder
    index::SegmentEntry entry;
    uint64_t bytes = 0;
  };

  void Run();
  void RunRound();
  std::vector<Segment> FindSegments(
      const std::vector<std::shared_ptr<const index::Generation>>& open) const;
  void Check(const Segment& segment);
  static bool IsNamed(const Segment& segment);
  absl::Status Throttle(uint64_t bytes);
  bool WaitFor(std::chrono::nanoseconds time);

  search::Catalog& catalog_;
  const ScrubOptions options_;
  mutable std::mutex mutex_;  // guards what follows, but for thread_
  std::condition_variable stop_;
  bool is_stopping_ = false;
  ScrubProgress progress_;
  uint64_t round_bytes_ = 0;  // of the round that runs
  uint64_t round_done_ = 0;
  std::thread thread_;
};

}  // namespace footnote::service
