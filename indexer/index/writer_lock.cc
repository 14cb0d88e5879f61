#include "indexer/index/writer_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/index/build_journal.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment_id.h"

namespace footnote::index {
namespace {

// The folders in that of a collection.
constexpr std::array<std::string_view, 3> kFolders = {"generations", "segments",
                                                      "wal"};

// Returns the names in a folder; none where it cannot be read.
std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

void RemoveFolder(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

// Returns whether the file that is open is the one at `path`.
bool IsFileAt(int fd, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return fstat(fd, &open_file) == 0 && stat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

// Removes the folder of a collection where there is nothing in it but the lock
// and empty folders. Only for the holder of the lock.
void RemoveIfUnused(const std::string& collection) {
  const std::vector<std::string> names = NamesIn(collection);
  const bool is_used =
      std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return name != "LOCK" && (std::find(kFolders.begin(), kFolders.end(),
                                            name) == kFolders.end() ||
                                  !NamesIn(collection + "/" + name).empty());
      });
  if (is_used) {
    return;
  }
  // What is not empty any more stays.
  std::error_code ignored;
  for (const std::string_view name : kFolders) {
    std::filesystem::remove(collection + "/" + std::string(name), ignored);
  }
  std::filesystem::remove(collection + "/LOCK", ignored);
  std::filesystem::remove(collection, ignored);
}

// Returns the segments that manifests name; nothing where one cannot be read,
// for whatever it names must stay.
std::optional<std::set<std::string>> NamedSegments(
    const std::string& collection) {
  std::set<std::string> named;
  for (const uint64_t number : ListGenerations(collection)) {
    const absl::StatusOr<Manifest> manifest = ReadManifest(collection, number);
    if (!manifest.ok()) {
      return std::nullopt;
    }
    for (const SegmentEntry& entry : manifest->segments) {
      named.insert(entry.segment.id);
    }
  }
  return named;
}

}  // namespace

absl::StatusOr<WriterLock> WriterLock::Take(const std::string& folder) {
  const std::string path = folder + "/LOCK";
  while (true) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
      return FileError(errno, "open", path);
    }
    WriterLock lock(fd);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      return errno == EWOULDBLOCK
                 ? MakeError(absl::StatusCode::kFailedPrecondition,
                             "COLLECTION_LOCKED",
                             "another program is writing to " + folder,
                             {{"path", folder}})
                 : FileError(errno, "lock", path);
    }
    if (IsFileAt(fd, path)) {
      return lock;
    }
    // Who held it before has removed it with the folder, or renamed that.
  }
}

absl::StatusOr<WriterLock> WriterLock::TakeNew(const std::string& folder) {
  constexpr int kTries = 10;  // somebody may just remove what he made
  for (int tries = 1;; ++tries) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return FileError(error.value(), "create", folder);
    }
    absl::StatusOr<WriterLock> lock = Take(folder);
    if (absl::IsNotFound(lock.status()) && tries < kTries) {
      continue;
    }
    FOOTNOTE_RETURN_IF_ERROR(lock.status());
    lock->new_folder_ = folder;
    FOOTNOTE_RETURN_IF_ERROR(CreateCollectionFolder(folder));
    return lock;
  }
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      new_folder_(std::exchange(other.new_folder_, {})) {}

WriterLock::~WriterLock() {
  if (!new_folder_.empty()) {
    RemoveIfUnused(new_folder_);
  }
  if (fd_ >= 0) {
    close(fd_);
  }
}

void RemoveUnusedSegments(const std::string& collection) {
  const std::string folder = collection + "/segments/";
  std::set<std::string> present;
  for (const std::string& name : NamesIn(folder)) {
    if (IsSegmentId(name)) {
      present.insert(name);
    } else if (name.starts_with(kUnfinishedPrefix)) {
      RemoveFolder(folder + name);
    }
  }
  const std::optional<std::set<std::string>> named = NamedSegments(collection);
  if (!named || !std::includes(present.begin(), present.end(), named->begin(),
                               named->end())) {
    return;  // a manifest that names what is not there is not trusted either
  }
  const auto journal = ReadFile(JournalPath(collection));
  for (const std::string& id : present) {
    const bool is_journaled =
        journal.ok() && journal->find('"' + id + '"') != std::string::npos;
    if (!named->contains(id) && !is_journaled) {
      RemoveFolder(folder + id);
    }
  }
}

}  // namespace footnote::index
