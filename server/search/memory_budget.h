// The memory that one search may take.

#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "indexer/base/status.h"

namespace footnote::search {

// Counts the large allocations of one search, by estimates that are not too
// low. Thread-safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(uint64_t bytes) : most_(bytes) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // Takes so many bytes, before they are allocated.
  // Errors: kResourceExhausted SEARCH_TOO_LARGE where there are not so many
  // left; `what` says for people what they were for.
  absl::Status Take(uint64_t bytes, const char* what) {
    const uint64_t before = taken_.fetch_add(bytes);
    if (before + bytes <= most_) {
      return absl::OkStatus();
    }
    taken_ -= bytes;
    return MakeError(absl::StatusCode::kResourceExhausted, "SEARCH_TOO_LARGE",
                     "the search would take more than " +
                         std::to_string(most_ >> 20) + " MiB of memory, for " +
                         what + "; ask for less at once",
                     {{"limit_bytes", std::to_string(most_)}});
  }

  // Gives back bytes that were taken.
  void Release(uint64_t bytes) { taken_ -= bytes; }

  uint64_t taken() const { return taken_; }

 private:
  const uint64_t most_;
  std::atomic<uint64_t> taken_ = 0;
};

// Memory that a part of a search takes and gives back at its end. Not
// thread-safe.
class MemoryUse {
 public:
  explicit MemoryUse(MemoryBudget& budget) : budget_(budget) {}
  ~MemoryUse() { budget_.Release(bytes_); }
  MemoryUse(const MemoryUse&) = delete;
  MemoryUse& operator=(const MemoryUse&) = delete;

  // As MemoryBudget::Take().
  absl::Status Take(uint64_t bytes, const char* what) {
    FOOTNOTE_RETURN_IF_ERROR(budget_.Take(bytes, what));
    bytes_ += bytes;
    return absl::OkStatus();
  }

 private:
  MemoryBudget& budget_;
  uint64_t bytes_ = 0;
};

}  // namespace footnote::search
