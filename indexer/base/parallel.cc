#include "indexer/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace footnote {

int HardwareThreads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

absl::Status RunTasks(const std::vector<std::function<absl::Status()>>& tasks,
                      int threads) {
  std::vector<absl::Status> statuses(tasks.size());
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  const auto run = [&] {
    while (!failed) {
      const size_t i = next++;
      if (i >= tasks.size()) {
        return;
      }
      statuses[i] = tasks[i]();
      if (!statuses[i].ok()) {
        failed = true;
      }
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads && static_cast<size_t>(i) < tasks.size(); ++i) {
    others.emplace_back(run);
  }
  run();
  for (std::thread& thread : others) {
    thread.join();
  }
  const auto error =
      std::find_if(statuses.begin(), statuses.end(),
                   [](const absl::Status& status) { return !status.ok(); });
  return error == statuses.end() ? absl::OkStatus() : *error;
}

}  // namespace footnote
