// A document as a segment takes it in: analysed and split into passages.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

struct PreparedPassage {
  Span span;                             // in the canonical text
  uint32_t line = 1;                     // of its first byte
  std::vector<uint32_t> sentence_bytes;  // lengths; their sum is the span's
  std::vector<PassageToken> tokens;      // by start, without overlap
  std::vector<uint32_t> headings;        // lexemes of the headings above it
  std::vector<PassageMention> mentions;  // by start, without overlap
};

// The passages tile `text`: the first starts at 0, each where the one before
// ends, the last ends at the end. A document has at least one.
struct PreparedDocument {
  DocumentRecord record;  // first_passage is the segment's to set
  std::string text;
  std::vector<uint32_t> title;  // lexemes of the title
  std::vector<PreparedPassage> passages;
};

// Returns the id of a passage: stable over machines, rebuilds and segments.
PassageId MakePassageId(std::string_view document_id, const Digest& revision,
                        uint32_t ordinal, std::string_view analyzer_stamp);

}  // namespace footnote::index
