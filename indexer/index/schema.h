// The layout of an index as data: every term prefix and every file of a
// segment. The indexer writes by these tables and the server reads by them; a
// change here is a new kFormatVersion and a full reindex.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace footnote::index {

// Stands in every manifest; a server refuses any other.
inline constexpr int kFormatVersion = 4;

// A field of terms. Folded words begin with no ASCII capital, so they need no
// prefix.
enum class TermField {
  kWord,        // a folded word of the passage; no frequency
  kStem,        // a stem of the passage's words, with an Occurrence
  kEntity,      // "TYPE/id" of an entity mentioned; no frequency
  kEntityType,  // "TYPE" of an entity mentioned; no frequency
  kQuantity,    // the key of a text::Quantity; no frequency
};

// Returns the prefix of a field's terms.
constexpr std::string_view PrefixOf(TermField field) {
  switch (field) {
    case TermField::kWord:
      return "";
    case TermField::kStem:
      return "Z";
    case TermField::kEntity:
      return "E";
    case TermField::kEntityType:
      return "T";
    case TermField::kQuantity:
      return "N";
  }
  return "";
}

// Whether a term is a folded word: the prefixes of other fields are capitals.
inline bool IsWordTerm(std::string_view term) {
  return !term.empty() && (term.front() < 'A' || term.front() > 'Z');
}

// Returns the text that a stem has in terms, before the field's prefix: stems
// of two languages never meet. Language is a primary subtag.
inline void AppendStemKey(std::string_view language, std::string_view stem,
                          std::string* out) {
  *out += language;
  *out += ':';
  *out += stem;
}
inline std::string StemKey(std::string_view language, std::string_view stem) {
  std::string key;
  AppendStemKey(language, stem, &key);
  return key;
}

// Returns the term of `key` in a field.
inline std::string MakeTerm(TermField field, std::string_view key) {
  std::string term(PrefixOf(field));
  term += key;
  return term;
}

// The files of a segment; indexer/README.md has their formats.
inline constexpr std::string_view kPostingsFile = "postings.glass";
inline constexpr std::string_view kTextsFile = "texts.zst";
inline constexpr std::string_view kDocumentsFile = "documents.col";
inline constexpr std::string_view kPlacesFile = "places.col";
inline constexpr std::string_view kDocumentOrderFile = "document_order.col";
inline constexpr std::string_view kPassagesFile = "passages.col";
inline constexpr std::string_view kPassageIdsFile = "passage_ids.col";
inline constexpr std::string_view kPassageIdOrderFile = "passage_id_order.col";
inline constexpr std::string_view kSentencesFile = "sentences.col";
inline constexpr std::string_view kTokensFile = "tokens.col";
inline constexpr std::string_view kTitlesFile = "titles.col";
inline constexpr std::string_view kHeadingsFile = "headings.col";
inline constexpr std::string_view kLexemesFile = "lexemes.col";
inline constexpr std::string_view kStemOrderFile = "stem_order.col";
inline constexpr std::string_view kStemRanksFile = "stem_ranks.col";
inline constexpr std::string_view kFrequentTermsFile = "frequent_terms.col";
inline constexpr std::string_view kFrequentSetsFile = "frequent_sets.col";
inline constexpr std::string_view kWordsFile = "words.col";
inline constexpr std::string_view kWordPassagesFile = "word_passages.col";
inline constexpr std::string_view kTitleOrderFile = "title_order.col";
inline constexpr std::string_view kMentionsFile = "mentions.col";
inline constexpr std::string_view kEntitiesFile = "entities.col";
inline constexpr std::string_view kQuantitiesFile = "quantities.col";
inline constexpr std::string_view kQuantityKeysFile = "quantity_keys.col";
inline constexpr std::string_view kDocumentFacetsFile = "document_facets.col";
inline constexpr std::string_view kPassageFacetsFile = "passage_facets.col";
inline constexpr std::string_view kFacetValuesFile = "facet_values.col";
inline constexpr std::string_view kMetadataValuesFile = "metadata_values.col";
inline constexpr std::string_view kDocumentMetadataFile =
    "document_metadata.col";
inline constexpr std::string_view kMetadataDocumentsFile =
    "metadata_documents.col";

inline constexpr std::string_view kSegmentFiles[] = {
    kPostingsFile,
    kTextsFile,
    kDocumentsFile,
    kPlacesFile,
    kDocumentOrderFile,
    kPassagesFile,
    kPassageIdsFile,
    kPassageIdOrderFile,
    kSentencesFile,
    kTokensFile,
    kTitlesFile,
    kHeadingsFile,
    kLexemesFile,
    kStemOrderFile,
    kStemRanksFile,
    kFrequentTermsFile,
    kFrequentSetsFile,
    kMentionsFile,
    kEntitiesFile,
    kDocumentFacetsFile,
    kPassageFacetsFile,
    kFacetValuesFile,
    kMetadataValuesFile,
    kDocumentMetadataFile,
    kMetadataDocumentsFile,
    kQuantitiesFile,
    kQuantityKeysFile,
    kWordsFile,
    kWordPassagesFile,
    kTitleOrderFile,
};

// A segment's id, which names its folder, has this many hexadecimal digits.
inline constexpr size_t kSegmentIdDigits = 16;

// A file of this name in a segment's folder says that the segment was found
// damaged, and how: servers leave it out from then on. It is no part of the
// segment; where the segment is made anew, it goes.
inline constexpr std::string_view kQuarantineFile = "QUARANTINE";

// What the names of unfinished segments begin with.
inline constexpr std::string_view kUnfinishedPrefix = "building-";

// Entries of entities.col, facet_values.col and metadata_values.col are parts
// with this between them; no part but the last of metadata_values.col has it.
inline constexpr char kEntrySeparator = '\0';

// Where a document's text and passages stand in a segment.
struct DocumentPlace {
  uint64_t text_start = 0;  // byte in the segment's text
  uint64_t text_bytes = 0;
  uint32_t first_passage = 0;
  uint32_t passage_count = 0;
};

// Where a passage stands in its document. Offsets are in the canonical text.
struct PassagePlace {
  uint32_t document = 0;  // index in the segment
  uint32_t ordinal = 0;   // in the document, from 0
  uint32_t start = 0;     // bytes
  uint32_t end = 0;       // bytes, exclusive
  uint32_t start_chars = 0;
  uint32_t start_utf16 = 0;
  uint32_t line = 0;        // of its first byte, from 1
  uint16_t words = 0;       // tokens
  uint8_t first_words = 0;  // tokens of its first sentence, at most 255
  uint8_t last_words = 0;   // tokens of its last sentence, at most 255
};

// The first 128 bits of SHA-256(document_id, revision, ordinal, analyzer).
struct PassageId {
  uint8_t bytes[16] = {};
  auto operator<=>(const PassageId&) const = default;
};

// What a document is counted by, and from when to when it may be seen. Ordinals
// are indices into facet_values.col.
struct DocumentFacets {
  uint32_t source_type = 0;
  uint32_t language = 0;
  int32_t day = 0;  // publication, days since 1970-01-01, or kNoDay
  uint32_t reserved = 0;
  int64_t embargo_time = INT64_MIN;  // Unix seconds; hidden before it
  int64_t expire_time = INT64_MAX;   // Unix seconds; hidden from it on
};
inline constexpr int32_t kNoDay = INT32_MIN;

}  // namespace footnote::index
