#include "indexer/index/retention.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
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
    for (const auto& file : {manifest.entities_file, manifest.synonyms_file}) {
      if (file) {
        files.insert(file->name);
      }
    }
    for (const SegmentEntry& entry : manifest.segments) {
      segments.insert(entry.segment.id);
      if (entry.tombstones) {
        files.insert(entry.tombstones->file.name);
      }
    }
  }
};

std::string PurgedPath(const std::string& folder) { return folder + "/PURGED"; }

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

// Removes the files beside the manifests that `may_go` says.
template <typename F>
absl::Status RemoveFiles(const std::string& folder, F&& may_go) {
  std::vector<std::filesystem::path> unneeded;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder + "/generations", error)) {
    const std::filesystem::path& path = entry.path();
    if ((path.extension() == ".tombstones" ||
         path.extension() == ".entities") &&
        may_go(path.filename().string())) {
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

// What the manifests of a collection name, before some of them go.
class NamedThings {
 public:
  explicit NamedThings(const std::string& folder, uint64_t current) {
    was_current_.insert(current);
    for (const uint64_t number : ListGenerations(folder)) {
      absl::StatusOr<Manifest> manifest = ReadManifest(folder, number);
      if (manifest.ok()) {
        was_current_.insert(manifest->parent);
        known_.Add(*manifest);
        manifests_.emplace(number, *std::move(manifest));
      } else {
        unreadable_.push_back({number, manifest.status()});
      }
    }
  }

  // Takes note that a generation is gone.
  void Remove(uint64_t number) {
    gone_.insert(number);
    std::erase_if(unreadable_, [number](const UnreadableManifest& manifest) {
      return manifest.generation == number;
    });
  }

  const std::vector<UnreadableManifest>& unreadable() const {
    return unreadable_;
  }

  // Names of what has to stay, as far as manifests can be read.
  Names Needed() const {
    Names needed;
    for (const auto& [number, manifest] : manifests_) {
      if (!gone_.contains(number)) {
        needed.Add(manifest);
      }
    }
    for (const UnreadableManifest& manifest : unreadable_) {
      AddNeighbours(manifest.generation, &needed);
    }
    return needed;
  }

  // Names in any manifest, those that are gone among them.
  const Names& known() const { return known_; }

 private:
  // What a generation has was there in the one that was current before it, or
  // was new, and what a later one brings did not come back: a segment that is
  // known but in none of the neighbours was gone before, or came after.
  void AddNeighbours(uint64_t number, Names* needed) const {
    for (auto at = manifests_.lower_bound(number); at != manifests_.begin();) {
      --at;
      needed->Add(at->second);
      if (was_current_.contains(at->first)) {
        break;
      }
    }
    for (auto at = manifests_.upper_bound(number); at != manifests_.end();
         ++at) {
      needed->Add(at->second);
      if (was_current_.contains(at->first)) {
        break;
      }
    }
  }

  std::map<uint64_t, Manifest> manifests_;  // that can be read
  std::vector<UnreadableManifest> unreadable_;
  std::set<uint64_t> was_current_;  // of these it is known
  std::set<uint64_t> gone_;
  Names known_;
};

// Removes what is no longer needed.
absl::Status RemoveUnneeded(const std::string& folder,
                            const NamedThings& named) {
  const Names needed = named.Needed();
  const bool all_are_known = named.unreadable().empty();
  FOOTNOTE_RETURN_IF_ERROR(RemoveFiles(folder, [&](const std::string& file) {
    return !needed.files.contains(file) &&
           (all_are_known || named.known().files.contains(file));
  }));
  for (const std::string& id : named.known().segments) {
    std::error_code error;
    if (!needed.segments.contains(id)) {
      std::filesystem::remove_all(SegmentPath(folder, id), error);
    }
    if (error) {
      return FileError(error.value(), "remove", SegmentPath(folder, id));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Removed> RemoveOldGenerations(const std::string& folder,
                                             const Retention& retention) {
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t current, ReadCurrent(folder));
  const std::vector<uint64_t> old =
      FindOld(ListGenerations(folder), current, retention);
  if (old.empty()) {
    return Removed();
  }
  NamedThings named(folder, current);
  Removed removed;
  for (const uint64_t number : old) {
    FOOTNOTE_ASSIGN_OR_RETURN(const bool is_gone,
                              RemoveManifest(folder, number));
    if (is_gone) {
      named.Remove(number);
      ++removed.generations;
    }
  }
  removed.unreadable = named.unreadable();
  if (removed.generations > 0) {
    // The names must be gone before what they name.
    FOOTNOTE_RETURN_IF_ERROR(SyncPath(folder + "/generations"));
    FOOTNOTE_RETURN_IF_ERROR(RemoveUnneeded(folder, named));
  }
  return removed;
}

absl::Status NotePurgedBefore(const std::string& folder, uint64_t number) {
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t noted, ReadPurgedBefore(folder));
  return number <= noted ? absl::OkStatus()
                         : WriteFileDurably(PurgedPath(folder),
                                            std::to_string(number) + "\n");
}

absl::StatusOr<uint64_t> ReadPurgedBefore(const std::string& folder) {
  const absl::StatusOr<std::string> text = ReadFile(PurgedPath(folder));
  if (absl::IsNotFound(text.status())) {
    return 0;
  }
  FOOTNOTE_RETURN_IF_ERROR(text.status());
  uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ec != std::errc() || std::string_view(read.ptr, end) != "\n") {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     PurgedPath(folder) + " does not name a generation",
                     {{"path", PurgedPath(folder)}});
  }
  return number;
}

absl::Status RemoveUnnamed(const std::string& folder) {
  Names needed;
  for (const uint64_t number : ListGenerations(folder)) {
    FOOTNOTE_ASSIGN_OR_RETURN(const Manifest manifest,
                              ReadManifest(folder, number));
    needed.Add(manifest);
  }
  FOOTNOTE_RETURN_IF_ERROR(RemoveFiles(folder, [&](const std::string& file) {
    return !needed.files.contains(file);
  }));
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
