#include "indexer/index/writer_lock.h"

#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/index/schema.h"

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

void RemoveUnfinishedSegments(const std::string& collection) {
  std::error_code error;
  std::vector<std::filesystem::path> unfinished;
  for (const auto& entry :
       std::filesystem::directory_iterator(collection + "/segments", error)) {
    if (entry.path().filename().string().starts_with(kUnfinishedPrefix)) {
      unfinished.push_back(entry.path());
    }
  }
  for (const std::filesystem::path& path : unfinished) {
    std::filesystem::remove_all(path, error);
  }
}

}  // namespace footnote::index
