// Opens collections for writing, on threads of its own.

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/pipeline/collection_writer.h"

namespace footnote::pipeline {

// A queue of names, each of which is opened once for all who want it.
// Thread-safe.
class WriterOpener {
 public:
  using WriterOr = absl::StatusOr<std::shared_ptr<CollectionWriter>>;
  using UseWriter = std::function<void(WriterOr writer)>;
  using OpenWriter = std::function<WriterOr(const std::string& name)>;

  // Opens up to four collections at once, with `open_writer`, which keeps the
  // writer where others find it.
  explicit WriterOpener(OpenWriter open_writer);
  // Opens what waits, then ends.
  ~WriterOpener();
  WriterOpener(const WriterOpener&) = delete;
  WriterOpener& operator=(const WriterOpener&) = delete;

  // Calls `use` on another thread when the collection is open, or cannot be.
  void Start(const std::string& name, UseWriter use);

  // Whether somebody waits for the collection.
  bool IsOpening(const std::string& name) const;

 private:
  void Run();
  void Open(const std::string& name);

  const OpenWriter open_writer_;
  mutable std::mutex mutex_;  // guards what follows, but for threads_
  std::condition_variable changed_;
  std::map<std::string, std::vector<UseWriter>> waiting_;  // by name
  std::deque<std::string> names_;  // of these, that no thread has yet
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace footnote::pipeline
