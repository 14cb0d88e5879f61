#include "indexer/index/manifest_lock.h"

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "indexer/index/manifest.h"

namespace footnote::index {
namespace {

// Returns whether `path` still leads to the file that was opened: it may have
// been removed or replaced before the lock was taken.
bool IsStillAt(const std::string& path, int fd) {
  struct stat opened {};
  struct stat found {};
  return fstat(fd, &opened) == 0 && stat(path.c_str(), &found) == 0 &&
         opened.st_dev == found.st_dev && opened.st_ino == found.st_ino;
}

// Locks without waiting. Returns 0 or what errno was.
int Lock(ManifestLock::LockFunction lock, int fd, int operation) {
  while (lock(fd, operation | LOCK_NB) != 0) {
    if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void WarnOfNoLocks(const std::string& path, int error) {
  static std::once_flag warned;
  std::call_once(warned, [&] {
    Log(Severity::kWarning,
        "manifests cannot be locked here: remove no generation while a server "
        "may read it",
        {{"path", path}, {"error", std::generic_category().message(error)}});
  });
}

}  // namespace

absl::StatusOr<ManifestLock> ManifestLock::Share(const std::string& folder,
                                                 uint64_t number,
                                                 LockFunction lock) {
  const std::string path = ManifestPath(folder, number);
  while (true) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      return errno == ENOENT ? NoGenerationError(number)
                             : FileError(errno, "open", path);
    }
    ManifestLock taken(fd);
    const int error = Lock(lock, fd, LOCK_SH);
    if (error == EWOULDBLOCK) {
      return NoGenerationError(number);
    }
    if (error != 0) {
      WarnOfNoLocks(path, error);
      return taken;
    }
    if (IsStillAt(path, fd)) {
      return taken;
    }
  }
}

std::optional<ManifestLock> ManifestLock::TryLockExclusive(
    const std::string& folder, uint64_t number, LockFunction lock) {
  const std::string path = ManifestPath(folder, number);
  // Network file systems want the file open for writing.
  const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    return std::nullopt;
  }
  ManifestLock taken(fd);
  if (Lock(lock, fd, LOCK_EX) != 0 || !IsStillAt(path, fd)) {
    return std::nullopt;
  }
  return taken;
}

ManifestLock::ManifestLock(ManifestLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

ManifestLock::~ManifestLock() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

}  // namespace footnote::index
