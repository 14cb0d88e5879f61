#include "server/service/worker_pool.h"

#include <algorithm>
#include <utility>

namespace footnote::service {

WorkerPool::WorkerPool(uint32_t threads, uint32_t queue_limit)
    : limit_(size_t{std::max(threads, 1U)} + queue_limit) {
  const uint32_t count = std::max(threads, 1U);
  threads_.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool WorkerPool::Submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + running_ >= limit_) {
      return false;
    }
    waiting_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      return;
    }
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    ++running_;
    lock.unlock();
    task();
    task = nullptr;  // what it holds goes before another takes its place
    lock.lock();
    --running_;
  }
}

}  // namespace footnote::service
