#include "indexer/pipeline/verify_segment.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/base/varint.h"
#include "indexer/index/column.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/metadata_columns.h"
#include "indexer/index/schema.h"
#include "indexer/pipeline/verify_passage.h"
#include "indexer/text/utf8.h"

namespace footnote::pipeline {
namespace {

using index::DocumentPlace;
using index::DocumentRecord;
using index::Segment;

constexpr uint32_t kMaxHeadingLevel = 6;

// Walks the documents of a segment.
class SegmentCheck {
 public:
  SegmentCheck(const Segment& segment, std::string prefix,
               const std::string& passage_stamp, index::Findings* findings)
      : segment_(segment),
        prefix_(std::move(prefix)),
        findings_(findings),
        passages_(segment, prefix_, passage_stamp, findings) {}

  // Returns whether the columns can be read at all.
  bool Open() { return passages_.Open(); }

  void CheckOrders();
  void CheckTitles();
  void CheckDictionaries();
  void CheckMetadataDocuments();
  void CheckDocument(uint32_t document);

 private:
  void Add(std::string_view file, std::string what) {
    findings_->Add(prefix_ + std::string(file), std::move(what));
  }
  void AddOf(const DocumentRecord& record, std::string_view file,
             std::string what) {
    findings_->Add({prefix_ + std::string(file), std::move(what),
                    record.document_id, std::nullopt});
  }
  template <typename Less>
  void CheckOrder(std::string_view file, const uint32_t* begin, uint64_t size,
                  const Less& less);
  void CheckDistinct(std::string_view file);
  void CheckRecord(const DocumentRecord& record, const DocumentPlace& place);
  void CheckFacets(uint32_t document, const DocumentRecord& record);
  void CheckFacet(uint32_t ordinal, std::string_view field,
                  const std::string& value, const DocumentRecord& record);
  void CheckMetadata(uint32_t document, const DocumentRecord& record);
  void CheckText(const DocumentRecord& record, std::string_view text);

  const Segment& segment_;
  const std::string prefix_;
  index::Findings* findings_;
  PassageCheck passages_;
};

template <typename Less>
void SegmentCheck::CheckOrder(std::string_view file, const uint32_t* begin,
                              uint64_t size, const Less& less) {
  for (uint64_t i = 0; i < size; ++i) {
    if (begin[i] >= size) {
      return Add(file, "element " + std::to_string(i) + " is out of range");
    }
    if (i > 0 && !less(begin[i - 1], begin[i])) {
      return Add(file, "element " + std::to_string(i) + " is out of order");
    }
  }
}

void SegmentCheck::CheckOrders() {
  const auto documents = index::ValueColumn<uint32_t>::Open(
      segment_.folder() + "/" + std::string(index::kDocumentOrderFile));
  const auto passages = index::ValueColumn<uint32_t>::Open(
      segment_.folder() + "/" + std::string(index::kPassageIdOrderFile));
  const auto stems = index::ValueColumn<uint32_t>::Open(
      segment_.folder() + "/" + std::string(index::kStemOrderFile));
  if (!documents.ok() || !passages.ok() || !stems.ok()) {
    return;  // Open() would not have been true
  }
  // In strict order, none comes twice: then all are there.
  CheckOrder(index::kDocumentOrderFile, documents->begin(), documents->size(),
             [this](uint32_t a, uint32_t b) {
               return segment_.document_id(a) < segment_.document_id(b);
             });
  CheckOrder(index::kPassageIdOrderFile, passages->begin(), passages->size(),
             [this](uint32_t a, uint32_t b) {
               return segment_.passage_id(a) < segment_.passage_id(b);
             });
  CheckOrder(index::kStemOrderFile, stems->begin(), stems->size(),
             [this](uint32_t a, uint32_t b) {
               const int compared =
                   index::StemKeyOf(segment_.lexeme(a))
                       .compare(index::StemKeyOf(segment_.lexeme(b)));
               return compared != 0 ? compared < 0 : a < b;
             });
  for (uint32_t rank = 0; rank < stems->size(); ++rank) {
    if (segment_.stem_rank((*stems)[rank]) != rank) {
      return Add(index::kStemRanksFile,
                 "element " + std::to_string((*stems)[rank]) + " is wrong");
    }
  }
}

// Checks that the documents with a title are there, in the order of titles.
void SegmentCheck::CheckTitles() {
  const auto& order = segment_.title_order();
  std::vector<bool> seen(segment_.document_count());
  for (uint64_t i = 0; i < order.size(); ++i) {
    const auto key = [&](uint64_t at) {
      return std::pair(index::TitleKey(segment_.document_title(order[at])),
                       order[at]);
    };
    if (i > 0 && !(key(i - 1) < key(i))) {
      return Add(index::kTitleOrderFile,
                 "element " + std::to_string(i) + " is out of order");
    }
    seen[order[i]] = true;
  }
  for (uint32_t i = 0; i < segment_.document_count(); ++i) {
    const auto record = segment_.ReadDocument(i);
    if (record.ok() && record->title_given != seen[i]) {
      AddOf(*record, index::kTitleOrderFile,
            "the order of titles does not say whether it has one");
    }
  }
}

// Checks that no entry comes twice.
void SegmentCheck::CheckDistinct(std::string_view file) {
  const auto column =
      index::BlobColumn::Open(segment_.folder() + "/" + std::string(file));
  if (!column.ok()) {
    return;
  }
  std::vector<std::string_view> entries;
  entries.reserve(column->size());
  for (uint64_t i = 0; i < column->size(); ++i) {
    entries.push_back((*column)[i]);
  }
  std::sort(entries.begin(), entries.end());
  if (std::adjacent_find(entries.begin(), entries.end()) != entries.end()) {
    Add(file, "has an entry twice");
  }
}

void SegmentCheck::CheckDictionaries() {
  for (const std::string_view file :
       {index::kLexemesFile, index::kEntitiesFile, index::kFacetValuesFile,
        index::kFrequentTermsFile, index::kQuantityKeysFile}) {
    CheckDistinct(file);
  }
  for (uint64_t i = 0; i < passages_.lexeme_count(); ++i) {
    const std::string_view entry = segment_.lexeme(static_cast<uint32_t>(i));
    if (index::WordOf(entry).empty() ||
        index::StemKeyOf(entry).find(':') == std::string_view::npos) {
      return Add(index::kLexemesFile,
                 "lexeme " + std::to_string(i) + " is malformed");
    }
  }
  for (uint32_t i = 0; i < segment_.facet_value_count(); ++i) {
    if (segment_.facet_value(i).find(index::kEntrySeparator) ==
        std::string_view::npos) {
      return Add(index::kFacetValuesFile,
                 "value " + std::to_string(i) + " is malformed");
    }
  }
  for (uint32_t i = 0; i < segment_.entity_count(); ++i) {
    const std::string_view entry = segment_.entity(i);
    if (std::count(entry.begin(), entry.end(), index::kEntrySeparator) != 2) {
      return Add(index::kEntitiesFile,
                 "entity " + std::to_string(i) + " is malformed");
    }
  }
}

void SegmentCheck::CheckRecord(const DocumentRecord& record,
                               const DocumentPlace& place) {
  const auto bad = [&](std::string what) {
    AddOf(record, index::kDocumentsFile, std::move(what));
  };
  if (record.document_id.empty() || record.title.empty() ||
      record.uri.empty()) {
    bad("the record has no id, title or uri");
  }
  if (record.first_passage != place.first_passage ||
      record.passage_count != place.passage_count ||
      record.size.bytes != place.text_bytes) {
    bad("record and place differ");
  }
  uint64_t at = 0;
  for (const index::HeadingRecord& heading : record.headings) {
    if (heading.start < at || heading.start >= place.text_bytes ||
        heading.level < 1 || heading.level > kMaxHeadingLevel) {
      return bad("a heading is out of range or order");
    }
    at = heading.start + 1;
  }
}

void SegmentCheck::CheckFacet(uint32_t ordinal, std::string_view field,
                              const std::string& value,
                              const DocumentRecord& record) {
  std::string entry(field);
  entry += index::kEntrySeparator;
  entry += value;
  if (segment_.facet_value(ordinal) != entry) {
    AddOf(record, index::kDocumentFacetsFile,
          "the facet " + std::string(field) + " is not \"" + value + "\"");
  }
}

void SegmentCheck::CheckFacets(uint32_t document,
                               const DocumentRecord& record) {
  const index::DocumentFacets& facets = segment_.document_facets(document);
  CheckFacet(facets.source_type, "source_type", record.source_type, record);
  CheckFacet(facets.language, "language", record.language, record);
  if (facets.day != index::DayOf(record)) {
    AddOf(record, index::kDocumentFacetsFile,
          "the day is not that of the record");
  }
  const index::DocumentFacets none;
  if (facets.embargo_time != record.embargo_time.value_or(none.embargo_time) ||
      facets.expire_time != record.expire_time.value_or(none.expire_time)) {
    AddOf(record, index::kDocumentFacetsFile,
          "embargo or expiry are not those of the record");
  }
}

// Checks the values of a document against its metadata.
void SegmentCheck::CheckMetadata(uint32_t document,
                                 const DocumentRecord& record) {
  const index::MetadataColumns& metadata = segment_.metadata();
  std::vector<std::string> entries;
  metadata.ForEachValue(
      document, {0, metadata.value_count()},
      [&](uint32_t number) { entries.emplace_back(metadata.entry(number)); });
  if (entries != index::MetadataEntries(record.metadata_json)) {
    AddOf(record, index::kDocumentMetadataFile,
          "its values are not those of its metadata");
  }
}

// Checks that the values are in order, each once, and that each has just the
// documents that have it.
void SegmentCheck::CheckMetadataDocuments() {
  const index::MetadataColumns& metadata = segment_.metadata();
  const index::MetadataColumns::Range all{0, metadata.value_count()};
  std::vector<std::vector<uint32_t>> documents(metadata.value_count());
  for (uint32_t i = 0; i < segment_.document_count(); ++i) {
    metadata.ForEachValue(
        i, all, [&](uint32_t number) { documents[number].push_back(i); });
  }
  for (uint32_t i = 0; i < metadata.value_count(); ++i) {
    if (i > 0 && metadata.entry(i - 1) >= metadata.entry(i)) {
      Add(index::kMetadataValuesFile,
          "element " + std::to_string(i) + " is out of order");
    }
    std::vector<uint32_t> listed;
    metadata.ForEachDocument(
        i, [&](uint32_t document) { listed.push_back(document); });
    if (listed.empty() || listed != documents[i]) {
      Add(index::kMetadataDocumentsFile,
          "element " + std::to_string(i) +
              " does not have the documents that have the value");
    }
  }
}

void SegmentCheck::CheckText(const DocumentRecord& record,
                             std::string_view text) {
  if (text::FindInvalidUtf8(text) != std::string_view::npos) {
    AddOf(record, index::kTextsFile, "the text is not valid UTF-8");
  }
  if (Sha256Of(text) != record.revision) {
    AddOf(record, index::kTextsFile,
          "the revision is not the SHA-256 of the text");
  }
  if (text::MeasureText(text) != record.size) {
    AddOf(record, index::kDocumentsFile, "the sizes are not those of the text");
  }
}

void SegmentCheck::CheckDocument(uint32_t document) {
  const auto record = segment_.ReadDocument(document);
  if (!record.ok()) {
    return Add(index::kDocumentsFile,
               "record " + std::to_string(document) + " cannot be read");
  }
  const DocumentPlace& place = segment_.document_place(document);
  CheckRecord(*record, place);
  CheckFacets(document, *record);
  CheckMetadata(document, *record);
  passages_.CheckTitle(document, *record);
  const auto text = segment_.ReadText(document, 0, place.text_bytes);
  if (!text.ok()) {
    AddOf(*record, index::kTextsFile,
          "the text cannot be read: " + ErrorMessage(text.status()));
  } else {
    CheckText(*record, *text);
  }
  passages_.CheckDocument(document, *record,
                          text.ok() ? std::string_view(*text) : "");
}

}  // namespace

absl::Status VerifySegment(const Segment& segment, const std::string& prefix,
                           const std::string& passage_stamp,
                           const index::CheckProgress& progress,
                           index::Findings* findings) {
  SegmentCheck check(segment, prefix, passage_stamp, findings);
  if (!check.Open()) {
    return absl::OkStatus();
  }
  check.CheckOrders();
  check.CheckTitles();
  check.CheckDictionaries();
  check.CheckMetadataDocuments();
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    check.CheckDocument(i);
    FOOTNOTE_RETURN_IF_ERROR(progress
                                 ? progress(i + 1, segment.document_count())
                                 : absl::OkStatus());
  }
  return absl::OkStatus();
}

}  // namespace footnote::pipeline
