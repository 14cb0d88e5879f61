// Marks what a query matched in a passage.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/query.h"
#include "server/search/result.h"
#include "server/search/segment_words.h"

namespace footnote::search {

// Returns what of `query` stands in a passage with `text`, by start, without
// overlap: the words that it has outside of phrases, wherever they stand, and
// its phrases, each as a whole; of words that only must be near each other
// those that are. What overlaps is joined. `words` are those of the query in
// the segment.
std::vector<Highlight> FindHighlights(const index::Segment& segment,
                                      uint32_t passage, const std::string& text,
                                      const Query& query,
                                      GenerationWords::InSegment* words);

}  // namespace footnote::search
