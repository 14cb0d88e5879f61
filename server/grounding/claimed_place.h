// Where a quote is said to stand, found in an index.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "indexer/base/status.h"
#include "server/grounding/passage_search.h"
#include "server/grounding/quote.h"
#include "server/search/view.h"

namespace footnote::grounding {

struct ClaimedPlace {
  size_t segment = 0;  // index in the generation
  uint32_t document = 0;
  std::optional<ByteRange> span;
  bool is_other_revision = false;  // than the one that is there

  // Returns the passages of the document, and those that the span, which there
  // is, begins and ends in.
  PassageRange Passages(const search::View& view) const;
  PassageRange PassagesOfSpan(const search::View& view) const;
};

// Returns what a claim names; nothing where the view does not have it, or it
// names nothing. Errors: kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::optional<ClaimedPlace>> FindClaimed(
    const search::View& view, const QuoteClaim& claim);

}  // namespace footnote::grounding
