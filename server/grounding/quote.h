// Quotes to be verified, and what verifying them gives.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/text_offset.h"
#include "server/search/result.h"

namespace footnote::grounding {

// Limits, stated in the API.
inline constexpr size_t kMaxQuotes = 10000;           // of one call
inline constexpr size_t kMaxQuotedBytes = 100 << 10;  // of one quote

// A range of bytes of a document's canonical text.
struct ByteRange {
  uint64_t start = 0;
  uint64_t end = 0;

  bool Overlaps(const ByteRange& other) const {
    return start < other.end && other.start < end;
  }
};

// Where a quote is said to stand; nowhere in particular where both ids are
// empty.
struct QuoteClaim {
  std::string document_id;
  std::string passage_id;  // goes before the others
  std::string revision;    // of the document, lower-case hexadecimal; or ""
  std::optional<ByteRange> span;
};

struct Quote {
  std::string text;
  QuoteClaim claim;
};

// What a quote is. How its text compares with the source's alone is one of the
// first three.
enum class Verdict {
  kExact,          // stands where it is claimed, byte for byte
  kNormalised,     // word for word, or in pieces parted by ellipses
  kFuzzy,          // with one edit, or more for a quarter of its words
  kMoved,          // in the claimed document, but not where it is claimed
  kMisattributed,  // in another document
  kStitched,       // of two or three parts from several places
  kAbsent,         // none of these
};

// A part of a quote and where it truly stands.
struct QuotedPart {
  Span quote_span;  // in the quote
  search::TextBlock content;
  index::DocumentRecord document;
  search::Provenance provenance;
  std::string passage_id;  // of the passage that it begins in
};

// Words of a quote that stand for others of the source; one side may be empty.
struct QuoteDifference {
  Span quote_span;           // in the quote
  search::TextBlock source;  // of the document
  std::string quote_text;
};

struct QuoteCheck {
  Verdict verdict = Verdict::kAbsent;
  // How the text compares, wherever it stands; kStitched and kAbsent likewise.
  Verdict likeness = Verdict::kAbsent;
  std::vector<QuotedPart> parts;  // in the order of the quote
  uint32_t words = 0;             // of the quote
  uint32_t edits = 0;             // words put in, left out or replaced
  std::vector<QuoteDifference> differences;
  bool differences_omitted = false;  // there are too many to be told
  // Its words are too frequent to look everywhere: nearer places may be missed.
  bool incomplete = false;
};

}  // namespace footnote::grounding
