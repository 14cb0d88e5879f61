// Reads documents, passages and spans of a view of one generation, without
// ranking. What the view hides is not there. All functions are thread-safe.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/result.h"
#include "server/search/view.h"

namespace footnote::search {

// At most this much text in one answer; gRPC's default message limit is 4 MiB.
inline constexpr uint64_t kMaxTextBytes = 3ULL << 20;

// A document with a piece of its text.
struct DocumentText {
  index::DocumentRecord document;
  TextBlock content;  // on grapheme boundaries
};

// Returns a document and the text of [start, end) bytes of it, widened to
// grapheme boundaries; `end` 0 or past the end means the end. More than
// kMaxTextBytes are cut: read on from content.span.end.
// Errors: kNotFound DOCUMENT_NOT_FOUND; kOutOfRange SPAN_OUT_OF_RANGE where
// `start` is past the end or after `end`.
absl::StatusOr<DocumentText> GetDocument(const View& view,
                                         std::string_view document_id,
                                         uint64_t start, uint64_t end);

// Returns one passage, with `previous_count` and `next_count` neighbours.
// Errors: kNotFound PASSAGE_NOT_FOUND.
absl::StatusOr<Passage> GetPassage(const View& view,
                                   std::string_view passage_id,
                                   uint32_t previous_count,
                                   uint32_t next_count);

// What context a span is returned with.
enum class ContextUnit { kSentence, kPassage };

struct SpanContext {
  ContextUnit unit = ContextUnit::kSentence;
  uint32_t count = 0;  // whole units on either side
};

struct SpanText {
  index::DocumentRecord document;
  TextBlock content;      // what was asked for, widened to grapheme boundaries
  TextBlock before;       // context before it; empty where none was asked for
  TextBlock after;        // context after it
  Provenance provenance;  // of content; ordinal is its first passage's
};

// Returns the text of [start, end) bytes of a document with its context (the
// rest of a unit that the span begins or ends in counts as the first).
// Errors: as of GetDocument(); kInvalidArgument SPAN_TOO_LONG over
// kMaxTextBytes, context included.
absl::StatusOr<SpanText> GetSpan(const View& view, std::string_view document_id,
                                 uint64_t start, uint64_t end,
                                 const SpanContext& context);

// Returns up to `limit` documents in order of document_id (bytewise), those
// after `after_document_id` ("" for the first). Errors: kDataLoss
// INDEX_CORRUPT.
absl::StatusOr<std::vector<index::DocumentRecord>> ListDocuments(
    const View& view, std::string_view after_document_id, uint32_t limit);

}  // namespace footnote::search
