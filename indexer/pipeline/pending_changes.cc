#include "indexer/pipeline/pending_changes.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "indexer/base/parallel.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/segment_writer.h"
#include "indexer/pipeline/document_copier.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/pipeline/prepare_pool.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {
namespace {

// What a change takes besides its texts: nodes, JSON values.
constexpr uint64_t kChangeBytes = 1024;

// Fewer are analysed on one thread: the others are for searches.
constexpr uint64_t kBytesForThreads = 4 << 20;

uint64_t BytesOf(std::string_view document_id, const PendingChange& change) {
  uint64_t bytes = kChangeBytes + document_id.size();
  if (change.document != nullptr) {
    bytes += change.document->text.size() + change.document->title.size() +
             change.document->uri.size() +
             change.document->metadata
                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                 .size();
    for (const std::string& label : change.document->access_labels) {
      bytes += label.size();
    }
  }
  return bytes;
}

int64_t NowSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Writes the segment of what was put and updated.
class ChangedSegment {
 public:
  // Analyses on so many threads; what comes out is the same for any number.
  ChangedSegment(const Snapshot& base, const entities::Gazetteer& gazetteer,
                 int threads)
      : base_(base), gazetteer_(gazetteer), threads_(threads) {}

  // `known` is the document as it was published, where it was.
  absl::Status Add(const PendingChange& change,
                   const std::optional<KnownDocument>& known);
  // Returns the segment; none where nothing was added.
  absl::StatusOr<std::vector<index::SegmentSummary>> Finish();

 private:
  absl::Status AddPut(const PendingChange& change);
  absl::Status AddPrepared();
  absl::StatusOr<index::PreparedDocument> Update(const PendingChange& change,
                                                 const KnownDocument& known);

  const Snapshot& base_;
  const entities::Gazetteer& gazetteer_;
  const int threads_;
  const int64_t index_time_ = NowSeconds();
  std::unique_ptr<index::SegmentWriter> writer_;
  std::optional<PreparePool> pool_;  // once something was put
  text::Analyzer analyzer_;
};

absl::Status ChangedSegment::Add(const PendingChange& change,
                                 const std::optional<KnownDocument>& known) {
  if (writer_ == nullptr) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        writer_, index::SegmentWriter::Create(base_.folder(), PassageStamp()));
  }
  if (change.kind == PendingChange::Kind::kPut) {
    return AddPut(change);
  }
  if (!known) {
    return absl::OkStatus();  // nothing that could be updated
  }
  FOOTNOTE_RETURN_IF_ERROR(AddPrepared());
  FOOTNOTE_ASSIGN_OR_RETURN(index::PreparedDocument updated,
                            Update(change, *known));
  return writer_->Add(std::move(updated));
}

absl::Status ChangedSegment::AddPut(const PendingChange& change) {
  if (!pool_) {
    pool_.emplace(gazetteer_, threads_);
  }
  pool_->Push(*change.document, change.etag, index_time_);
  while (pool_->is_full() || pool_->is_ready()) {
    FOOTNOTE_RETURN_IF_ERROR(writer_->Add(pool_->Pop()));
  }
  return absl::OkStatus();
}

// Adds all that was put until now.
absl::Status ChangedSegment::AddPrepared() {
  while (pool_ && !pool_->empty()) {
    FOOTNOTE_RETURN_IF_ERROR(writer_->Add(pool_->Pop()));
  }
  return absl::OkStatus();
}

absl::StatusOr<index::PreparedDocument> ChangedSegment::Update(
    const PendingChange& change, const KnownDocument& known) {
  const index::Segment& segment =
      *base_.generation()->segments()[known.segment];
  DocumentCopier copier(segment, writer_.get());
  FOOTNOTE_ASSIGN_OR_RETURN(index::PreparedDocument updated,
                            copier.Read(known.document));
  index::DocumentRecord& record = updated.record;
  const std::string title = record.title_given ? record.title : "";
  FillMetadata(*change.document, &record);
  record.etag = change.etag;
  const std::string new_title = record.title_given ? record.title : "";
  if (new_title != title) {
    updated.title.clear();
    for (const text::Token& token :
         analyzer_.Analyze(new_title, record.language)) {
      const std::string stem = index::StemKey(record.language, token.stem);
      updated.title.push_back(
          writer_->lexemes()->Intern({token.word, token.spelling, stem}));
    }
  }
  return updated;
}

absl::StatusOr<std::vector<index::SegmentSummary>> ChangedSegment::Finish() {
  std::vector<index::SegmentSummary> segments;
  FOOTNOTE_RETURN_IF_ERROR(AddPrepared());
  if (writer_ != nullptr && writer_->document_count() > 0) {
    FOOTNOTE_ASSIGN_OR_RETURN(segments.emplace_back(),
                              writer_->Finish(threads_));
  }
  return segments;
}

}  // namespace

const PendingChange* PendingChanges::Find(std::string_view document_id) const {
  const auto at = changes_.find(document_id);
  return at == changes_.end() ? nullptr : &at->second;
}

void PendingChanges::Set(const std::string& document_id, PendingChange change) {
  const auto at = changes_.find(document_id);
  if (at != changes_.end()) {
    bytes_ -= BytesOf(document_id, at->second);
  }
  bytes_ += BytesOf(document_id, change);
  changes_[document_id] = std::move(change);
}

void PendingChanges::AddOlder(const PendingChanges& older) {
  for (const auto& [id, before] : older.all()) {
    const PendingChange* now = Find(id);
    if (now == nullptr) {
      Set(id, before);
    } else if (now->kind == PendingChange::Kind::kUpdate &&
               before.kind == PendingChange::Kind::kPut) {
      PendingChange put = *now;
      sources::SourceDocument whole = *now->document;
      whole.text = before.document->text;
      whole.headings = before.document->headings;
      put.kind = PendingChange::Kind::kPut;
      put.document =
          std::make_shared<const sources::SourceDocument>(std::move(whole));
      Set(id, std::move(put));
    }
  }
}

absl::StatusOr<Published> PublishChanges(Snapshot base,
                                         const PendingChanges& changes,
                                         const entities::Gazetteer& gazetteer) {
  ChangedSegment segment(
      base, gazetteer,
      changes.bytes() < kBytesForThreads ? 1 : HardwareThreads());
  for (const auto& [id, change] : changes.all()) {
    const std::optional<KnownDocument> known = base.Find(id);
    const bool is_deletion = change.kind == PendingChange::Kind::kDelete;
    if (known && !is_deletion && known->etag == change.etag) {
      continue;  // back to what it was
    }
    if (known) {
      base.Replace(*known);
    }
    const absl::Status status =
        is_deletion ? absl::OkStatus() : segment.Add(change, known);
    FOOTNOTE_RETURN_IF_ERROR(status);
  }
  base.KeepRest();
  FOOTNOTE_ASSIGN_OR_RETURN(std::vector<index::SegmentSummary> added,
                            segment.Finish());
  return Publish(base, std::move(added), gazetteer);
}

}  // namespace footnote::pipeline
