// The threads that do the work of RPCs, so that gRPC's own never block.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace footnote::service {

// Runs tasks on a fixed number of threads, in the order they came, and parts of
// them on as many others less one, so that as many cores as there are threads
// for tasks are busy at most.
// Thread-safe.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  // Starts `threads` (at least one) threads. Besides the tasks they run,
  // `queue_limit` tasks may wait.
  WorkerPool(uint32_t threads, uint32_t queue_limit);
  // Runs what waits, then ends the threads.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Hands over `task`, which must not throw. Returns false, without running it,
  // where as many wait as may. Never blocks.
  bool Submit(Task task);

  // Runs a part of a running task, which must not throw, on a thread of its own
  // where tasks leave one of the threads idle; else returns false. No task
  // waits for a part: it finds its thread idle. Whoever hands over a part waits
  // for its end. Never blocks.
  bool SubmitPart(Task part);

  // Whether tasks still leave a running part its thread. A part that does
  // several things, one after another, asks before each of them.
  bool MayPartGoOn() const;

  // How many tasks wait, and how many run.
  struct Load {
    size_t waiting = 0;
    size_t running = 0;
  };
  Load load() const;

 private:
  void Work();
  void WorkOnParts();

  const size_t count_;        // of threads for tasks
  const size_t limit_;        // of tasks that wait or run
  mutable std::mutex mutex_;  // guards what follows, but for threads_
  std::condition_variable changed_;
  std::condition_variable parts_changed_;
  std::deque<Task> waiting_;
  std::deque<Task> waiting_parts_;  // each finds its thread soon
  size_t running_ = 0;
  size_t running_parts_ = 0;  // those that wait too
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace footnote::service
