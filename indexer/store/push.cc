#include "indexer/store/push.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/manifest.h"
#include "indexer/index/manifest_lock.h"
#include "indexer/index/retention.h"

namespace footnote::store {
namespace {

// A file of the data folder, and what it must be.
struct LocalFile {
  std::string path;
  index::FileEntry entry;
};

std::vector<LocalFile> FilesOf(const std::string& folder,
                               const index::Manifest& manifest) {
  std::vector<LocalFile> files;
  for (const index::FileEntry& file : GenerationFiles(manifest)) {
    files.push_back({index::GenerationFilePath(folder, file.name), file});
  }
  for (const index::SegmentEntry& entry : manifest.segments) {
    const std::string segment = index::SegmentPath(folder, entry.segment.id);
    for (const index::FileEntry& file : entry.segment.files) {
      files.push_back({segment + "/" + file.name, file});
    }
  }
  return files;
}

class Pusher {
 public:
  Pusher(Store& store, const PushOptions& options, std::string folder)
      : store_(store),
        options_(options),
        folder_(std::move(folder)),
        collection_(std::filesystem::path(folder_).filename().string()) {}

  absl::StatusOr<Transfer> Run();

 private:
  // Reads the current generation, which stays while `lock` does.
  absl::Status ReadOurs(const index::ManifestLock& lock, uint64_t number);
  absl::Status CheckIsNewer() const;
  // Says in the store that this push has begun.
  absl::Status Announce();
  absl::Status PutFiles();
  absl::Status PutFile(const LocalFile& file);
  // Makes the generation the newest.
  absl::Status Publish();
  // Returns which generations of the store are still ours, and takes note of
  // what was purged by a program that did not note it.
  std::vector<StoredManifest> StillOurs();
  // Removes what only leftovers name.
  absl::Status RemoveLeftovers();
  absl::Status Remove(const StoredManifest& leftover,
                      const std::set<Digest>& needed);
  // Returns the digests of a manifest of the store and of what it names.
  absl::StatusOr<std::set<Digest>> NamedBy(const StoredManifest& stored) const;

  Store& store_;
  const PushOptions& options_;
  const std::string folder_;
  const std::string collection_;
  std::string text_;  // of the manifest
  index::Manifest manifest_;
  StoredManifest ours_;
  Latest latest_;
  Transfer done_;
};

absl::StatusOr<Transfer> Pusher::Run() {
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t number, index::ReadCurrent(folder_));
  FOOTNOTE_ASSIGN_OR_RETURN(const auto lock,
                            index::ManifestLock::Share(folder_, number));
  FOOTNOTE_RETURN_IF_ERROR(ReadOurs(lock, number));
  FOOTNOTE_ASSIGN_OR_RETURN(latest_, ReadLatest(store_, collection_));
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t purged_before,
                            index::ReadPurgedBefore(folder_));
  const bool was_purged = purged_before > latest_.purged_before;
  latest_.purged_before = std::max(latest_.purged_before, purged_before);
  done_.is_new =
      latest_.generations.empty() || latest_.generations.front() != ours_;
  if (done_.is_new) {
    FOOTNOTE_RETURN_IF_ERROR(CheckIsNewer());
    FOOTNOTE_RETURN_IF_ERROR(Announce());
    FOOTNOTE_RETURN_IF_ERROR(PutFiles());
  }
  if (done_.is_new || was_purged) {
    FOOTNOTE_RETURN_IF_ERROR(Publish());
  }
  FOOTNOTE_RETURN_IF_ERROR(AddCollection(store_, collection_));
  FOOTNOTE_RETURN_IF_ERROR(RemoveLeftovers());
  return done_;
}

absl::Status Pusher::ReadOurs(const index::ManifestLock& /*lock*/,
                              uint64_t number) {
  const std::string path = index::ManifestPath(folder_, number);
  FOOTNOTE_ASSIGN_OR_RETURN(text_, ReadFile(path));
  FOOTNOTE_ASSIGN_OR_RETURN(manifest_, index::DecodeManifest(text_, path));
  ours_ = {number, text_.size(), manifest_.info.manifest_sha256};
  done_.generation = number;
  done_.manifest_sha256 = ours_.sha256;
  for (const LocalFile& file : FilesOf(folder_, manifest_)) {
    done_.total_bytes += file.entry.bytes;
  }
  return absl::OkStatus();
}

absl::Status Pusher::CheckIsNewer() const {
  if (options_.force || latest_.generations.empty() ||
      latest_.generations.front().generation < ours_.generation) {
    return absl::OkStatus();
  }
  const std::string theirs =
      std::to_string(latest_.generations.front().generation);
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "COLLECTION_DIVERGED",
      "the store has generation " + theirs +
          ", which is no older than generation " +
          std::to_string(ours_.generation) +
          " here and not the same; --force puts this one in its place",
      {{"collection", collection_}, {"generation", theirs}});
}

absl::Status Pusher::Announce() {
  FOOTNOTE_RETURN_IF_ERROR(
      store_.Write(ObjectKey(collection_, ours_.sha256), text_));
  auto& begun = latest_.leftovers;
  if (std::find(begun.begin(), begun.end(), ours_) != begun.end()) {
    return absl::OkStatus();  // by one that was killed
  }
  begun.push_back(ours_);
  return WriteLatest(store_, collection_, latest_);
}

absl::Status Pusher::PutFiles() {
  std::set<Digest> there;
  if (!latest_.generations.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(there, NamedBy(latest_.generations.front()));
  }
  std::vector<LocalFile> missing;
  uint64_t total = 0;
  for (LocalFile& file : FilesOf(folder_, manifest_)) {
    if (!there.insert(file.entry.sha256).second) {
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        const bool has, store_.Has(ObjectKey(collection_, file.entry.sha256),
                                   file.entry.bytes));
    if (!has) {
      total += file.entry.bytes;
      missing.push_back(std::move(file));
    }
  }
  for (const LocalFile& file : missing) {
    if (options_.progress) {
      options_.progress(done_.bytes, total);
    }
    FOOTNOTE_RETURN_IF_ERROR(PutFile(file));
  }
  return absl::OkStatus();
}

absl::Status Pusher::PutFile(const LocalFile& file) {
  FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile mapped,
                            MappedFile::Open(file.path));
  if (Sha256Of(mapped.bytes()) != file.entry.sha256) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     file.path +
                         " does not hold what its manifest says; "
                         "footnote-index verify says more",
                     {{"path", file.path}});
  }
  FOOTNOTE_RETURN_IF_ERROR(
      store_.Write(ObjectKey(collection_, file.entry.sha256), mapped.bytes()));
  ++done_.files;
  done_.bytes += file.entry.bytes;
  return absl::OkStatus();
}

absl::Status Pusher::Publish() {
  std::vector<StoredManifest> kept = StillOurs();
  kept.insert(kept.begin(), ours_);
  kept.resize(std::min<size_t>(kept.size(), options_.keep));
  for (const StoredManifest& old : latest_.generations) {
    if (std::find(kept.begin(), kept.end(), old) == kept.end()) {
      latest_.leftovers.push_back(old);
    }
  }
  std::erase(latest_.leftovers, ours_);
  latest_.generations = std::move(kept);
  return WriteLatest(store_, collection_, latest_);
}

std::vector<StoredManifest> Pusher::StillOurs() {
  std::vector<StoredManifest> kept;
  for (const StoredManifest& old : latest_.generations) {
    const auto text = ReadFile(index::ManifestPath(folder_, old.generation));
    if (!text.ok() || old.generation >= ours_.generation) {
      continue;
    }
    if (Sha256Of(*text) == old.sha256) {
      kept.push_back(old);
    } else {
      latest_.purged_before = ours_.generation;
    }
  }
  return kept;
}

absl::StatusOr<std::set<Digest>> Pusher::NamedBy(
    const StoredManifest& stored) const {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string text,
                            FetchManifest(store_, collection_, stored));
  std::set<Digest> named = DigestsIn(text);
  named.insert(stored.sha256);
  return named;
}

absl::Status Pusher::RemoveLeftovers() {
  if (latest_.leftovers.empty()) {
    return absl::OkStatus();
  }
  std::set<Digest> needed;
  for (const StoredManifest& kept : latest_.generations) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::set<Digest> named, NamedBy(kept));
    needed.insert(named.begin(), named.end());
  }
  for (const StoredManifest& leftover : latest_.leftovers) {
    FOOTNOTE_RETURN_IF_ERROR(Remove(leftover, needed));
  }
  latest_.leftovers.clear();
  return WriteLatest(store_, collection_, latest_);
}

absl::Status Pusher::Remove(const StoredManifest& leftover,
                            const std::set<Digest>& needed) {
  const absl::StatusOr<std::set<Digest>> named = NamedBy(leftover);
  if (!named.ok()) {  // gone where a push was killed that removed it
    return absl::IsNotFound(named.status()) ? absl::OkStatus() : named.status();
  }
  std::vector<Digest> unneeded;
  std::set_difference(named->begin(), named->end(), needed.begin(),
                      needed.end(), std::back_inserter(unneeded));
  // What says which these are goes last.
  std::stable_partition(
      unneeded.begin(), unneeded.end(),
      [&](const Digest& digest) { return digest != leftover.sha256; });
  for (const Digest& digest : unneeded) {
    FOOTNOTE_RETURN_IF_ERROR(store_.Remove(ObjectKey(collection_, digest)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Transfer> Push(Store& store, const PushOptions& options) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::string folder,
      index::FindCollection(options.data_dir, options.collection));
  return Pusher(store, options, std::move(folder)).Run();
}

}  // namespace footnote::store
