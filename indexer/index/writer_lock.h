// One writer of a collection at a time.

#pragma once

#include <string>

#include "indexer/base/status.h"

namespace footnote::index {

// Holds the writer's lock of a collection's folder. The lock goes with the
// process, so a crash leaves none behind.
class WriterLock {
 public:
  // Takes the lock at once or fails: kFailedPrecondition COLLECTION_LOCKED.
  static absl::StatusOr<WriterLock> Take(const std::string& folder);

  // Likewise, of a folder that is made, with those in it, where it is missing.
  // Where nothing is published or logged in it by the end, it goes again with
  // the lock, so that a failure leaves nothing. Errors also: as of FileError().
  static absl::StatusOr<WriterLock> TakeNew(const std::string& folder);

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}

  int fd_;
  std::string new_folder_;  // to be removed where it is of no use; or ""
};

// Removes what writers before left because they were killed: segments that are
// unfinished, or that neither a manifest nor the journal of a build names. Only
// for the holder of the collection folder's WriterLock.
void RemoveUnusedSegments(const std::string& collection);

}  // namespace footnote::index
