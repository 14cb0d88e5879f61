#include "indexer/base/file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace footnote {
namespace {

// Closes a descriptor at the end of a scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::StatusOr<uint64_t> SizeOf(int fd, const std::string& path) {
  struct stat info {};
  if (fstat(fd, &info) != 0) {
    return FileError(errno, "stat", path);
  }
  if (S_ISDIR(info.st_mode)) {
    return FileError(EISDIR, "read", path);
  }
  return static_cast<uint64_t>(info.st_size);
}

// Reads `size` bytes, or fewer at the end of the file. Returns how many.
absl::StatusOr<size_t> ReadUpTo(int fd, char* bytes, size_t size,
                                const std::string& path) {
  size_t filled = 0;
  while (filled < size) {
    const ssize_t count = read(fd, bytes + filled, size - filled);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return FileError(errno, "read", path);
    }
    if (count == 0) {
      break;
    }
    filled += static_cast<size_t>(count);
  }
  return filled;
}

absl::Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return FileError(errno, "write", path);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FileError(int error, const std::string& what,
                       const std::string& path) {
  const std::string message = "cannot " + what + " " + path + ": " +
                              std::generic_category().message(error);
  switch (error) {
    case ENOENT:
      return MakeError(absl::StatusCode::kNotFound, "FILE_NOT_FOUND", message,
                       {{"path", path}});
    case EACCES:
    case EPERM:
      return MakeError(absl::StatusCode::kPermissionDenied, "FILE_UNREADABLE",
                       message, {{"path", path}});
    case ENOSPC:
    case EDQUOT:
      return MakeError(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                       message, {{"path", path}});
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return MakeError(absl::StatusCode::kResourceExhausted, "PROCESS_LIMIT",
                       message, {{"path", path}});
    default:
      return MakeError(absl::StatusCode::kInternal, "FILE_IO", message,
                       {{"path", path}});
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return FileError(errno, "open", path);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t size, SizeOf(file.get(), path));
  if (size > max_bytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE",
                     path + " has " + std::to_string(size) +
                         " bytes; at most " + std::to_string(max_bytes) +
                         " are taken",
                     {{"path", path}});
  }
  std::string bytes(size, '\0');
  // A file that is truncated while it is read ends sooner.
  FOOTNOTE_ASSIGN_OR_RETURN(
      const size_t filled,
      ReadUpTo(file.get(), bytes.data(), bytes.size(), path));
  bytes.resize(filled);
  return bytes;
}

absl::StatusOr<FileDigest> DigestFile(const std::string& path) {
  constexpr size_t kPieceBytes = 1 << 20;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return FileError(errno, "open", path);
  }
  FileDigest digest;
  Sha256 sha;
  std::string piece(kPieceBytes, '\0');
  size_t count = piece.size();
  while (count == piece.size()) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        count, ReadUpTo(file.get(), piece.data(), piece.size(), path));
    sha.Update(std::string_view(piece).substr(0, count));
    digest.bytes += count;
  }
  digest.sha256 = sha.Finish();
  return digest;
}

absl::Status SyncPath(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return FileError(errno, "open", path);
  }
  if (fsync(file.get()) != 0) {
    return FileError(errno, "sync", path);
  }
  return absl::OkStatus();
}

absl::Status WriteFileDurably(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  {
    const Descriptor file(open(temporary.c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) {
      return FileError(errno, "create", temporary);
    }
    FOOTNOTE_RETURN_IF_ERROR(WriteAll(file.get(), bytes, temporary));
    if (fsync(file.get()) != 0) {
      return FileError(errno, "sync", temporary);
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return FileError(errno, "rename", temporary);
  }
  const std::string folder = std::filesystem::path(path).parent_path();
  return SyncPath(folder.empty() ? "." : folder);
}

absl::StatusOr<MappedFile> MappedFile::Open(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return FileError(errno, "open", path);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t size, SizeOf(file.get(), path));
  MappedFile mapped;
  if (size == 0) {
    return mapped;
  }
  void* data = mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (data == MAP_FAILED) {
    return FileError(errno, "map", path);
  }
  mapped.bytes_ = {static_cast<const char*>(data), size};
  mapped.mapping_ = std::shared_ptr<const void>(
      data, [size](void* start) { munmap(start, size); });
  return mapped;
}

void MappedFile::Release(std::string_view part) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<uintptr_t>(part.data());
  const uintptr_t skipped = (page - start % page) % page;
  if (skipped < part.size()) {
    part.remove_prefix(skipped);
    // The pages stay as they are; madvise(2) just does not take const.
    madvise(const_cast<char*>(part.data()), part.size() / page * page,
            MADV_DONTNEED);
  }
}

}  // namespace footnote
