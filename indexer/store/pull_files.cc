#include "indexer/store/pull_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/index/schema.h"

namespace footnote::store {
namespace {

namespace fs = std::filesystem;

bool HasSize(const std::string& path, uint64_t bytes) {
  std::error_code error;
  const uint64_t size = fs::file_size(path, error);
  return !error && size == bytes;
}

// Returns whether a segment is there with all its files, and was not found
// damaged.
bool IsWhole(const std::string& folder, const index::SegmentSummary& segment) {
  const std::string path = index::SegmentPath(folder, segment.id) + "/";
  std::error_code error;
  if (fs::exists(path + std::string(index::kQuarantineFile), error)) {
    return false;
  }
  return std::all_of(segment.files.begin(), segment.files.end(),
                     [&](const index::FileEntry& file) {
                       return HasSize(path + file.name, file.bytes);
                     });
}

std::string BuildingPath(const std::string& folder, const std::string& name) {
  return index::SegmentPath(folder,
                            std::string(index::kUnfinishedPrefix) + name);
}

absl::Status WrongDigest(const std::string& key) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   "the store's object " + key + " has another digest",
                   {{"object", key}});
}

absl::Status Rename(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str()) == 0
             ? absl::OkStatus()
             : FileError(errno, "rename", from);
}

// A file that grows at its end.
class PartFile {
 public:
  explicit PartFile(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "abe"), std::fclose) {}

  absl::Status Write(std::string_view bytes) {
    return file_ != nullptr && std::fwrite(bytes.data(), 1, bytes.size(),
                                           file_.get()) == bytes.size()
               ? absl::OkStatus()
               : FileError(errno, "write", path_);
  }
  absl::Status Sync() {
    return file_ != nullptr && std::fflush(file_.get()) == 0 &&
                   fsync(fileno(file_.get())) == 0
               ? absl::OkStatus()
               : FileError(errno, "sync", path_);
  }

 private:
  const std::string path_;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace

void FilePuller::Count(uint64_t bytes) {
  done_ += bytes;
  if (progress_) {
    progress_(done_, total_);
  }
}

absl::Status FilePuller::Fetch(const index::Manifest& manifest,
                               Transfer* transfer) {
  std::vector<index::SegmentSummary> segments;
  std::vector<index::FileEntry> small_files;
  const auto want = [&](const index::FileEntry& file) {
    total_ += file.bytes;
    ++transfer->files;
  };
  for (const index::SegmentEntry& entry : manifest.segments) {
    if (!IsWhole(folder_, entry.segment)) {
      segments.push_back(entry.segment);
      for (const index::FileEntry& file : entry.segment.files) {
        want(file);
      }
    }
  }
  for (const index::FileEntry& file : GenerationFiles(manifest)) {
    if (!index::ReadGenerationFile(folder_, file).ok()) {
      small_files.push_back(file);
      want(file);
    }
  }
  for (const index::FileEntry& file : small_files) {
    FOOTNOTE_RETURN_IF_ERROR(FetchSmallFile(file));
  }
  for (const index::SegmentSummary& segment : segments) {
    FOOTNOTE_RETURN_IF_ERROR(FetchSegment(segment));
  }
  transfer->bytes = done_;
  return absl::OkStatus();
}

absl::Status FilePuller::FetchSmallFile(const index::FileEntry& entry) {
  const std::string key = ObjectKey(collection_, entry.sha256);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string bytes,
                            ReadAll(store_, key, entry.bytes));
  if (Sha256Of(bytes) != entry.sha256) {
    return WrongDigest(key);
  }
  Count(bytes.size());
  return WriteFileDurably(index::GenerationFilePath(folder_, entry.name),
                          bytes);
}

absl::Status FilePuller::FetchSegment(const index::SegmentSummary& segment) {
  const std::string building = BuildingPath(folder_, segment.id);
  const std::string path = index::SegmentPath(folder_, segment.id);
  std::error_code error;
  fs::create_directory(building, error);
  if (error) {
    return FileError(error.value(), "create", building);
  }
  for (const index::FileEntry& file : segment.files) {
    FOOTNOTE_RETURN_IF_ERROR(FetchFile(building + "/" + file.name, file));
  }
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(building));
  if (fs::exists(path, error)) {
    // Damaged. Whoever has it open goes on with that until it is looked for
    // again.
    const std::string damaged = BuildingPath(folder_, "damaged-" + segment.id);
    fs::remove_all(damaged, error);
    FOOTNOTE_RETURN_IF_ERROR(Rename(path, damaged));
  }
  FOOTNOTE_RETURN_IF_ERROR(Rename(building, path));
  return SyncPath(folder_ + "/segments");
}

absl::Status FilePuller::FetchFile(const std::string& path,
                                   const index::FileEntry& entry) {
  if (HasSize(path, entry.bytes)) {  // compared before it got its name
    Count(entry.bytes);
    return absl::OkStatus();
  }
  const std::string part = path + ".part";
  std::error_code error;
  const bool goes_on = fs::exists(part, error);
  const uint64_t done = done_;
  absl::Status status = Append(part, entry);
  if (goes_on && absl::IsDataLoss(status)) {
    // A crash may have damaged the part that was there.
    done_ = done;
    status = Append(part, entry);
  }
  FOOTNOTE_RETURN_IF_ERROR(status);
  return Rename(part, path);
}

// Appends to a part what it lacks. One that is wrong then is removed.
absl::Status FilePuller::Append(const std::string& path,
                                const index::FileEntry& entry) {
  Sha256 sha;
  uint64_t size = 0;
  std::error_code error;
  if (fs::exists(path, error)) {
    FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile part, MappedFile::Open(path));
    sha.Update(part.bytes());
    size = part.bytes().size();
  }
  Count(size);
  const std::string key = ObjectKey(collection_, entry.sha256);
  PartFile file(path);
  const auto append = [&](std::string_view bytes) {
    sha.Update(bytes);
    size += bytes.size();
    Count(bytes.size());
    return file.Write(bytes);
  };
  if (size < entry.bytes) {
    FOOTNOTE_RETURN_IF_ERROR(store_.Read(key, size, append));
  }
  FOOTNOTE_RETURN_IF_ERROR(file.Sync());
  if (size != entry.bytes || sha.Finish() != entry.sha256) {
    fs::remove(path, error);
    return WrongDigest(key);
  }
  return absl::OkStatus();
}

}  // namespace footnote::store
