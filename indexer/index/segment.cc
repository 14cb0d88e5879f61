#include "indexer/index/segment.h"

#include <algorithm>
#include <utility>

#include "indexer/base/varint.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

absl::Status Corrupt(const std::string& path, const std::string& what) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   path + ": " + what, {{"path", path}});
}

// Decodes triples of number, gap from the last end, and length, in a text of
// `text_bytes`; up to the first that is damaged.
template <typename T>
std::vector<T> DecodeSpans(std::string_view bytes, uint64_t text_bytes,
                           uint32_t T::*number) {
  std::vector<T> spans;
  FieldReader reader(bytes);
  uint64_t at = 0;
  while (!reader.AtEnd()) {
    T span;
    span.*number = static_cast<uint32_t>(reader.Varint());
    const uint64_t gap = std::min(reader.Varint(), text_bytes + 1);
    const uint64_t length = std::min(reader.Varint(), text_bytes + 1);
    if (!reader.ok() || at + gap + length > text_bytes) {
      break;
    }
    span.start = static_cast<uint32_t>(at + gap);
    at += gap + length;
    span.end = static_cast<uint32_t>(at);
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Segment>> Segment::Open(
    const std::string& folder) {
  std::unique_ptr<Segment> segment(new Segment());
  segment->folder_ = folder;
  FOOTNOTE_RETURN_IF_ERROR(segment->OpenColumns(folder));
  FOOTNOTE_RETURN_IF_ERROR(segment->CheckCounts(folder));
  FOOTNOTE_RETURN_IF_ERROR(segment->CheckDocuments(folder));
  FOOTNOTE_RETURN_IF_ERROR(segment->CheckPassages(folder));
  return segment;
}

absl::Status Segment::OpenColumns(const std::string& folder) {
  const auto path = [&](std::string_view name) {
    return folder + "/" + std::string(name);
  };
  const auto open = [&]<typename Column>(
                        Column* column, std::string_view name) -> absl::Status {
    FOOTNOTE_ASSIGN_OR_RETURN(*column, Column::Open(path(name)));
    return absl::OkStatus();
  };
  for (const absl::Status& status : {
           open(&texts_, kTextsFile),
           open(&documents_, kDocumentsFile),
           open(&places_, kPlacesFile),
           open(&document_order_, kDocumentOrderFile),
           open(&document_facets_, kDocumentFacetsFile),
           open(&passages_, kPassagesFile),
           open(&passage_ids_, kPassageIdsFile),
           open(&passage_id_order_, kPassageIdOrderFile),
           open(&sentences_, kSentencesFile),
           open(&tokens_, kTokensFile),
           open(&mentions_, kMentionsFile),
           open(&passage_facets_, kPassageFacetsFile),
           open(&lexemes_, kLexemesFile),
           open(&entities_, kEntitiesFile),
           open(&facet_values_, kFacetValuesFile),
       }) {
    FOOTNOTE_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status Segment::CheckCounts(const std::string& folder) const {
  const uint64_t documents = places_.size();
  const uint64_t passages = passages_.size();
  for (const uint64_t count :
       {documents_.size(), document_order_.size(), document_facets_.size()}) {
    if (count != documents) {
      return Corrupt(folder, "columns of documents differ in length");
    }
  }
  for (const uint64_t count :
       {passage_ids_.size(), passage_id_order_.size(), sentences_.size(),
        tokens_.size(), mentions_.size(), passage_facets_.size()}) {
    if (count != passages) {
      return Corrupt(folder, "columns of passages differ in length");
    }
  }
  return CatchXapian([&]() -> absl::Status {
    DatabaseLease database = LeaseDatabase();
    if (database->get_doccount() != passages ||
        database->get_lastdocid() != passages) {
      return Corrupt(folder, "postings and columns differ in length");
    }
    return absl::OkStatus();
  });
}

// Checks the numbers by which documents find what belongs to them, so that a
// damaged file cannot lead outside of another.
absl::Status Segment::CheckDocuments(const std::string& folder) const {
  uint64_t next_passage = 0;
  uint64_t next_text = 0;
  for (uint32_t i = 0; i < document_count(); ++i) {
    const DocumentPlace& place = places_[i];
    if (place.first_passage != next_passage || place.passage_count == 0 ||
        place.text_start != next_text || place.text_bytes > UINT32_MAX) {
      return Corrupt(folder, "places of documents are damaged");
    }
    next_passage += place.passage_count;
    next_text += place.text_bytes;
    if (document_order_[i] >= document_count()) {
      return Corrupt(folder, "the order of documents is damaged");
    }
    const DocumentFacets& facets = document_facets_[i];
    if (facets.source_type >= facet_value_count() ||
        facets.language >= facet_value_count()) {
      return Corrupt(folder, "facets of documents are damaged");
    }
  }
  return next_passage == passage_count()
             ? absl::OkStatus()
             : Corrupt(folder, "places of documents are damaged");
}

// Likewise for passages, which tile their documents.
absl::Status Segment::CheckPassages(const std::string& folder) const {
  uint32_t passage = 0;
  for (uint32_t i = 0; i < document_count(); ++i) {
    uint32_t at = 0;
    for (uint32_t k = 0; k < places_[i].passage_count; ++k, ++passage) {
      const PassagePlace& place = passages_[passage];
      if (place.document != i || place.ordinal != k || place.start != at ||
          place.end < at) {
        return Corrupt(folder, "places of passages are damaged");
      }
      at = place.end;
      if (passage_id_order_[passage] >= passage_count()) {
        return Corrupt(folder, "the order of passages is damaged");
      }
    }
    if (at != places_[i].text_bytes) {
      return Corrupt(folder, "places of passages are damaged");
    }
  }
  return absl::OkStatus();
}

std::string_view Segment::document_id(uint32_t document) const {
  return FieldReader(documents_[document]).Field();
}

absl::StatusOr<DocumentRecord> Segment::ReadDocument(uint32_t document) const {
  return DecodeDocumentRecord(documents_[document]);
}

std::optional<uint32_t> Segment::FindDocument(
    std::string_view document_id) const {
  const auto* const at = std::lower_bound(
      document_order_.begin(), document_order_.end(), document_id,
      [this](uint32_t document, std::string_view id) {
        return this->document_id(document) < id;
      });
  if (at == document_order_.end() || this->document_id(*at) != document_id ||
      tombstones_.documents.contains(*at)) {
    return std::nullopt;
  }
  return *at;
}

absl::StatusOr<std::string> Segment::ReadText(uint32_t document, uint64_t start,
                                              uint64_t end) const {
  const DocumentPlace& place = places_[document];
  end = std::min(end, place.text_bytes);
  start = std::min(start, end);
  return texts_.Read(place.text_start + start, place.text_start + end);
}

std::optional<uint32_t> Segment::FindPassage(const PassageId& id) const {
  const auto* const at =
      std::lower_bound(passage_id_order_.begin(), passage_id_order_.end(), id,
                       [this](uint32_t passage, const PassageId& wanted) {
                         return passage_ids_[passage] < wanted;
                       });
  if (at == passage_id_order_.end() || passage_ids_[*at] != id ||
      tombstones_.passages.contains(*at)) {
    return std::nullopt;
  }
  return *at;
}

std::vector<uint32_t> Segment::ReadSentenceBytes(uint32_t passage) const {
  std::vector<uint32_t> sizes;
  FieldReader reader(sentences_[passage]);
  uint64_t left = passages_[passage].end - passages_[passage].start;
  while (!reader.AtEnd()) {
    const uint64_t size = reader.Varint();
    if (!reader.ok() || size > left) {
      break;  // damaged
    }
    left -= size;
    sizes.push_back(static_cast<uint32_t>(size));
  }
  return sizes;
}

std::vector<PassageToken> Segment::ReadTokens(uint32_t passage) const {
  return DecodeSpans(tokens_[passage],
                     passages_[passage].end - passages_[passage].start,
                     &PassageToken::lexeme);
}

std::vector<PassageMention> Segment::ReadMentions(uint32_t passage) const {
  return DecodeSpans(mentions_[passage],
                     passages_[passage].end - passages_[passage].start,
                     &PassageMention::entity);
}

std::vector<uint32_t> Segment::ReadEntities(uint32_t passage) const {
  std::vector<uint32_t> entities;
  FieldReader reader(passage_facets_[passage]);
  while (!reader.AtEnd()) {
    const uint64_t entity = reader.Varint();
    if (!reader.ok() || entity >= entity_count()) {
      break;  // damaged
    }
    entities.push_back(static_cast<uint32_t>(entity));
  }
  return entities;
}

std::string_view Segment::lexeme(uint32_t number) const {
  return number < lexemes_.size() ? lexemes_[number] : std::string_view();
}

std::string_view Segment::entity(uint32_t number) const {
  return number < entities_.size() ? entities_[number] : std::string_view();
}

std::string_view Segment::facet_value(uint32_t number) const {
  return number < facet_values_.size() ? facet_values_[number]
                                       : std::string_view();
}

Segment::DatabaseLease Segment::LeaseDatabase() const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_databases_.empty()) {
      Xapian::Database database = std::move(idle_databases_.back());
      idle_databases_.pop_back();
      return {*this, std::move(database)};
    }
  }
  return {*this, Xapian::Database(folder_ + "/" + std::string(kPostingsFile))};
}

void Segment::ReturnDatabase(Xapian::Database database) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_databases_.push_back(std::move(database));
}

}  // namespace footnote::index
