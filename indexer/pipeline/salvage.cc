#include "indexer/pipeline/salvage.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "indexer/base/varint.h"
#include "indexer/index/schema.h"
#include "indexer/pipeline/change.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/sources/body.h"

namespace footnote::pipeline {
namespace {

absl::Status Lost(const std::string& why) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT", why);
}

// Returns the document that a record and a text were made from.
sources::SourceDocument SourceWith(const index::DocumentRecord& record,
                                   std::string text) {
  sources::SourceDocument source = SourceOf(record);
  source.text = std::move(text);
  if (source.media_type == "text/markdown") {
    std::string title = source.title;
    sources::FillHeadings(&source);
    source.title = std::move(title);
  }
  return source;
}

}  // namespace

Salvage::Salvage(const std::string& folder, const index::SegmentEntry& entry,
                 const std::vector<std::string>& damaged)
    : count_(static_cast<uint32_t>(entry.segment.documents)) {
  const auto is_whole = [&](std::string_view file) {
    return std::find(damaged.begin(), damaged.end(), file) == damaged.end();
  };
  records_are_whole_ = is_whole(index::kDocumentsFile);
  const auto path = [&](std::string_view file) {
    return folder + "/" + std::string(file);
  };
  if (auto records = index::BlobColumn::Open(path(index::kDocumentsFile));
      records.ok()) {
    records_ = *std::move(records);
  }
  if (auto texts = index::TextColumn::Open(path(index::kTextsFile));
      texts.ok()) {
    texts_ = *std::move(texts);
  }
  FindTexts(path(index::kPlacesFile), is_whole(index::kPlacesFile));
}

// Texts lie end to end: where the column of places is damaged, their sizes say
// where they start, up to the first record that cannot be read.
void Salvage::FindTexts(const std::string& path, bool places_are_whole) {
  const auto places = index::ValueColumn<index::DocumentPlace>::Open(path);
  if (places_are_whole && places.ok()) {
    for (const index::DocumentPlace& place : *places) {
      starts_.push_back(place.text_start);
    }
    return;
  }
  uint64_t start = 0;
  for (uint32_t i = 0; i < count_; ++i) {
    starts_.push_back(start);
    const auto record = ReadRecord(i);
    if (!record) {
      break;
    }
    start += record->size.bytes;
  }
}

std::optional<index::DocumentRecord> Salvage::ReadRecord(
    uint32_t document) const {
  if (!records_ || document >= records_->size()) {
    return std::nullopt;
  }
  auto record = index::DecodeDocumentRecord((*records_)[document]);
  return record.ok() ? std::optional(*std::move(record)) : std::nullopt;
}

std::string Salvage::DocumentId(uint32_t document) const {
  if (!records_ || document >= records_->size()) {
    return "";
  }
  return std::string(FieldReader((*records_)[document]).Field());
}

absl::StatusOr<SalvagedDocument> Salvage::Read(
    uint32_t document, const std::string& entities_stamp) const {
  const auto record = ReadRecord(document);
  if (!record) {
    return Lost("its record cannot be read");
  }
  constexpr uint64_t kMaxTextBytes = UINT32_MAX;
  if (!texts_ || document >= starts_.size() ||
      record->size.bytes > kMaxTextBytes) {
    return Lost("its text cannot be found");
  }
  const uint64_t start = starts_[document];
  auto text = texts_->Read(start, start + record->size.bytes);
  if (!text.ok() || Sha256Of(*text) != record->revision) {
    return Lost("its text is damaged");
  }
  SalvagedDocument salvaged;
  salvaged.source = SourceWith(*record, *std::move(text));
  salvaged.etag = record->etag;
  salvaged.index_time = record->index_time;
  if (!records_are_whole_ &&
      EtagOf(salvaged.source, PassageStamp(), entities_stamp) != record->etag) {
    return Lost("its record is damaged");
  }
  return salvaged;
}

}  // namespace footnote::pipeline
