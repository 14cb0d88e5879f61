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

// Finds the words of one query in the passages of a segment. Thread-safe once
// made.
class Highlighter {
 public:
  // `segment` and `query` must outlive it. Where the deadline passes, knows
  // only some of the words.
  Highlighter(const index::Segment& segment, const Query& query,
              const Deadline& deadline)
      : segment_(segment), query_(query), words_(segment, query, deadline) {}

  // Returns the matched words of a passage with `text`, by start, without
  // overlap; matches of characters that overlap are joined.
  std::vector<Highlight> Find(uint32_t passage, const std::string& text) const;

 private:
  const index::Segment& segment_;
  const Query& query_;
  SegmentWords words_;
};

}  // namespace footnote::search
