// Puts together what is told of a quote that was found.

#pragma once

#include <cstddef>
#include <cstdint>

#include "indexer/base/status.h"
#include "server/grounding/quote.h"
#include "server/grounding/quote_places.h"
#include "server/grounding/quote_text.h"
#include "server/search/view.h"

namespace footnote::grounding {

// A document by its segment and its number there.
struct DocumentAt {
  size_t segment = 0;  // index in the generation
  uint32_t document = 0;
};

// Returns a part of a quote with its text and what proves it; its span is
// widened to grapheme boundaries. Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<QuotedPart> AssemblePart(const search::View& view,
                                        const QuotedText& quote,
                                        const DocumentAt& at,
                                        const FoundPart& part);

// Adds how the quote differs from its one part, which the check has.
// Errors: likewise.
absl::Status AddDifferences(const search::View& view, const QuotedText& quote,
                            const DocumentAt& at, QuoteCheck* check);

// Returns the memory that a check takes, with the message made of it, about.
uint64_t MemoryOf(const QuoteCheck& check);

}  // namespace footnote::grounding
