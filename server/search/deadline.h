// When work must end.

#pragma once

#include <atomic>
#include <chrono>

#include "indexer/base/status.h"

namespace footnote::search {

// A point in time, or a caller that has gone away.
struct Deadline {
  std::chrono::steady_clock::time_point time =
      std::chrono::steady_clock::time_point::max();
  const std::atomic<bool>* cancelled = nullptr;  // may be null

  bool Passed() const {
    return (cancelled != nullptr && cancelled->load()) ||
           std::chrono::steady_clock::now() >= time;
  }
};

// Returns the error of work that ran out of time.
inline absl::Status DeadlineError() {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                   "the search did not end before its deadline");
}

}  // namespace footnote::search
