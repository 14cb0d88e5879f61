#include "server/service/worker_pool.h"

#include <algorithm>
#include <utility>

namespace footnote::service {

WorkerPool::WorkerPool(uint32_t threads, uint32_t queue_limit)
    : count_(std::max(threads, 1U)), limit_(count_ + queue_limit) {
  threads_.reserve(2 * count_ - 1);
  for (size_t i = 0; i < count_; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
  for (size_t i = 1; i < count_; ++i) {
    threads_.emplace_back([this] { WorkOnParts(); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  parts_changed_.notify_all();
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

bool WorkerPool::SubmitPart(Task part) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || !waiting_.empty() || running_ + running_parts_ >= count_) {
      return false;
    }
    ++running_parts_;
    waiting_parts_.push_back(std::move(part));
  }
  parts_changed_.notify_one();
  return true;
}

bool WorkerPool::MayPartGoOn() const {
  const std::lock_guard lock(mutex_);
  return !stopping_ && waiting_.empty() && running_ + running_parts_ <= count_;
}

WorkerPool::Load WorkerPool::load() const {
  const std::lock_guard lock(mutex_);
  return {waiting_.size(), running_};
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

void WorkerPool::WorkOnParts() {
  std::unique_lock lock(mutex_);
  while (true) {
    parts_changed_.wait(
        lock, [this] { return stopping_ || !waiting_parts_.empty(); });
    if (waiting_parts_.empty()) {
      return;
    }
    Task part = std::move(waiting_parts_.front());
    waiting_parts_.pop_front();
    lock.unlock();
    part();
    part = nullptr;
    lock.lock();
    --running_parts_;
  }
}

}  // namespace footnote::service
