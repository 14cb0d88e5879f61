#include "server/service/pool_parts.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace footnote::service {
namespace {

class Parts {
 public:
  Parts(WorkerPool& pool, size_t count, const std::function<void(size_t)>& run)
      : pool_(pool), count_(count), run_(run) {}

  void Run() {
    for (size_t part = next_++; part < count_; part = next_++) {
      CallHelpers();
      run_(part);
    }
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return helpers_ == 0; });
  }

 private:
  // Gets threads for what is left.
  void CallHelpers() {
    for (size_t left = next_; left < count_; ++left) {
      {
        const std::lock_guard lock(mutex_);
        ++helpers_;
      }
      if (!pool_.SubmitPart([this] { Help(); })) {
        EndHelper();
        return;
      }
    }
  }

  void Help() {
    for (size_t part = next_++; part < count_; part = next_++) {
      run_(part);
      if (!pool_.MayPartGoOn()) {
        break;
      }
    }
    EndHelper();
  }

  void EndHelper() {
    // Under the lock: once it is free, all of this may be gone.
    const std::lock_guard lock(mutex_);
    if (--helpers_ == 0) {
      ended_.notify_all();
    }
  }

  WorkerPool& pool_;
  const size_t count_;
  const std::function<void(size_t)>& run_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable ended_;
  size_t helpers_ = 0;  // guarded by mutex_
};

}  // namespace

void RunParts(WorkerPool& pool, size_t count,
              const std::function<void(size_t)>& run) {
  Parts(pool, count, run).Run();
}

}  // namespace footnote::service
