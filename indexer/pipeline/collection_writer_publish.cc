// What makes generations in CollectionWriter: publishing, merging, purging.

#include <filesystem>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/log.h"
#include "indexer/index/retention.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/pipeline/merge.h"

namespace footnote::pipeline {

absl::StatusOr<Published> CollectionWriter::Publish() {
  const std::lock_guard publish_lock(publish_mutex_);
  return PublishPending();
}

absl::StatusOr<Published> CollectionWriter::PublishPending() {
  {
    // What was published and could not be opened must not be published over.
    const std::lock_guard lock(mutex_);
    FOOTNOTE_RETURN_IF_ERROR(broken_);
  }
  Snapshot base = [this] {
    const std::lock_guard lock(mutex_);
    publishing_ = std::exchange(pending_, {});
    Snapshot copy = snapshot_;
    copy.SetLogSequence(log_->last_sequence());
    log_->StartFile();
    return copy;
  }();
  const index::GenerationInfo& info = base.manifest().info;
  if (publishing_.size() == 0 && base.generation() != nullptr) {
    return Published{info.number, false, info.documents, info.passages};
  }
  absl::StatusOr<Published> published =
      PublishChanges(base, publishing_, gazetteer_);
  if (published.ok()) {
    FOOTNOTE_RETURN_IF_ERROR(Install());
    return published;
  }
  const std::lock_guard lock(mutex_);
  pending_.AddOlder(std::exchange(publishing_, {}));
  return published;
}

// Goes over to the generation that was just published.
absl::Status CollectionWriter::Install() {
  absl::StatusOr<Snapshot> next =
      Snapshot::Open(folder_, std::filesystem::path(folder_).filename(),
                     snapshot_.generation().get());
  uint64_t folded = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!next.ok()) {
      broken_ = next.status();
      return broken_;
    }
    snapshot_ = *std::move(next);
    publishing_ = PendingChanges();
    folded = snapshot_.manifest().wal_sequence;
  }
  Tidy("cannot trim the log", log_->Trim(folded));
  RemoveOld();
  return absl::OkStatus();
}

// What is published is published: what cannot be tidied up now can be later.
void CollectionWriter::Tidy(const char* what,
                            const absl::Status& status) const {
  if (!status.ok()) {
    Log(Severity::kWarning, what,
        {{"path", folder_}, {"error", ErrorMessage(status)}});
  }
}

absl::StatusOr<bool> CollectionWriter::MergeOnce() {
  const std::lock_guard merge_lock(merge_mutex_);
  const Snapshot base = snapshot();
  const std::vector<uint32_t> chosen = Choose(base);
  if (chosen.empty()) {
    return false;
  }
  const absl::StatusOr<Merge> merge = Merge::Copy(base, chosen, stop_merging_);
  if (absl::IsDataLoss(merge.status())) {
    for (const uint32_t i : chosen) {
      damaged_.insert(base.manifest().segments[i].segment.id);
    }
  }
  FOOTNOTE_RETURN_IF_ERROR(merge.status());
  const std::lock_guard publish_lock(publish_mutex_);
  const Snapshot current = snapshot();
  FOOTNOTE_RETURN_IF_ERROR(
      PublishMerged(current, merge->Over(current)).status());
  FOOTNOTE_RETURN_IF_ERROR(Install());
  return true;
}

// Leaves out segments whose merge found damage: it would find it again.
std::vector<uint32_t> CollectionWriter::Choose(const Snapshot& base) const {
  const std::vector<SegmentSize> sizes = SizesOf(base.manifest());
  std::vector<SegmentSize> whole;
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < sizes.size(); ++i) {
    if (!damaged_.contains(base.manifest().segments[i].segment.id)) {
      whole.push_back(sizes[i]);
      numbers.push_back(i);
    }
  }
  std::vector<uint32_t> chosen = ChooseMerge(whole);
  for (uint32_t& i : chosen) {
    i = numbers[i];
  }
  return chosen;
}

void CollectionWriter::RemoveOld() const {
  const auto removed = index::RemoveOldGenerations(folder_, options_.retention);
  Tidy("cannot remove old generations", removed.status());
  if (removed.ok()) {
    for (const index::UnreadableManifest& unreadable : removed->unreadable) {
      Tidy("a manifest cannot be read: what it may need stays",
           unreadable.status);
    }
  }
}

absl::StatusOr<index::Removed> CollectionWriter::RemoveOldGenerations(
    uint64_t keep) {
  const std::lock_guard publish_lock(publish_mutex_);
  if (snapshot().generation() == nullptr) {
    return index::Removed();
  }
  return index::RemoveOldGenerations(folder_, {.keep = keep, .batch = 1});
}

absl::StatusOr<PurgeSummary> CollectionWriter::Purge(
    const std::set<std::string>& ids) {
  const std::lock_guard merge_lock(merge_mutex_);
  const std::lock_guard publish_lock(publish_mutex_);
  // One that is unfinished is not forgotten.
  FOOTNOTE_ASSIGN_OR_RETURN(std::set<std::string> all,
                            ReadPurgeIntent(folder_));
  const bool resumes = !all.empty();
  all.insert(ids.begin(), ids.end());
  FOOTNOTE_RETURN_IF_ERROR(WritePurgeIntent(folder_, all));
  return FinishPurge(all, resumes);
}

// One that resumes another may find everything erased already.
absl::StatusOr<PurgeSummary> CollectionWriter::FinishPurge(
    const std::set<std::string>& ids, bool resumes) {
  std::set<std::string> in_log;  // ids that are pending
  {
    // The intent stands for the log.
    const std::lock_guard lock(mutex_);
    FOOTNOTE_RETURN_IF_ERROR(broken_);
    for (const std::string& id : ids) {
      FOOTNOTE_ASSIGN_OR_RETURN(const std::optional<Known> known, Find(id));
      const PendingChange* pending = pending_.Find(id);
      if (pending != nullptr) {
        in_log.insert(id);
      }
      if (known || pending != nullptr) {
        pending_.Set(id, {});
      }
    }
  }
  FOOTNOTE_RETURN_IF_ERROR(PublishPending().status());
  const Snapshot published = snapshot();
  PurgeSummary summary;
  const bool is_published = published.generation() != nullptr;
  if (is_published) {
    FOOTNOTE_RETURN_IF_ERROR(log_->Trim(published.manifest().wal_sequence));
    FOOTNOTE_ASSIGN_OR_RETURN(summary, EraseDocuments(folder_, ids));
  }
  if (is_published && (summary.segments > 0 || resumes)) {
    FOOTNOTE_RETURN_IF_ERROR(Install());
    FOOTNOTE_RETURN_IF_ERROR(PublishAnew());
  }
  if (is_published) {
    FOOTNOTE_RETURN_IF_ERROR(
        index::NotePurgedBefore(folder_, snapshot().manifest().info.number));
  }
  std::erase_if(summary.not_found,
                [&](const std::string& id) { return in_log.contains(id); });
  FOOTNOTE_RETURN_IF_ERROR(RemovePurgeIntent(folder_));
  return summary;
}

// Publishes a generation that says the same: whoever has older ones open then
// looks at their manifests again.
absl::Status CollectionWriter::PublishAnew() {
  {
    const std::lock_guard lock(mutex_);
    FOOTNOTE_RETURN_IF_ERROR(log_->Append(EncodeDelete("")).status());
    pending_.Set("", {});  // nothing is called so
  }
  return PublishPending().status();
}

Snapshot CollectionWriter::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

}  // namespace footnote::pipeline
