// Tells those who remove old generations which ones are being read.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/file.h>

#include "indexer/base/status.h"

namespace footnote::index {

// Holds the lock of a generation: flock(2) on the file of its manifest. Readers
// share it for as long as they have the generation open; whoever removes the
// generation takes it for himself. The lock goes with the process, so a crash
// leaves none behind.
class ManifestLock {
 public:
  // flock(2), or what a test puts in its place.
  using LockFunction = int (*)(int fd, int operation);

  // Takes the lock to read generation `number` of the collection in `folder`;
  // never waits. A folder that may only be read will do. Where the file system
  // has no locks, holds none and logs that, once.
  // Errors: kNotFound GENERATION_NOT_FOUND, also for one that is being removed;
  // else as of FileError().
  static absl::StatusOr<ManifestLock> Share(const std::string& folder,
                                            uint64_t number,
                                            LockFunction lock = flock);

  // Takes the lock to remove the generation. While it is held, nobody opens the
  // generation. Returns nothing where somebody reads the generation, or where
  // that cannot be known; never waits.
  static std::optional<ManifestLock> TryLockExclusive(
      const std::string& folder, uint64_t number, LockFunction lock = flock);

  ManifestLock(ManifestLock&& other) noexcept;
  ManifestLock& operator=(ManifestLock&&) = delete;
  ~ManifestLock();

 private:
  explicit ManifestLock(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace footnote::index
