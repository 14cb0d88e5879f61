// Everything that matched in one segment.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/deadline.h"
#include "server/search/passage_set.h"

namespace footnote::search {

// A document with the number of its passages that matched, at least one.
struct DocumentMatches {
  uint32_t document = 0;  // index in the segment
  uint32_t passages = 0;
};

struct SegmentMatches {
  const index::Segment& segment;
  PassageSet passages;
  std::vector<DocumentMatches> documents;  // ascending
};

// Returns the matches of a segment, by passage and by document.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<SegmentMatches> GroupByDocument(const index::Segment& segment,
                                               PassageSet passages,
                                               const Deadline& deadline);

}  // namespace footnote::search
