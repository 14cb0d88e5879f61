// Prepares documents on several threads, in order.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/prepared_document.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

// A queue whose documents come out prepared, in the order they went in. Not
// thread-safe: one thread puts in and takes out.
class PreparePool {
 public:
  // Works on `threads` threads; on 1, in Pop(). `gazetteer` must outlive it.
  PreparePool(const entities::Gazetteer& gazetteer, int threads);
  // Drops what was not taken out.
  ~PreparePool();
  PreparePool(const PreparePool&) = delete;
  PreparePool& operator=(const PreparePool&) = delete;

  // Puts a document in; the rest as for Preparer::Prepare().
  void Push(sources::SourceDocument document, const Digest& etag,
            int64_t index_time);

  // Takes the oldest document out, waiting for it; there must be one.
  index::PreparedDocument Pop();

  bool empty() const { return documents_.empty(); }
  // Whether Pop() need not wait for another thread; false where it is empty.
  bool is_ready();
  // Whether so much text is inside that documents are to be taken out before
  // others are put in: memory is bounded by bytes.
  bool is_full() const { return text_bytes_ >= kMaxTextBytes; }

 private:
  // Text takes about ten times its size while it is prepared.
  static constexpr uint64_t kMaxTextBytes = 1 << 20;

  struct Job {
    sources::SourceDocument document;
    Digest etag{};
    int64_t index_time = 0;
    uint64_t text_bytes = 0;
    std::optional<index::PreparedDocument> prepared;
  };

  void Work();

  const entities::Gazetteer& gazetteer_;
  std::unique_ptr<Preparer> preparer_;          // where there are no threads
  std::deque<std::unique_ptr<Job>> documents_;  // oldest first
  uint64_t text_bytes_ = 0;                     // of these

  std::mutex mutex_;  // for what follows, and `prepared` of each job
  std::condition_variable has_work_;
  std::condition_variable has_result_;
  std::deque<Job*> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // last: they use all the rest
};

}  // namespace footnote::pipeline
