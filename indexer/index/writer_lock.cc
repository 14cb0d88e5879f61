#include "indexer/index/writer_lock.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "indexer/base/file.h"

namespace footnote::index {

absl::StatusOr<WriterLock> WriterLock::Take(const std::string& folder) {
  const std::string path = folder + "/LOCK";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return FileError(errno, "open", path);
  }
  WriterLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
    return lock;
  }
  if (errno == EWOULDBLOCK) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "COLLECTION_LOCKED",
                     "another program is writing to " + folder,
                     {{"path", folder}});
  }
  return FileError(errno, "lock", path);
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

}  // namespace footnote::index
