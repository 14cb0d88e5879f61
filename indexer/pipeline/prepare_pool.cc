#include "indexer/pipeline/prepare_pool.h"

#include <utility>

namespace footnote::pipeline {

PreparePool::PreparePool(const entities::Gazetteer& gazetteer, int threads)
    : gazetteer_(gazetteer) {
  if (threads <= 1) {
    preparer_ = std::make_unique<Preparer>(gazetteer);
    return;
  }
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

PreparePool::~PreparePool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void PreparePool::Work() {
  Preparer preparer(gazetteer_);
  std::unique_lock lock(mutex_);
  while (true) {
    has_work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) {
      return;
    }
    Job* job = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    index::PreparedDocument prepared =
        preparer.Prepare(std::move(job->document), job->etag, job->index_time);
    lock.lock();
    job->prepared = std::move(prepared);
    has_result_.notify_one();
  }
}

void PreparePool::Push(sources::SourceDocument document, const Digest& etag,
                       int64_t index_time) {
  auto job = std::make_unique<Job>();
  job->text_bytes = document.text.size();
  job->document = std::move(document);
  job->etag = etag;
  job->index_time = index_time;
  text_bytes_ += job->text_bytes;
  documents_.push_back(std::move(job));
  if (threads_.empty()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(documents_.back().get());
  }
  has_work_.notify_one();
}

bool PreparePool::is_ready() {
  if (documents_.empty() || threads_.empty()) {
    return !documents_.empty();
  }
  const std::lock_guard lock(mutex_);
  return documents_.front()->prepared.has_value();
}

index::PreparedDocument PreparePool::Pop() {
  const std::unique_ptr<Job> job = std::move(documents_.front());
  documents_.pop_front();
  text_bytes_ -= job->text_bytes;
  if (threads_.empty()) {
    return preparer_->Prepare(std::move(job->document), job->etag,
                              job->index_time);
  }
  std::unique_lock lock(mutex_);
  has_result_.wait(lock, [&] { return job->prepared.has_value(); });
  return *std::move(job->prepared);
}

}  // namespace footnote::pipeline
