#include "indexer/store/directory_store.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include <sys/file.h>

#include "indexer/base/file.h"

namespace footnote::store {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceBytes = 1 << 20;

// Makes a folder with those above it, durably, where it is missing.
absl::Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> missing;
  for (fs::path at = folder; !at.empty() && !fs::is_directory(at, error);
       at = at.parent_path()) {
    missing.push_back(at);
  }
  fs::create_directories(folder, error);
  if (error) {
    return FileError(error.value(), "create", folder.string());
  }
  for (const fs::path& made : missing) {
    const std::string above = made.parent_path().string();
    FOOTNOTE_RETURN_IF_ERROR(SyncPath(above.empty() ? "." : above));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DirectoryStore::Read(const std::string& key, uint64_t offset,
                                  const Sink& sink) {
  const std::string path = PathOf(key);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "rbe"),
      [](std::FILE* open) { return open == nullptr ? 0 : std::fclose(open); });
  if (file == nullptr) {
    return errno == ENOENT ? MissingObjectError(path)
                           : FileError(errno, "open", path);
  }
  if (fseeko(file.get(), static_cast<off_t>(offset), SEEK_SET) != 0) {
    return FileError(errno, "read", path);
  }
  std::vector<char> piece(kPieceBytes);
  size_t count = piece.size();
  while (count == piece.size()) {
    if (cancelled_ && cancelled_()) {
      return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                       "reading " + path + " was given up");
    }
    errno = 0;
    count = std::fread(piece.data(), 1, piece.size(), file.get());
    absl::Status taken =
        count == 0 ? absl::OkStatus() : sink({piece.data(), count});
    if (!taken.ok()) {
      return taken;
    }
  }
  return std::ferror(file.get()) == 0 ? absl::OkStatus()
                                      : FileError(errno, "read", path);
}

absl::Status DirectoryStore::Write(const std::string& key,
                                   std::string_view bytes) {
  const fs::path path = PathOf(key);
  FOOTNOTE_RETURN_IF_ERROR(MakeFolder(path.parent_path()));
  return WriteFileDurably(path.string(), bytes);
}

absl::StatusOr<bool> DirectoryStore::Replace(
    const std::string& key, const std::optional<std::string>& before,
    std::string_view bytes) {
  const std::string path = PathOf(key);
  const std::string lock_path = path + ".lock";
  FOOTNOTE_RETURN_IF_ERROR(MakeFolder(fs::path(path).parent_path()));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> lock(
      std::fopen(lock_path.c_str(), "abe"),
      [](std::FILE* open) { return open == nullptr ? 0 : std::fclose(open); });
  if (lock == nullptr) {
    return FileError(errno, "open", lock_path);
  }
  // A file system without locks is no reason not to go on.
  while (flock(fileno(lock.get()), LOCK_EX) != 0 && errno == EINTR) {
  }
  const absl::StatusOr<std::string> now = ReadFile(path);
  if (!now.ok() && !absl::IsNotFound(now.status())) {
    return now.status();
  }
  if (now.ok() != before.has_value() || (before && *now != *before)) {
    return false;
  }
  FOOTNOTE_RETURN_IF_ERROR(WriteFileDurably(path, bytes));
  return true;
}

absl::StatusOr<bool> DirectoryStore::Has(const std::string& key,
                                         uint64_t bytes) {
  std::error_code error;
  const uint64_t size = fs::file_size(PathOf(key), error);
  return !error && size == bytes;
}

absl::Status DirectoryStore::Remove(const std::string& key) {
  std::error_code error;
  fs::remove(PathOf(key), error);
  return error ? FileError(error.value(), "remove", PathOf(key))
               : absl::OkStatus();
}

}  // namespace footnote::store
