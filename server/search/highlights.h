// Marks what a query matched in a passage.

#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/query.h"
#include "server/search/result.h"

namespace footnote::search {

// Finds the words of one query in passages. Thread-safe once made.
class Highlighter {
 public:
  // `query` must outlive it.
  explicit Highlighter(const Query& query);

  // Returns the matched words of a passage with `text`, by start, without
  // overlap; matches of characters that overlap are joined.
  std::vector<Highlight> Find(const index::Segment& segment, uint32_t passage,
                              const std::string& text) const;

 private:
  const QueryWord* WordOf(std::string_view lexeme) const;

  std::unordered_map<std::string, const QueryWord*> by_stem_;
  std::unordered_map<std::string, const QueryWord*> by_word_;
};

}  // namespace footnote::search
