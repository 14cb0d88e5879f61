#include "tests/faults/watched_call.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

namespace footnote::faults {
namespace {

// Reads the memory, descriptors and folders of the thread that asks.
class Asker {
 public:
  Asker(const seccomp_notif& notice, std::string root)
      : notice_(notice), root_(std::move(root)) {}

  uint64_t argument(int i) const { return notice_.data.args[i]; }
  int descriptor(int i) const { return static_cast<int>(argument(i)); }

  std::string DescriptorPath(int i) const {
    return Process() + "/fd/" + std::to_string(descriptor(i));
  }

  // Whether the descriptor is a file or folder below the root.
  bool IsWatched(const std::string& descriptor_path) const {
    std::error_code error;
    const std::string path =
        std::filesystem::read_symlink(descriptor_path, error).string();
    return IsBelowRoot(path);
  }

  bool IsBelowRoot(const std::string& path) const {
    return path == root_ || path.compare(0, root_.size() + 1, root_ + "/") == 0;
  }

  // The name that a path argument stands for, when it is below the root.
  std::optional<Place> FindPlace(int folder_descriptor,
                                 int path_argument) const {
    std::filesystem::path path = String(argument(path_argument));
    if (!path.has_filename()) {
      path = path.parent_path();  // "folder/"
    }
    if (path.empty()) {
      return std::nullopt;
    }
    if (path.is_relative()) {
      const std::string base =
          folder_descriptor == AT_FDCWD
              ? Process() + "/cwd"
              : Process() + "/fd/" + std::to_string(folder_descriptor);
      path = std::filesystem::path(base) / path;
    }
    std::error_code error;
    const auto folder =
        std::filesystem::canonical(path.parent_path(), error).string();
    if (error || !IsBelowRoot(folder)) {
      return std::nullopt;
    }
    return Place{folder, path.filename().string()};
  }

  // Where the next write(2) goes: the position, or the end of the file.
  uint64_t Position(int i) const {
    std::ifstream info(Process() + "/fdinfo/" + std::to_string(descriptor(i)));
    std::string key;
    uint64_t position = 0;
    unsigned flags = 0;
    info >> key >> position >> key >> std::oct >> flags;
    struct stat status {};
    if ((flags & O_APPEND) != 0 &&
        stat(DescriptorPath(i).c_str(), &status) == 0) {
      return static_cast<uint64_t>(status.st_size);
    }
    return position;
  }

  // The bytes of an array of iovec.
  uint64_t VectorBytes(int array, int count) const {
    std::vector<iovec> parts(std::min<uint64_t>(argument(count), IOV_MAX));
    Read(argument(array), parts.data(), parts.size() * sizeof(iovec));
    uint64_t bytes = 0;
    for (const iovec& part : parts) {
      bytes += part.iov_len;
    }
    return bytes;
  }

  uint64_t Number(uint64_t address) const {
    uint64_t number = 0;
    Read(address, &number, sizeof(number));
    return number;
  }

 private:
  std::string Process() const { return "/proc/" + std::to_string(notice_.pid); }

  size_t Read(uint64_t address, void* to, size_t bytes) const {
    const iovec local{to, bytes};
    iovec remote{};
    std::memcpy(&remote.iov_base, &address, sizeof(address));
    remote.iov_len = bytes;
    const ssize_t count = process_vm_readv(static_cast<pid_t>(notice_.pid),
                                           &local, 1, &remote, 1, 0);
    return count < 0 ? 0 : static_cast<size_t>(count);
  }

  // A string that ends with NUL, read page by page.
  std::string String(uint64_t address) const {
    constexpr uint64_t kPage = 4096;
    std::string text;
    while (text.size() < PATH_MAX) {
      std::array<char, kPage> page{};
      const size_t wanted = kPage - address % kPage;
      const size_t count = Read(address, page.data(), wanted);
      const size_t length = strnlen(page.data(), count);
      text.append(page.data(), length);
      if (length < count || count < wanted) {
        break;
      }
      address += count;
    }
    return text;
  }

  const seccomp_notif& notice_;
  const std::string root_;
};

using Answer = std::optional<WatchedCall>;

Answer OnDescriptor(const Asker& asker, WatchedCall call, int i) {
  call.descriptor = asker.DescriptorPath(i);
  return asker.IsWatched(call.descriptor) ? Answer(std::move(call))
                                          : std::nullopt;
}

Answer Write(const Asker& asker, const char* name, uint64_t at,
             uint64_t bytes) {
  WatchedCall call{CallKind::kWrite, name};
  call.at = at;
  call.bytes = bytes;
  return OnDescriptor(asker, std::move(call), 0);
}

Answer Sync(const Asker& asker, const char* name) {
  return OnDescriptor(asker, {CallKind::kSync, name}, 0);
}

Answer Named(const char* name, CallKind kind, std::optional<Place> place) {
  if (!place) {
    return std::nullopt;
  }
  WatchedCall call{kind, name};
  call.place = *std::move(place);
  return call;
}

// open(2) and its like: a change where it creates or truncates.
Answer Open(const Asker& asker, int folder, int path, uint64_t flags) {
  auto place = asker.FindPlace(folder, path);
  if (!place) {
    return std::nullopt;
  }
  std::error_code error;
  if (std::filesystem::is_symlink(place->path(), error)) {
    const auto target = std::filesystem::path(place->folder) /
                        std::filesystem::read_symlink(place->path(), error);
    place = Place{target.parent_path().string(), target.filename().string()};
  }
  const bool exists = std::filesystem::exists(place->path(), error);
  if (!exists && (flags & O_CREAT) != 0) {
    return Named("open", CallKind::kCreate, place);
  }
  if ((flags & O_TRUNC) != 0 &&
      std::filesystem::is_regular_file(place->path(), error) &&
      std::filesystem::file_size(place->path(), error) > 0) {
    WatchedCall call{CallKind::kTruncate, "open"};
    call.descriptor = place->path();
    return call;
  }
  return std::nullopt;
}

Answer Rename(std::optional<Place> from, std::optional<Place> to) {
  if (!from || !to) {
    return std::nullopt;
  }
  WatchedCall call{CallKind::kRename, "rename"};
  call.place = *std::move(from);
  call.target = *std::move(to);
  return call;
}

Answer Truncate(const Asker& asker) {
  const auto place = asker.FindPlace(AT_FDCWD, 0);
  std::error_code error;
  if (!place || !std::filesystem::is_regular_file(place->path(), error)) {
    return std::nullopt;
  }
  WatchedCall call{CallKind::kTruncate, "truncate"};
  call.at = asker.argument(1);
  call.descriptor = place->path();
  return call;
}

// Calls on descriptors.
Answer ReadDescriptorCall(const Asker& asker, long number) {
  switch (number) {
    case SYS_write:
      return Write(asker, "write", asker.Position(0), asker.argument(2));
    case SYS_pwrite64:
      return Write(asker, "pwrite", asker.argument(3), asker.argument(2));
    case SYS_writev:
      return Write(asker, "writev", asker.Position(0), asker.VectorBytes(1, 2));
    case SYS_pwritev:
    case SYS_pwritev2:
      return Write(asker, "pwritev", asker.argument(3),
                   asker.VectorBytes(1, 2));
    case SYS_sendfile:
      return Write(asker, "sendfile", asker.Position(0), asker.argument(3));
    case SYS_fallocate:
      return Write(asker, "fallocate", asker.argument(2), asker.argument(3));
    case SYS_copy_file_range: {
      WatchedCall call{CallKind::kWrite, "copy_file_range"};
      call.at = asker.argument(3) == 0 ? asker.Position(2)
                                       : asker.Number(asker.argument(3));
      call.bytes = asker.argument(4);
      return OnDescriptor(asker, std::move(call), 2);
    }
    case SYS_ftruncate: {
      WatchedCall call{CallKind::kTruncate, "ftruncate"};
      call.at = asker.argument(1);
      return OnDescriptor(asker, std::move(call), 0);
    }
    case SYS_fsync:
      return Sync(asker, "fsync");
    case SYS_fdatasync:
      return Sync(asker, "fdatasync");
    case SYS_sync:
    case SYS_syncfs: {
      WatchedCall call{CallKind::kSync, "sync"};
      call.whole_disk = true;
      return call;
    }
    default:
      return std::nullopt;
  }
}

// Calls of the *at() family, and open(2).
Answer ReadPathCall(const Asker& asker, long number) {
  switch (number) {
    case SYS_openat:
      return Open(asker, asker.descriptor(0), 1, asker.argument(2));
    case SYS_truncate:
      return Truncate(asker);
    case SYS_openat2:
      return Open(asker, asker.descriptor(0), 1,
                  asker.Number(asker.argument(2)));
    case SYS_mkdirat:
      return Named("mkdir", CallKind::kCreate,
                   asker.FindPlace(asker.descriptor(0), 1));
    case SYS_linkat:
      return Named("link", CallKind::kCreate,
                   asker.FindPlace(asker.descriptor(2), 3));
    case SYS_symlinkat:
      return Named("symlink", CallKind::kCreate,
                   asker.FindPlace(asker.descriptor(1), 2));
    case SYS_renameat:
    case SYS_renameat2:
      return Rename(asker.FindPlace(asker.descriptor(0), 1),
                    asker.FindPlace(asker.descriptor(2), 3));
    case SYS_unlinkat:
      return Named("unlink", CallKind::kRemove,
                   asker.FindPlace(asker.descriptor(0), 1));
    default:
      return std::nullopt;
  }
}

#ifdef SYS_open
// Calls that only older architectures have.
Answer ReadOldPathCall(const Asker& asker, long number) {
  switch (number) {
    case SYS_open:
      return Open(asker, AT_FDCWD, 0, asker.argument(1));
    case SYS_creat:
      return Open(asker, AT_FDCWD, 0, O_CREAT | O_TRUNC);
    case SYS_mkdir:
      return Named("mkdir", CallKind::kCreate, asker.FindPlace(AT_FDCWD, 0));
    case SYS_link:
      return Named("link", CallKind::kCreate, asker.FindPlace(AT_FDCWD, 1));
    case SYS_symlink:
      return Named("symlink", CallKind::kCreate, asker.FindPlace(AT_FDCWD, 1));
    case SYS_rename:
      return Rename(asker.FindPlace(AT_FDCWD, 0), asker.FindPlace(AT_FDCWD, 1));
    case SYS_unlink:
    case SYS_rmdir:
      return Named("unlink", CallKind::kRemove, asker.FindPlace(AT_FDCWD, 0));
    default:
      return std::nullopt;
  }
}
#endif

// Whether the call can succeed as far as names go: a failed one is no change.
bool ChangesNames(const WatchedCall& call) {
  struct stat status {};
  const auto exists = [&status](const Place& place) {
    return lstat(place.path().c_str(), &status) == 0;
  };
  switch (call.kind) {
    case CallKind::kCreate:
      return !exists(call.place);
    case CallKind::kRename:
    case CallKind::kRemove:
      return exists(call.place);
    default:
      return true;
  }
}

}  // namespace

const char* NameOf(CallKind kind) {
  switch (kind) {
    case CallKind::kWrite:
      return "write";
    case CallKind::kTruncate:
      return "truncate";
    case CallKind::kSync:
      return "sync";
    case CallKind::kCreate:
      return "create";
    case CallKind::kRename:
      return "rename";
    case CallKind::kRemove:
      return "remove";
  }
  return "";
}

const std::vector<AskedCall>& AskedCalls() {
  static const std::vector<AskedCall> kCalls = {
      {SYS_write, -1},     {SYS_pwrite64, -1},  {SYS_writev, -1},
      {SYS_pwritev, -1},   {SYS_pwritev2, -1},  {SYS_sendfile, -1},
      {SYS_fallocate, -1}, {SYS_ftruncate, -1}, {SYS_truncate, -1},
      {SYS_fsync, -1},     {SYS_fdatasync, -1}, {SYS_sync, -1},
      {SYS_syncfs, -1},    {SYS_openat, 2},     {SYS_openat2, -1},
      {SYS_mkdirat, -1},   {SYS_linkat, -1},    {SYS_symlinkat, -1},
      {SYS_renameat2, -1}, {SYS_unlinkat, -1},  {SYS_copy_file_range, -1},
#ifdef SYS_renameat
      {SYS_renameat, -1},
#endif
#ifdef SYS_open
      {SYS_open, 1},       {SYS_creat, -1},     {SYS_mkdir, -1},
      {SYS_link, -1},      {SYS_symlink, -1},   {SYS_rename, -1},
      {SYS_unlink, -1},    {SYS_rmdir, -1},
#endif
  };
  return kCalls;
}

std::optional<WatchedCall> ReadCall(const seccomp_notif& notice,
                                    const std::string& root) {
  const Asker asker(notice, root);
  const long number = notice.data.nr;
  Answer call = ReadDescriptorCall(asker, number);
  if (!call) {
    call = ReadPathCall(asker, number);
  }
#ifdef SYS_open
  if (!call) {
    call = ReadOldPathCall(asker, number);
  }
#endif
  return call && ChangesNames(*call) ? call : std::nullopt;
}

pid_t ProcessOf(pid_t thread) {
  std::ifstream status("/proc/" + std::to_string(thread) + "/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("Tgid:", 0) == 0) {
      return static_cast<pid_t>(std::stol(line.substr(std::strlen("Tgid:"))));
    }
  }
  return 0;
}

}  // namespace footnote::faults
