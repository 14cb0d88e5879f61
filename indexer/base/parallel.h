// Runs tasks on several threads.

#pragma once

#include <functional>
#include <vector>

#include "indexer/base/status.h"

namespace footnote {

// Returns how many threads the machine runs at once, at least 1.
int HardwareThreads();

// Runs `tasks` on up to `threads` threads, this one among them; those in front
// start first. Returns after all have ended. After an error no more are
// started, and the error of the task in front of all that failed comes back.
absl::Status RunTasks(const std::vector<std::function<absl::Status()>>& tasks,
                      int threads);

}  // namespace footnote
