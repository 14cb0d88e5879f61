// The one way to change a collection a document at a time: footnote-index and
// footnote-server both go through it.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/retention.h"
#include "indexer/index/write_ahead_log.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/change.h"
#include "indexer/pipeline/pending_changes.h"
#include "indexer/pipeline/publish.h"
#include "indexer/pipeline/purge.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

struct WriterOptions {
  uint64_t max_document_bytes = 64ULL << 20;
  // Changes that would take more memory are published before the next one.
  uint64_t max_pending_bytes = 64ULL << 20;
  index::Retention retention;  // after each publication
};

// What a change did, beside what is published and pending.
struct ChangeResult {
  enum class Effect { kAdded, kChanged, kUnchanged, kDeleted, kNotFound };
  Effect effect = Effect::kNotFound;
  Digest etag{};      // of the document now; zeros where there is none
  Digest revision{};  // likewise
  // The change is durable when Sync() returned ok after it; at the latest when
  // a generation with wal_sequence >= this is published.
  uint64_t sequence = 0;
};

// Holds the collection's WriterLock for as long as it lives. Thread-safe: puts,
// syncs, one publish and one merge may run at once.
class CollectionWriter {
 public:
  // Opens the collection `name` (or an alias of one) in `data_dir`, and makes
  // it where it is missing. Takes in what the write-ahead log has beyond the
  // current generation, and finishes a purge that was cut short; one that
  // cannot be finished is logged, and tried again by the next writer.
  // Errors: kInvalidArgument COLLECTION_NAME_INVALID; kFailedPrecondition
  // COLLECTION_LOCKED, INDEX_VERSION, ANALYZER_MISMATCH (build it again);
  // kDataLoss INDEX_CORRUPT; DISK_FULL, FILE_IO, FILE_UNREADABLE.
  static absl::StatusOr<std::unique_ptr<CollectionWriter>> Open(
      const std::string& data_dir, const std::string& name,
      const WriterOptions& options);

  ~CollectionWriter();
  CollectionWriter(const CollectionWriter&) = delete;
  CollectionWriter& operator=(const CollectionWriter&) = delete;

  // Takes a document; one whose etag is known already changes nothing. Errors:
  // as of CheckDocument(); those of Publish() where memory runs out; those of
  // the log, which takes nothing more until the collection is opened again.
  absl::StatusOr<ChangeResult> Put(sources::SourceDocument document);

  // Deletes a document; kNotFound, as an effect, where there is none.
  // Errors: those of the log.
  absl::StatusOr<ChangeResult> Delete(std::string_view document_id);

  // Changes what is known of a document; nothing is analysed again but a new
  // title. Errors: kNotFound DOCUMENT_NOT_FOUND; as of ApplyUpdate(); those of
  // the log.
  absl::StatusOr<ChangeResult> UpdateMetadata(std::string_view document_id,
                                              const MetadataUpdate& update);

  // Makes all changes until now durable. Callers at the same time share a sync.
  // Errors: DISK_FULL, FILE_IO.
  absl::Status Sync();

  // How many documents have changes that are not published.
  uint64_t pending() const;

  // Whether a generation was published that could not be opened: nothing is
  // taken any more, and opening the collection again brings all back.
  bool is_broken() const;

  // Publishes what changed until now as a generation, and the first generation
  // of a new collection also where nothing did. Then trims the log and removes
  // old generations. Errors: kDataLoss INDEX_CORRUPT; DISK_FULL, FILE_IO; the
  // changes then stay pending.
  absl::StatusOr<Published> Publish();

  // Takes one step of the merge policy (see ChooseMerge()) and publishes it;
  // puts, syncs and publishes go on meanwhile. Returns false where there is
  // nothing to do. One caller at a time does it, others wait.
  // Errors: kCancelled CANCELLED after StopMerging(); as of Merge::Copy()
  // and Publish(); the segments then stay.
  absl::StatusOr<bool> MergeOnce();

  // Lets a merge that runs, and all later ones, end soon.
  void StopMerging() { stop_merging_ = true; }

  // Removes the generations beyond the last `keep` (at least 1) that nobody
  // reads, and what only they named. Returns what went. Errors: FILE_IO.
  absl::StatusOr<index::Removed> RemoveOldGenerations(uint64_t keep);

  // Erases documents, by their ids: deletes them, publishes all that is
  // pending, and rewrites every generation that is kept (see EraseDocuments()),
  // so that no file of the collection holds them any more; then, where any had
  // one, publishes once more, so that servers look at older ones again. Cut
  // short, the next writer that opens the collection finishes it. Holds up
  // merges and publishes.
  // Errors: as of EraseDocuments() and Publish().
  absl::StatusOr<PurgeSummary> Purge(const std::set<std::string>& ids);

  // The number of the current generation; 0 before the first.
  uint64_t generation() const;
  const std::string& folder() const { return folder_; }

 private:
  // A document that is published or pending, without its text where that is
  // published.
  struct Known {
    Digest etag{};
    Digest revision{};
    sources::SourceDocument source;
  };

  CollectionWriter(std::string folder, const WriterOptions& options,
                   index::WriterLock lock, Snapshot snapshot,
                   entities::Gazetteer gazetteer);

  absl::Status OpenLog();
  absl::Status Replay(std::string_view payload);
  absl::Status MakeRoom();
  PendingChange MakePut(sources::SourceDocument document) const;
  Snapshot snapshot() const;
  // These two need mutex_.
  absl::StatusOr<std::optional<Known>> Find(std::string_view document_id) const;
  absl::StatusOr<PendingChange> MakeUpdate(std::string_view document_id,
                                           const MetadataUpdate& update) const;
  // These need publish_mutex_; FinishPurge() merge_mutex_ too.
  absl::StatusOr<Published> PublishPending();
  absl::Status Install();
  absl::StatusOr<PurgeSummary> FinishPurge(const std::set<std::string>& ids,
                                           bool resumes);
  absl::Status PublishAnew();
  void Tidy(const char* what, const absl::Status& status) const;
  void RemoveOld() const;
  // Needs merge_mutex_.
  std::vector<uint32_t> Choose(const Snapshot& base) const;

  const std::string folder_;
  const WriterOptions options_;
  const index::WriterLock lock_;
  const entities::Gazetteer gazetteer_;
  const std::string entities_stamp_;
  const std::string passage_stamp_;
  std::unique_ptr<index::WriteAheadLog> log_;
  std::atomic<bool> stop_merging_ = false;

  // Taken in this order. merge_mutex_: who merges; publish_mutex_: who makes
  // the next generation; mutex_: the members after it.
  std::mutex merge_mutex_;
  std::set<std::string> damaged_;  // segments, found while merging
  std::mutex publish_mutex_;
  mutable std::mutex mutex_;
  absl::Status broken_;  // what was published could not be opened
  Snapshot snapshot_;
  PendingChanges pending_;
  PendingChanges publishing_;
};

// Publishes what the log of a collection has beyond its current generation, and
// finishes a purge; does nothing where there is neither, or no such collection.
// Errors: as of CollectionWriter.
absl::Status FoldLog(const std::string& data_dir, const std::string& name);

}  // namespace footnote::pipeline
