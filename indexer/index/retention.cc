#include "indexer/index/retention.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/manifest_lock.h"

namespace footnote::index {
namespace {

// Names that manifests give to what they consist of.
struct Names {
  std::set<std::string> files;  // in generations/
  std::set<std::string> segments;

  void Add(const Manifest& manifest) {
    if (manifest.entities_file) {
      files.insert(manifest.entities_file->name);
    }
    for (const SegmentEntry& entry : manifest.segments) {
      segments.insert(entry.segment.id);
      if (entry.tombstones) {
        files.insert(entry.tombstones->file.name);
      }
    }
  }
};

// Returns which generations do not stay.
std::vector<uint64_t> FindOld(const std::vector<uint64_t>& numbers,
                              uint64_t current, const Retention& retention) {
  std::vector<uint64_t> old;
  std::vector<uint64_t> kept;  // the newest first
  for (size_t i = numbers.size(); i > 0; --i) {
    const uint64_t number = numbers[i - 1];
    // Those after the current one were never made current.
    const bool stays = number == current ||
                       (number < current &&
                        kept.size() < std::max<uint64_t>(retention.keep, 1));
    (stays ? kept : old).push_back(number);
  }
  return old.size() < retention.batch ? std::vector<uint64_t>() : old;
}

// Removes a manifest unless somebody reads it.
absl::StatusOr<bool> RemoveManifest(const std::string& folder,
                                    uint64_t number) {
  const std::optional<ManifestLock> lock =
      ManifestLock::TryLockExclusive(folder, number);
  if (!lock) {
    return false;
  }
  const std::string path = ManifestPath(folder, number);
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return FileError(errno, "remove", path);
  }
  return true;
}

// Removes the files beside the manifests that no manifest names.
absl::Status RemoveFiles(const std::string& folder, const Names& needed) {
  std::vector<std::filesystem::path> unneeded;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder + "/generations", error)) {
    const std::filesystem::path& path = entry.path();
    if ((path.extension() == ".tombstones" ||
         path.extension() == ".entities") &&
        !needed.files.contains(path.filename().string())) {
      unneeded.push_back(path);
    }
  }
  for (const std::filesystem::path& path : unneeded) {
    std::filesystem::remove(path, error);
    if (error) {
      return FileError(error.value(), "remove", path.string());
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<uint64_t> RemoveOldGenerations(const std::string& folder,
                                              const Retention& retention) {
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t current, ReadCurrent(folder));
  const std::vector<uint64_t> numbers = ListGenerations(folder);
  const std::vector<uint64_t> old = FindOld(numbers, current, retention);
  Names unneeded;
  std::set<uint64_t> gone;
  for (const uint64_t number : old) {
    const absl::StatusOr<Manifest> manifest = ReadManifest(folder, number);
    FOOTNOTE_ASSIGN_OR_RETURN(const bool removed,
                              RemoveManifest(folder, number));
    if (removed) {
      gone.insert(number);
      if (manifest.ok()) {
        unneeded.Add(*manifest);
      }
    }
  }
  if (gone.empty()) {
    return 0;
  }
  // The names must be gone before what they name.
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(folder + "/generations"));
  Names needed;
  for (const uint64_t number : numbers) {
    if (!gone.contains(number)) {
      FOOTNOTE_ASSIGN_OR_RETURN(const Manifest manifest,
                                ReadManifest(folder, number));
      needed.Add(manifest);
    }
  }
  FOOTNOTE_RETURN_IF_ERROR(RemoveFiles(folder, needed));
  for (const std::string& id : unneeded.segments) {
    std::error_code error;
    if (!needed.segments.contains(id)) {
      std::filesystem::remove_all(SegmentPath(folder, id), error);
    }
    if (error) {
      return FileError(error.value(), "remove", SegmentPath(folder, id));
    }
  }
  return gone.size();
}

absl::Status RemoveUnnamed(const std::string& folder) {
  Names needed;
  for (const uint64_t number : ListGenerations(folder)) {
    FOOTNOTE_ASSIGN_OR_RETURN(const Manifest manifest,
                              ReadManifest(folder, number));
    needed.Add(manifest);
  }
  FOOTNOTE_RETURN_IF_ERROR(RemoveFiles(folder, needed));
  std::vector<std::filesystem::path> unneeded;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder + "/segments", error)) {
    if (!needed.segments.contains(entry.path().filename().string())) {
      unneeded.push_back(entry.path());
    }
  }
  for (const std::filesystem::path& path : unneeded) {
    std::filesystem::remove_all(path, error);
    if (error) {
      return FileError(error.value(), "remove", path.string());
    }
  }
  return absl::OkStatus();
}

}  // namespace footnote::index
