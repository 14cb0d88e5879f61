// A document as a segment takes it in: analysed and split into passages.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/base/text_offset.h"
#include "indexer/index/document_record.h"
#include "indexer/index/schema.h"

namespace footnote::index {

// One token; the span is in bytes relative to its passage.
struct PassageToken {
  uint32_t lexeme = 0;
  uint32_t start = 0;
  uint32_t end = 0;
};

// One mention of an entity; the span is in bytes relative to its passage.
struct PassageMention {
  uint32_t entity = 0;  // number in the segment
  uint32_t start = 0;
  uint32_t end = 0;
};

// One quantity; the span is in bytes relative to its passage.
struct PassageQuantity {
  uint32_t quantity = 0;  // number in the segment
  uint32_t start = 0;
  uint32_t end = 0;
};

struct PreparedPassage {
  Span span;                                // in the canonical text
  uint32_t line = 1;                        // of its first byte
  std::vector<uint32_t> sentence_bytes;     // lengths; their sum is the span's
  std::vector<PassageToken> tokens;         // by start, without overlap
  std::vector<uint32_t> headings;           // lexemes of the headings above it
  std::vector<PassageMention> mentions;     // by start, without overlap
  std::vector<PassageQuantity> quantities;  // by start, without overlap
};

// Names that stand for numbers: the lexemes, entities and quantities of one
// document.
class DocumentNames {
 public:
  // Adds a lexeme by its entry, see EncodeLexeme(), an entity, see
  // EncodeEntity(), or a quantity by its key; returns its number, the next.
  uint32_t AddLexeme(std::string_view entry) {
    lexemes_ += entry;
    lexeme_ends_.push_back(static_cast<uint32_t>(lexemes_.size()));
    return static_cast<uint32_t>(lexeme_ends_.size() - 1);
  }
  uint32_t AddEntity(std::string entry) {
    entities_.push_back(std::move(entry));
    return static_cast<uint32_t>(entities_.size() - 1);
  }
  uint32_t AddQuantity(std::string key) {
    quantities_.push_back(std::move(key));
    return static_cast<uint32_t>(quantities_.size() - 1);
  }

  size_t lexeme_count() const { return lexeme_ends_.size(); }
  std::string_view lexeme(size_t number) const {
    const size_t start = number == 0 ? 0 : lexeme_ends_[number - 1];
    return std::string_view(lexemes_).substr(start,
                                             lexeme_ends_[number] - start);
  }
  const std::vector<std::string>& entities() const { return entities_; }
  const std::vector<std::string>& quantities() const { return quantities_; }

 private:
  std::string lexemes_;  // end to end
  std::vector<uint32_t> lexeme_ends_;
  std::vector<std::string> entities_;
  std::vector<std::string> quantities_;
};

// The passages tile `text`: the first starts at 0, each where the one before
// ends, the last ends at the end. A document has at least one.
struct PreparedDocument {
  DocumentRecord record;  // first_passage is the segment's to set
  std::string text;
  std::vector<uint32_t> title;  // lexemes of the title
  std::vector<PreparedPassage> passages;
  // What the numbers of lexemes, entities and quantities stand for; without it
  // they are numbers of the SegmentWriter that takes the document.
  std::optional<DocumentNames> names;
};

// An entity as entities.col has it.
std::string EncodeEntity(std::string_view type, std::string_view id,
                         std::string_view name);

// Returns the id of a passage: stable over machines, rebuilds and segments.
PassageId MakePassageId(std::string_view document_id, const Digest& revision,
                        uint32_t ordinal, std::string_view analyzer_stamp);

}  // namespace footnote::index
