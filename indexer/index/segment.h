// A segment opened for reading: an immutable Xapian database and its columns,
// with the tombstones of the generation it was opened for.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/base/varint.h"
#include "indexer/index/column.h"
#include "indexer/index/database_pool.h"
#include "indexer/index/document_record.h"
#include "indexer/index/frequent_terms.h"
#include "indexer/index/metadata_columns.h"
#include "indexer/index/prepared_document.h"
#include "indexer/index/schema.h"
#include "indexer/index/text_column.h"
#include "indexer/index/token_codec.h"
#include "indexer/index/tombstones.h"
#include "indexer/index/word_list.h"

namespace footnote::index {

// Lexemes that follow each other in the order of their stems' keys.
struct RankRange {
  uint32_t first = 0;
  uint32_t count = 0;
};

// Thread-safe.
class Segment {
 public:
  // Opens the segment in `folder`. Errors: kDataLoss INDEX_CORRUPT,
  // FILE_NOT_FOUND.
  static absl::StatusOr<std::unique_ptr<Segment>> Open(
      const std::string& folder);

  // Returns the same segment, for another generation: without tombstones. It
  // shares the open files with this one, and costs next to nothing.
  std::unique_ptr<Segment> Share() const;

  // Sets the documents that are gone. Call before sharing the segment.
  void SetTombstones(Tombstones tombstones) {
    tombstones_ = std::move(tombstones);
  }
  const Tombstones& tombstones() const { return tombstones_; }

  // The folder that the segment was opened from.
  const std::string& folder() const { return folder_; }

  uint32_t document_count() const {
    return static_cast<uint32_t>(places_.size());
  }
  uint32_t passage_count() const {
    return static_cast<uint32_t>(passages_.size());
  }

  // Documents, by index below document_count().
  const DocumentPlace& document_place(uint32_t document) const {
    return places_[document];
  }
  const DocumentFacets& document_facets(uint32_t document) const {
    return document_facets_[document];
  }
  std::string_view document_id(uint32_t document) const;
  std::string_view document_title(uint32_t document) const;
  absl::StatusOr<DocumentRecord> ReadDocument(uint32_t document) const;
  // Returns the index of a document that is not gone.
  std::optional<uint32_t> FindDocument(std::string_view document_id) const;
  // Returns the indices of all documents in order of document_id (bytewise).
  const ValueColumn<uint32_t>& document_order() const {
    return document_order_;
  }
  // Returns the indices of documents whose source gave a title, in order of
  // TitleKey(), then by index.
  const ValueColumn<uint32_t>& title_order() const { return title_order_; }
  // Returns the bytes [start, end) of a document's canonical text.
  absl::StatusOr<std::string> ReadText(uint32_t document, uint64_t start,
                                       uint64_t end) const;

  // Passages, by index below passage_count(); docid - 1 in the database.
  const PassagePlace& passage_place(uint32_t passage) const {
    return passages_[passage];
  }
  const PassageId& passage_id(uint32_t passage) const {
    return passage_ids_[passage];
  }
  // Returns the index of a passage whose document is not gone.
  std::optional<uint32_t> FindPassage(const PassageId& id) const;
  std::vector<uint32_t> ReadSentenceBytes(uint32_t passage) const;
  std::vector<PassageToken> ReadTokens(uint32_t passage) const;
  // Returns a reader of the lexemes of its tokens, which is faster.
  TokenReader Lexemes(uint32_t passage,
                      TokenReader::Part part = TokenReader::Part::kAll) const {
    return {tokens_[passage], part};
  }
  std::vector<PassageMention> ReadMentions(uint32_t passage) const;
  std::vector<PassageQuantity> ReadQuantities(uint32_t passage) const;
  // Calls `f` with the distinct entities of a passage, ascending.
  template <typename F>
  void ForEachEntity(uint32_t passage, F&& f) const {
    FieldReader reader(passage_facets_[passage]);
    while (!reader.AtEnd()) {
      const uint64_t entity = reader.Varint();
      if (!reader.ok() || entity >= entity_count()) {
        break;  // damaged
      }
      f(static_cast<uint32_t>(entity));
    }
  }

  // Returns the distinct lexemes of the headings above a passage, and of a
  // document's title, ascending.
  std::vector<uint32_t> ReadHeadings(uint32_t passage) const;
  std::vector<uint32_t> ReadTitle(uint32_t document) const;

  // Returns the numbers of the lexemes that have this stem, ascending.
  std::span<const uint32_t> LexemesOfStem(std::string_view stem_key) const;
  // Lexemes ranked in order of their stems' keys: returns the ranks of those
  // whose keys begin with `start`, and, among them, of those that have a key.
  RankRange RanksOfStems(std::string_view start) const;
  RankRange RanksOfStem(std::string_view stem_key,
                        const RankRange& among) const;
  // Returns the rank of a lexeme; lexeme_count() or more of a damaged one.
  uint32_t stem_rank(uint32_t lexeme) const {
    return lexeme < stem_ranks_.size() ? stem_ranks_[lexeme] : UINT32_MAX;
  }
  uint32_t lexeme_count() const {
    return static_cast<uint32_t>(lexemes_.size());
  }

  // The sets of frequent stems.
  const FrequentTerms& frequent_terms() const { return frequent_terms_; }

  // Dictionaries: see Lexeme; "type NUL id NUL name"; "field NUL
  // value"; keys of text::Quantity.
  std::string_view lexeme(uint32_t number) const;
  std::string_view entity(uint32_t number) const;
  uint32_t entity_count() const {
    return static_cast<uint32_t>(entities_.size());
  }
  std::string_view facet_value(uint32_t number) const;
  uint32_t facet_value_count() const {
    return static_cast<uint32_t>(facet_values_.size());
  }

  std::string_view quantity(uint32_t number) const;
  uint32_t quantity_count() const {
    return static_cast<uint32_t>(quantity_keys_.size());
  }

  // The folded words of passages, in order.
  const WordList& words() const { return words_; }

  // The values of documents in the fields of their metadata.
  const MetadataColumns& metadata() const { return metadata_; }

  // Handles of the postings.
  DatabasePool& databases() const { return *databases_; }

 private:
  Segment() = default;
  Segment(const Segment&) = default;
  absl::Status OpenColumns(const std::string& folder);
  absl::Status CheckCounts(const std::string& folder) const;
  absl::Status CheckDocuments(const std::string& folder) const;
  absl::Status CheckPassages(const std::string& folder) const;

  std::string folder_;
  Tombstones tombstones_;
  TextColumn texts_;
  BlobColumn documents_;
  ValueColumn<DocumentPlace> places_;
  ValueColumn<uint32_t> document_order_;
  ValueColumn<uint32_t> title_order_;
  ValueColumn<DocumentFacets> document_facets_;
  ValueColumn<PassagePlace> passages_;
  ValueColumn<PassageId> passage_ids_;
  ValueColumn<uint32_t> passage_id_order_;
  BlobColumn sentences_;
  BlobColumn tokens_;
  BlobColumn titles_;
  BlobColumn headings_;
  BlobColumn mentions_;
  BlobColumn passage_facets_;
  BlobColumn lexemes_;
  ValueColumn<uint32_t> stem_order_;
  ValueColumn<uint32_t> stem_ranks_;
  FrequentTerms frequent_terms_;
  BlobColumn entities_;
  BlobColumn facet_values_;
  BlobColumn quantities_;
  BlobColumn quantity_keys_;
  MetadataColumns metadata_;
  WordList words_;
  std::shared_ptr<DatabasePool> databases_;
};

}  // namespace footnote::index
