#include "indexer/pipeline/collection_writer.h"

#include <filesystem>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {
namespace {

using Effect = ChangeResult::Effect;
using sources::SourceDocument;

absl::Status NoDocument(std::string_view document_id) {
  return MakeError(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND",
                   "there is no document \"" + std::string(document_id) + "\"",
                   {{"document_id", std::string(document_id)}});
}

absl::Status CheckAnalyzer(const Snapshot& snapshot) {
  const std::string ours = text::Analyzer::Stamp();
  const index::GenerationInfo& info = snapshot.manifest().info;
  if (snapshot.generation() == nullptr || info.analyzer == ours) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                   "the index was built with the analyzer \"" + info.analyzer +
                       "\"; this program has \"" + ours +
                       "\": index the sources again (footnote-index build)",
                   {{"analyzer", info.analyzer}});
}

}  // namespace

CollectionWriter::CollectionWriter(std::string folder,
                                   const WriterOptions& options,
                                   index::WriterLock lock, Snapshot snapshot,
                                   entities::Gazetteer gazetteer)
    : folder_(std::move(folder)),
      options_(options),
      lock_(std::move(lock)),
      gazetteer_(std::move(gazetteer)),
      entities_stamp_(gazetteer_.Stamp()),
      passage_stamp_(PassageStamp()),
      snapshot_(std::move(snapshot)) {}

CollectionWriter::~CollectionWriter() = default;

absl::StatusOr<std::unique_ptr<CollectionWriter>> CollectionWriter::Open(
    const std::string& data_dir, const std::string& name,
    const WriterOptions& options) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(name));
  std::string folder = index::ResolveAlias(data_dir + "/" + name);
  FOOTNOTE_ASSIGN_OR_RETURN(index::WriterLock lock,
                            index::WriterLock::TakeNew(folder));
  index::RemoveUnusedSegments(folder);
  FOOTNOTE_ASSIGN_OR_RETURN(
      Snapshot snapshot,
      Snapshot::Open(folder, std::filesystem::path(folder).filename()));
  FOOTNOTE_RETURN_IF_ERROR(CheckAnalyzer(snapshot));
  FOOTNOTE_ASSIGN_OR_RETURN(entities::Gazetteer gazetteer,
                            ReadGazetteer(snapshot));
  std::unique_ptr<CollectionWriter> writer(
      new CollectionWriter(std::move(folder), options, std::move(lock),
                           std::move(snapshot), std::move(gazetteer)));
  FOOTNOTE_RETURN_IF_ERROR(writer->OpenLog());
  const auto unfinished = ReadPurgeIntent(writer->folder_);
  if (!unfinished.ok() || !unfinished->empty()) {
    writer->Tidy(
        "cannot finish a purge",
        unfinished.ok()
            ? writer->FinishPurge(*unfinished, /*resumes=*/true).status()
            : unfinished.status());
  }
  return writer;
}

absl::Status CollectionWriter::OpenLog() {
  FOOTNOTE_ASSIGN_OR_RETURN(
      log_, index::WriteAheadLog::Open(
                index::LogPath(folder_), snapshot_.manifest().wal_sequence,
                [this](uint64_t, std::string_view payload) {
                  return Replay(payload);
                }));
  return absl::OkStatus();
}

// Takes in a change that was promised: it was checked then.
absl::Status CollectionWriter::Replay(std::string_view payload) {
  FOOTNOTE_ASSIGN_OR_RETURN(Change change, DecodeChange(payload));
  const std::string id = change.document.document_id;
  if (change.kind == Change::Kind::kDelete) {
    pending_.Set(id, {});
    return absl::OkStatus();
  }
  if (change.kind == Change::Kind::kUpdate) {
    absl::StatusOr<PendingChange> update = MakeUpdate(id, change.update);
    if (!update.ok()) {  // the document may be gone with its generation
      return absl::IsDataLoss(update.status()) ? update.status()
                                               : absl::OkStatus();
    }
    pending_.Set(id, *std::move(update));
    return absl::OkStatus();
  }
  pending_.Set(id, MakePut(std::move(change.document)));
  return absl::OkStatus();
}

PendingChange CollectionWriter::MakePut(SourceDocument document) const {
  PendingChange put;
  put.kind = PendingChange::Kind::kPut;
  put.revision = Sha256Of(document.text);
  put.etag = EtagOf(document, put.revision, passage_stamp_, entities_stamp_);
  put.document = std::make_shared<const SourceDocument>(std::move(document));
  return put;
}

absl::StatusOr<std::optional<CollectionWriter::Known>> CollectionWriter::Find(
    std::string_view document_id) const {
  for (const PendingChanges* changes : {&pending_, &publishing_}) {
    if (const PendingChange* change = changes->Find(document_id)) {
      if (change->kind == PendingChange::Kind::kDelete) {
        return std::optional<Known>();
      }
      return std::optional<Known>(
          {change->etag, change->revision, *change->document});
    }
  }
  const std::optional<KnownDocument> place = snapshot_.Find(document_id);
  if (!place) {
    return std::optional<Known>();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const index::DocumentRecord record,
      snapshot_.generation()->segments()[place->segment]->ReadDocument(
          place->document));
  return std::optional<Known>({record.etag, record.revision, SourceOf(record)});
}

absl::StatusOr<PendingChange> CollectionWriter::MakeUpdate(
    std::string_view document_id, const MetadataUpdate& update) const {
  FOOTNOTE_ASSIGN_OR_RETURN(std::optional<Known> known, Find(document_id));
  if (!known) {
    return NoDocument(document_id);
  }
  const Digest expected =
      EtagOf(known->source, known->revision, passage_stamp_, entities_stamp_);
  FOOTNOTE_RETURN_IF_ERROR(ApplyUpdate(update, &known->source));
  PendingChange change;
  change.revision = known->revision;
  change.etag =
      EtagOf(known->source, known->revision, passage_stamp_, entities_stamp_);
  if (known->etag != expected) {
    // It was analysed with other entities, and still is: the etag says so.
    change.etag = Sha256Of(ToBytes(known->etag) + ToBytes(change.etag));
  }
  const PendingChange* pending = pending_.Find(document_id);
  if (pending != nullptr && pending->kind == PendingChange::Kind::kPut) {
    change.kind = PendingChange::Kind::kPut;
  } else {
    change.kind = PendingChange::Kind::kUpdate;
    known->source.text.clear();
    known->source.headings.clear();
  }
  change.document =
      std::make_shared<const SourceDocument>(std::move(known->source));
  return change;
}

absl::Status CollectionWriter::MakeRoom() {
  {
    const std::lock_guard lock(mutex_);
    if (pending_.bytes() <= options_.max_pending_bytes) {
      return absl::OkStatus();
    }
  }
  const std::lock_guard publish_lock(publish_mutex_);
  {
    const std::lock_guard lock(mutex_);  // somebody may have published since
    if (pending_.bytes() <= options_.max_pending_bytes) {
      return absl::OkStatus();
    }
  }
  return PublishPending().status();
}

absl::StatusOr<ChangeResult> CollectionWriter::Put(SourceDocument document) {
  FOOTNOTE_RETURN_IF_ERROR(
      CheckDocument(document, options_.max_document_bytes));
  FOOTNOTE_RETURN_IF_ERROR(MakeRoom());
  const std::string id = document.document_id;
  PendingChange put = MakePut(std::move(document));
  const std::string payload = EncodePut(*put.document);
  ChangeResult result;
  result.etag = put.etag;
  result.revision = put.revision;
  const std::lock_guard lock(mutex_);
  FOOTNOTE_RETURN_IF_ERROR(broken_);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::optional<Known> known, Find(id));
  if (known && known->etag == put.etag) {
    result.effect = Effect::kUnchanged;
    result.sequence = log_->last_sequence();
    return result;
  }
  result.effect = known ? Effect::kChanged : Effect::kAdded;
  FOOTNOTE_ASSIGN_OR_RETURN(result.sequence, log_->Append(payload));
  pending_.Set(id, std::move(put));
  return result;
}

absl::StatusOr<ChangeResult> CollectionWriter::Delete(
    std::string_view document_id) {
  FOOTNOTE_RETURN_IF_ERROR(MakeRoom());
  const std::lock_guard lock(mutex_);
  FOOTNOTE_RETURN_IF_ERROR(broken_);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::optional<Known> known,
                            Find(document_id));
  ChangeResult result;
  if (!known) {
    result.sequence = log_->last_sequence();
    return result;
  }
  result.effect = Effect::kDeleted;
  FOOTNOTE_ASSIGN_OR_RETURN(result.sequence,
                            log_->Append(EncodeDelete(document_id)));
  pending_.Set(std::string(document_id), {});
  return result;
}

absl::StatusOr<ChangeResult> CollectionWriter::UpdateMetadata(
    std::string_view document_id, const MetadataUpdate& update) {
  FOOTNOTE_RETURN_IF_ERROR(MakeRoom());
  const std::lock_guard lock(mutex_);
  FOOTNOTE_RETURN_IF_ERROR(broken_);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::optional<Known> known,
                            Find(document_id));
  FOOTNOTE_ASSIGN_OR_RETURN(PendingChange change,
                            MakeUpdate(document_id, update));
  ChangeResult result;
  result.etag = change.etag;
  result.revision = change.revision;
  if (known && known->etag == change.etag) {
    result.effect = Effect::kUnchanged;
    result.sequence = log_->last_sequence();
    return result;
  }
  result.effect = Effect::kChanged;
  FOOTNOTE_ASSIGN_OR_RETURN(result.sequence,
                            log_->Append(EncodeUpdate(document_id, update)));
  pending_.Set(std::string(document_id), std::move(change));
  return result;
}

absl::Status CollectionWriter::Sync() { return log_->Sync(); }

uint64_t CollectionWriter::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_.size() + publishing_.size();
}

bool CollectionWriter::is_broken() const {
  const std::lock_guard lock(mutex_);
  return !broken_.ok();
}

uint64_t CollectionWriter::generation() const {
  const std::lock_guard lock(mutex_);
  return snapshot_.manifest().info.number;
}

absl::Status FoldLog(const std::string& data_dir, const std::string& name) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(name));
  const std::string folder = index::ResolveAlias(data_dir + "/" + name);
  const auto purge = ReadPurgeIntent(folder);
  if (!index::HasLog(index::LogPath(folder)) && purge.ok() && purge->empty()) {
    return absl::OkStatus();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::unique_ptr<CollectionWriter> writer,
      CollectionWriter::Open(data_dir, name, WriterOptions()));
  return writer->Publish().status();
}

}  // namespace footnote::pipeline
