#include "indexer/index/writer_lock.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/index/build_journal.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/manifest.h"
#include "indexer/index/schema.h"

namespace footnote::index {
namespace {

// Returns the names in a folder; none where it cannot be read.
std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

bool IsSegmentId(const std::string& name) {
  return name.size() == kSegmentIdDigits &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void RemoveFolder(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
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
