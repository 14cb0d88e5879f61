#include "indexer/index/segment.h"

#include <algorithm>
#include <utility>

#include "indexer/base/varint.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/passage_marks.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

absl::Status Corrupt(const std::string& path, const std::string& what) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   path + ": " + what, {{"path", path}});
}

// Reads numbers below `limit`; up to the first that is damaged.
std::vector<uint32_t> DecodeNumbers(std::string_view bytes, uint64_t limit) {
  std::vector<uint32_t> numbers;
  FieldReader reader(bytes);
  while (!reader.AtEnd()) {
    const uint64_t number = reader.Varint();
    if (!reader.ok() || number >= limit) {
      break;
    }
    numbers.push_back(static_cast<uint32_t>(number));
  }
  return numbers;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Segment>> Segment::Open(
    const std::string& folder) {
  std::unique_ptr<Segment> segment(new Segment());
  segment->folder_ = folder;
  segment->databases_ =
      std::make_shared<DatabasePool>(folder + "/" + std::string(kPostingsFile));
  FOOTNOTE_RETURN_IF_ERROR(segment->OpenColumns(folder));
  FOOTNOTE_RETURN_IF_ERROR(segment->CheckCounts(folder));
  FOOTNOTE_RETURN_IF_ERROR(segment->CheckDocuments(folder));
  FOOTNOTE_RETURN_IF_ERROR(segment->CheckPassages(folder));
  return segment;
}

std::unique_ptr<Segment> Segment::Share() const {
  std::unique_ptr<Segment> segment(new Segment(*this));
  segment->tombstones_ = {};
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
           open(&title_order_, kTitleOrderFile),
           open(&document_facets_, kDocumentFacetsFile),
           open(&passages_, kPassagesFile),
           open(&passage_ids_, kPassageIdsFile),
           open(&passage_id_order_, kPassageIdOrderFile),
           open(&sentences_, kSentencesFile),
           open(&tokens_, kTokensFile),
           open(&titles_, kTitlesFile),
           open(&headings_, kHeadingsFile),
           open(&mentions_, kMentionsFile),
           open(&passage_facets_, kPassageFacetsFile),
           open(&lexemes_, kLexemesFile),
           open(&stem_order_, kStemOrderFile),
           open(&stem_ranks_, kStemRanksFile),
           open(&entities_, kEntitiesFile),
           open(&facet_values_, kFacetValuesFile),
           open(&quantities_, kQuantitiesFile),
           open(&quantity_keys_, kQuantityKeysFile),
       }) {
    FOOTNOTE_RETURN_IF_ERROR(status);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      frequent_terms_,
      FrequentTerms::Open(path(kFrequentTermsFile), path(kFrequentSetsFile),
                          passage_count()));
  FOOTNOTE_ASSIGN_OR_RETURN(metadata_,
                            MetadataColumns::Open(folder, document_count()));
  FOOTNOTE_ASSIGN_OR_RETURN(words_, WordList::Open(folder));
  return absl::OkStatus();
}

absl::Status Segment::CheckCounts(const std::string& folder) const {
  const uint64_t documents = places_.size();
  const uint64_t passages = passages_.size();
  for (const uint64_t count : {documents_.size(), document_order_.size(),
                               document_facets_.size(), titles_.size()}) {
    if (count != documents) {
      return Corrupt(folder, "columns of documents differ in length");
    }
  }
  for (const uint64_t count :
       {passage_ids_.size(), passage_id_order_.size(), sentences_.size(),
        tokens_.size(), headings_.size(), mentions_.size(),
        passage_facets_.size(), quantities_.size()}) {
    if (count != passages) {
      return Corrupt(folder, "columns of passages differ in length");
    }
  }
  if (stem_order_.size() != lexemes_.size() ||
      stem_ranks_.size() != lexemes_.size()) {
    return Corrupt(folder, "columns of lexemes differ in length");
  }
  return CatchXapian([&]() -> absl::Status {
    DatabasePool::Lease database = databases_->Get();
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
  for (const uint32_t document : title_order_) {
    if (document >= document_count()) {
      return Corrupt(folder, "the order of titles is damaged");
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

std::string_view Segment::document_title(uint32_t document) const {
  FieldReader reader(documents_[document]);
  reader.Field();  // the id
  return reader.Field();
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
  const uint64_t text_bytes = passages_[passage].end - passages_[passage].start;
  std::vector<PassageToken> tokens;
  tokens.reserve(passages_[passage].words);
  TokenReader reader = Lexemes(passage);
  uint64_t at = 0;
  while (reader.Next()) {
    const uint64_t usual_gap = tokens.empty() ? 0 : 1;
    const uint64_t gap = reader.has_gap() ? reader.gap() : usual_gap;
    const uint64_t length = reader.has_length()
                                ? reader.length()
                                : WordOf(lexeme(reader.lexeme())).size();
    if (gap > text_bytes || length > text_bytes ||
        at + gap + length > text_bytes) {
      break;  // damaged
    }
    tokens.push_back({reader.lexeme(), static_cast<uint32_t>(at + gap),
                      static_cast<uint32_t>(at + gap + length)});
    at += gap + length;
  }
  return tokens;
}

std::vector<PassageMention> Segment::ReadMentions(uint32_t passage) const {
  std::vector<PassageMention> mentions;
  ForEachMark(mentions_[passage],
              passages_[passage].end - passages_[passage].start,
              [&](uint32_t entity, uint32_t start, uint32_t end) {
                mentions.push_back({entity, start, end});
              });
  return mentions;
}

std::vector<PassageQuantity> Segment::ReadQuantities(uint32_t passage) const {
  std::vector<PassageQuantity> quantities;
  ForEachMark(quantities_[passage],
              passages_[passage].end - passages_[passage].start,
              [&](uint32_t quantity, uint32_t start, uint32_t end) {
                quantities.push_back({quantity, start, end});
              });
  return quantities;
}

std::vector<uint32_t> Segment::ReadHeadings(uint32_t passage) const {
  return DecodeNumbers(headings_[passage], lexemes_.size());
}

std::vector<uint32_t> Segment::ReadTitle(uint32_t document) const {
  return DecodeNumbers(titles_[document], lexemes_.size());
}

std::span<const uint32_t> Segment::LexemesOfStem(
    std::string_view stem_key) const {
  const RankRange ranks = RanksOfStem(stem_key, {0, lexeme_count()});
  return {stem_order_.begin() + ranks.first, ranks.count};
}

RankRange Segment::RanksOfStems(std::string_view start) const {
  const auto start_of = [&](uint32_t lexeme) {
    return StemKeyOf(this->lexeme(lexeme)).substr(0, start.size());
  };
  const uint32_t* begin = stem_order_.begin();
  const uint32_t* first = std::partition_point(
      begin, begin + stem_order_.size(),
      [&](uint32_t lexeme) { return start_of(lexeme) < start; });
  const uint32_t* end = std::partition_point(
      first, begin + stem_order_.size(),
      [&](uint32_t lexeme) { return start_of(lexeme) == start; });
  return {static_cast<uint32_t>(first - begin),
          static_cast<uint32_t>(end - first)};
}

RankRange Segment::RanksOfStem(std::string_view stem_key,
                               const RankRange& among) const {
  struct ByStem {
    const Segment& segment;
    bool operator()(uint32_t lexeme, std::string_view key) const {
      return StemKeyOf(segment.lexeme(lexeme)) < key;
    }
    bool operator()(std::string_view key, uint32_t lexeme) const {
      return key < StemKeyOf(segment.lexeme(lexeme));
    }
  };
  const uint32_t* begin = stem_order_.begin() + among.first;
  const auto [first, last] =
      std::equal_range(begin, begin + among.count, stem_key, ByStem{*this});
  return {static_cast<uint32_t>(first - stem_order_.begin()),
          static_cast<uint32_t>(last - first)};
}

std::string_view Segment::lexeme(uint32_t number) const {
  return number < lexemes_.size() ? lexemes_[number] : std::string_view();
}

std::string_view Segment::entity(uint32_t number) const {
  return number < entities_.size() ? entities_[number] : std::string_view();
}

std::string_view Segment::quantity(uint32_t number) const {
  return number < quantity_keys_.size() ? quantity_keys_[number]
                                        : std::string_view();
}

std::string_view Segment::facet_value(uint32_t number) const {
  return number < facet_values_.size() ? facet_values_[number]
                                       : std::string_view();
}

}  // namespace footnote::index
