#include "indexer/store/pull.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/retention.h"
#include "indexer/index/write_ahead_log.h"
#include "indexer/index/writer_lock.h"
#include "indexer/store/pull_files.h"

namespace footnote::store {
namespace {

absl::Status DivergedError(const std::string& collection,
                           const std::string& why) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "COLLECTION_DIVERGED",
                   "the collection here has " + why +
                       " that a pull would lose: drop it first, or pull into "
                       "another data folder",
                   {{"collection", collection}});
}

class Puller {
 public:
  Puller(Store& store, const PullOptions& options)
      : store_(store),
        options_(options),
        folder_(options.data_dir + "/" + options.collection) {}

  absl::StatusOr<Transfer> Run();

 private:
  absl::Status CheckMayReplace();
  // Reads the manifest, which is here already where nothing is new.
  absl::Status ReadManifest();
  absl::Status Switch();
  absl::Status RemoveOld() const;
  absl::Status RemovePurged() const;
  std::string PulledPath() const { return folder_ + "/PULLED"; }
  const StoredManifest& newest() const { return latest_.generations.front(); }

  Store& store_;
  const PullOptions& options_;
  const std::string folder_;
  Latest latest_;
  uint64_t current_ = 0;        // number; 0 for none
  std::string old_text_;        // of the current manifest; "" for none
  std::optional<Digest> ours_;  // of that
  std::string text_;            // of the manifest
  index::Manifest manifest_;
  Transfer done_;
};

absl::StatusOr<Transfer> Puller::Run() {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(options_.collection));
  if (index::ResolveAlias(folder_) != folder_) {
    return MakeError(absl::StatusCode::kAlreadyExists, "COLLECTION_EXISTS",
                     "the name is that of an alias here",
                     {{"collection", options_.collection}});
  }
  FOOTNOTE_ASSIGN_OR_RETURN(latest_, ReadLatest(store_, options_.collection));
  if (latest_.generations.empty()) {
    FOOTNOTE_RETURN_IF_ERROR(ReadCollections(store_).status());
    return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                     "the store does not have the collection",
                     {{"collection", options_.collection}});
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const index::WriterLock lock,
                            index::WriterLock::TakeNew(folder_));
  FOOTNOTE_RETURN_IF_ERROR(CheckMayReplace());
  FOOTNOTE_RETURN_IF_ERROR(ReadManifest());
  FilePuller files(store_, folder_, options_.collection, options_.progress);
  FOOTNOTE_RETURN_IF_ERROR(files.Fetch(manifest_, &done_));
  done_.is_new = ours_ != newest().sha256;
  if (done_.is_new) {
    FOOTNOTE_RETURN_IF_ERROR(Switch());
  }
  if (done_.is_new || done_.files > 0) {
    FOOTNOTE_RETURN_IF_ERROR(RemoveOld());
  }
  FOOTNOTE_RETURN_IF_ERROR(RemovePurged());
  return done_;
}

// Only what came from a store may be replaced: PULLED has the digests of the
// manifests that did.
absl::Status Puller::CheckMayReplace() {
  const absl::StatusOr<uint64_t> number = index::ReadCurrent(folder_);
  if (!number.ok() && !absl::IsNotFound(number.status())) {
    return number.status();
  }
  uint64_t in_log = index::LastLogSequence(index::LogPath(folder_));
  if (number.ok()) {
    current_ = *number;
    FOOTNOTE_ASSIGN_OR_RETURN(old_text_,
                              ReadFile(index::ManifestPath(folder_, current_)));
    ours_ = Sha256Of(old_text_);
    const auto manifest = index::DecodeManifest(old_text_, folder_);
    in_log = manifest.ok() && in_log <= manifest->wal_sequence ? 0 : in_log;
  }
  if (in_log > 0) {
    return DivergedError(options_.collection, "unpublished changes");
  }
  const auto& pushed = latest_.generations;
  const std::string pulled = ReadFile(PulledPath()).value_or(std::string());
  const bool is_known =
      !ours_ || pulled.find(ToHex(*ours_)) != std::string::npos ||
      std::any_of(pushed.begin(), pushed.end(),
                  [&](const auto& one) { return one.sha256 == *ours_; });
  return is_known
             ? absl::OkStatus()
             : DivergedError(options_.collection, "a generation of its own");
}

absl::Status Puller::ReadManifest() {
  const std::string path = index::ManifestPath(folder_, newest().generation);
  if (ours_ == newest().sha256) {
    FOOTNOTE_ASSIGN_OR_RETURN(text_, ReadFile(path));
  } else {
    FOOTNOTE_ASSIGN_OR_RETURN(
        text_, FetchManifest(store_, options_.collection, newest()));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      manifest_, index::DecodeManifest(
                     text_, ObjectKey(options_.collection, newest().sha256)));
  if (manifest_.info.number != newest().generation) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "the store has the manifest of generation " +
                         std::to_string(manifest_.info.number) +
                         " for that of " + std::to_string(newest().generation));
  }
  done_.generation = newest().generation;
  done_.manifest_sha256 = newest().sha256;
  for (const index::FileEntry& file : GenerationFiles(manifest_)) {
    done_.total_bytes += file.bytes;
  }
  for (const index::SegmentEntry& entry : manifest_.segments) {
    for (const index::FileEntry& file : entry.segment.files) {
      done_.total_bytes += file.bytes;
    }
  }
  return options_.check ? options_.check(manifest_) : absl::OkStatus();
}

absl::Status Puller::Switch() {
  const uint64_t number = newest().generation;
  const std::string path = index::ManifestPath(folder_, number);
  // The old one stays named until CURRENT has changed.
  const std::string before = ours_ ? ToHex(*ours_) + "\n" : "";
  FOOTNOTE_RETURN_IF_ERROR(
      WriteFileDurably(PulledPath(), before + ToHex(newest().sha256) + "\n"));
  FOOTNOTE_RETURN_IF_ERROR(WriteFileDurably(path, text_));
  absl::Status opened = index::Generation::Open(folder_, number).status();
  if (opened.ok()) {
    return index::MakeCurrent(folder_, number);
  }
  if (number == current_) {
    FOOTNOTE_RETURN_IF_ERROR(WriteFileDurably(path, old_text_));
  } else {
    unlink(path.c_str());
  }
  return opened;
}

absl::Status Puller::RemoveOld() const {
  index::RemoveUnusedSegments(folder_);
  return index::RemoveOldGenerations(
             folder_, {.keep = latest_.generations.size(), .batch = 1})
      .status();
}

// Removes generations with what was purged, and those of another history that
// was here before: also where somebody has them open.
absl::Status Puller::RemovePurged() const {
  FOOTNOTE_RETURN_IF_ERROR(
      index::NotePurgedBefore(folder_, latest_.purged_before));
  const uint64_t number = newest().generation;
  const bool is_other_history = done_.is_new && current_ >= number;
  bool removed = false;
  for (const uint64_t old : index::ListGenerations(folder_)) {
    if (old == number || (old >= latest_.purged_before && !is_other_history)) {
      continue;
    }
    const std::string path = index::ManifestPath(folder_, old);
    if (unlink(path.c_str()) != 0 && errno != ENOENT) {
      return FileError(errno, "remove", path);
    }
    removed = true;
  }
  if (!removed) {
    return absl::OkStatus();
  }
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(folder_ + "/generations"));
  return index::RemoveUnnamed(folder_);
}

}  // namespace

absl::StatusOr<Transfer> Pull(Store& store, const PullOptions& options) {
  constexpr int kTries = 3;  // what is old may go while it is being pulled
  for (int tries = 1;; ++tries) {
    absl::StatusOr<Transfer> done = Puller(store, options).Run();
    if (ErrorReason(done.status()) != "STORE_OBJECT_MISSING" ||
        tries == kTries) {
      return done;
    }
  }
}

}  // namespace footnote::store
