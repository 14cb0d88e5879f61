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

// Returns the words of `query` that stand in a passage with `text`, by start,
// without overlap; matches of characters that overlap are joined. `words` are
// those of the query in the segment. Thread-safe.
std::vector<Highlight> FindHighlights(const index::Segment& segment,
                                      uint32_t passage, const std::string& text,
                                      const Query& query,
                                      const SegmentWords& words);

}  // namespace footnote::search
