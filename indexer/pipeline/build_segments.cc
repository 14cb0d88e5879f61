#include "indexer/pipeline/build_segments.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <malloc.h>

#include "indexer/index/build_journal.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/prepare.h"

namespace footnote::pipeline {

BuildSegments::BuildSegments(std::string folder, std::string entities_stamp,
                             int threads, const SegmentLimits& limits)
    : folder_(std::move(folder)),
      entities_stamp_(std::move(entities_stamp)),
      threads_(threads),
      limits_(limits) {
  OpenJournal();
}

BuildSegments::~BuildSegments() = default;

void BuildSegments::OpenJournal() {
  const std::optional<index::Manifest> journal =
      index::ReadJournal(folder_, PassageStamp(), entities_stamp_);
  if (!journal) {
    index::RemoveJournal(folder_);
  }
  index::RemoveUnusedSegments(folder_);
  if (!journal) {
    return;
  }
  for (const index::SegmentEntry& entry : journal->segments) {
    auto segment = index::OpenSegment(folder_, entry);
    if (segment.ok()) {
      finished_.push_back({entry.segment, *std::move(segment), {}, {}});
    }
  }
}

bool BuildSegments::Reuse(std::string_view document_id, const Digest& etag) {
  for (FinishedSegment& finished : finished_) {
    if (finished.of_killed == nullptr) {
      continue;
    }
    const auto document = finished.of_killed->FindDocument(document_id);
    if (!document) {
      continue;
    }
    const auto record = finished.of_killed->ReadDocument(*document);
    if (record.ok() && record->etag == etag) {
      finished.reused.add(*document);
      return true;
    }
  }
  return false;
}

bool BuildSegments::Has(std::string_view document_id) const {
  return std::any_of(finished_.begin(), finished_.end(),
                     [&](const FinishedSegment& finished) {
                       return HasIn(finished, document_id);
                     });
}

bool BuildSegments::HasIn(const FinishedSegment& finished,
                          std::string_view document_id) const {
  if (finished.of_killed != nullptr) {
    const auto document = finished.of_killed->FindDocument(document_id);
    return document && finished.reused.contains(*document);
  }
  if (!std::binary_search(finished.ids.begin(), finished.ids.end(),
                          std::hash<std::string_view>()(document_id))) {
    return false;
  }
  const auto segment =
      index::OpenSegment(folder_, {finished.summary, std::nullopt});
  return segment.ok() && (*segment)->FindDocument(document_id).has_value();
}

absl::Status BuildSegments::Add(index::PreparedDocument document) {
  if (writer_ == nullptr) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        writer_, index::SegmentWriter::Create(folder_, PassageStamp()));
  }
  FOOTNOTE_RETURN_IF_ERROR(writer_->Add(std::move(document)));
  if (writer_->text_bytes() < limits_.text_bytes &&
      writer_->memory_bytes() < limits_.memory_bytes) {
    return absl::OkStatus();
  }
  FOOTNOTE_RETURN_IF_ERROR(FinishSegment());
  return SaveJournal();
}

absl::Status BuildSegments::FinishSegment() {
  if (on_finish_) {
    on_finish_(false);
  }
  FinishedSegment finished;
  FOOTNOTE_ASSIGN_OR_RETURN(finished.summary, writer_->Finish(threads_));
  writer_.reset();
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::unique_ptr<index::Segment> segment,
      index::OpenSegment(folder_, {finished.summary, std::nullopt}));
  finished.ids.reserve(segment->document_count());
  for (uint32_t i = 0; i < segment->document_count(); ++i) {
    finished.ids.push_back(
        std::hash<std::string_view>()(segment->document_id(i)));
  }
  std::sort(finished.ids.begin(), finished.ids.end());
  malloc_trim(0);  // what is left in pieces would add up over segments
  finished_.push_back(std::move(finished));
  if (on_finish_) {
    on_finish_(true);
  }
  return absl::OkStatus();
}

absl::Status BuildSegments::SaveJournal() const {
  index::Manifest journal;
  journal.info.analyzer = PassageStamp();
  journal.entities = entities_stamp_;
  for (const FinishedSegment& finished : finished_) {
    journal.segments.push_back({finished.summary, std::nullopt});
  }
  return index::WriteJournal(folder_, journal);
}

absl::StatusOr<BuildSegments::Finished> BuildSegments::Finish() {
  if (writer_ != nullptr) {
    FOOTNOTE_RETURN_IF_ERROR(FinishSegment());
  }
  Finished result;
  for (FinishedSegment& finished : finished_) {
    Roaring gone;
    if (finished.of_killed != nullptr) {
      gone.addRange(0, finished.of_killed->document_count());
      gone -= finished.reused;
    }
    if (gone.cardinality() < finished.summary.documents) {
      result.segments.push_back(std::move(finished.summary));
      result.gone.push_back(std::move(gone));
    }
  }
  return result;
}

}  // namespace footnote::pipeline
