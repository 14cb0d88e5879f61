// Finds what ids of a request stand for.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/passage_set.h"
#include "server/search/ranking_options.h"
#include "server/search/view.h"

namespace footnote::search {

// Passages of a segment that follow each other: one, or all of a document.
struct PassageRange {
  uint32_t segment = 0;
  uint32_t first = 0;
  uint32_t count = 0;
};

// Returns the passages of an id, in each collection that has it; none where the
// view does not show it.
std::vector<PassageRange> FindPassages(const View& view, const ResultId& id);

// Returns whether a passage is in one of these ranges.
bool Has(const std::vector<PassageRange>& ranges, uint32_t segment,
         uint32_t passage);

// Takes what `excluded` names out of `allowed`, the passages that may be found
// by segment; where that is empty all may, and it is filled first. Ids that the
// view does not show change nothing.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::Status Exclude(const View& view, const std::vector<ResultId>& excluded,
                     const Deadline& deadline,
                     std::vector<PassageSet>* allowed);

}  // namespace footnote::search
