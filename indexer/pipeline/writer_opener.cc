#include "indexer/pipeline/writer_opener.h"

#include <utility>

namespace footnote::pipeline {
namespace {

constexpr int kThreads = 4;

}  // namespace

WriterOpener::WriterOpener(OpenWriter open_writer)
    : open_writer_(std::move(open_writer)) {
  for (int i = 0; i < kThreads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WriterOpener::~WriterOpener() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void WriterOpener::Start(const std::string& name, UseWriter use) {
  const std::lock_guard lock(mutex_);
  const auto [at, is_new] = waiting_.try_emplace(name);
  at->second.push_back(std::move(use));
  if (is_new) {
    names_.push_back(name);
    changed_.notify_one();
  }
}

bool WriterOpener::IsOpening(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return waiting_.contains(name);
}

void WriterOpener::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !names_.empty(); });
    if (names_.empty()) {
      return;
    }
    const std::string name = std::move(names_.front());
    names_.pop_front();
    lock.unlock();
    Open(name);
    lock.lock();
  }
}

void WriterOpener::Open(const std::string& name) {
  const WriterOr opened = open_writer_(name);
  std::vector<UseWriter> users;
  {
    const std::lock_guard lock(mutex_);
    users = std::move(waiting_.extract(name).mapped());
  }
  for (const UseWriter& use : users) {
    use(opened);
  }
}

}  // namespace footnote::pipeline
