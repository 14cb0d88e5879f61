// Words of a segment that begin like those of a query.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/query.h"

namespace footnote::search {

// Returns what the keys of stems begin with that are kin to `stem_key`: its
// language and so many of its letters as ranking.h says; "" where it is too
// short to have any.
std::string_view KinStart(std::string_view stem_key);

// The kin of the words of a query in one segment: words of another stem that
// begins alike. Thread-safe once made.
class KinWords {
 public:
  // `segment` must outlive it.
  KinWords(const index::Segment& segment, const Query& query);

  bool is_empty() const { return ranges_.empty(); }

  // Calls `f` with the index of each word of the query that a lexeme is kin to;
  // not where it is empty.
  template <typename F>
  void ForEachWord(uint32_t lexeme, F&& f) const {
    const uint32_t rank = segment_.stem_rank(lexeme);
    if (rank >= segment_.lexeme_count()) {
      return;  // damaged
    }
    const uint32_t block = rank / kRanksInBlock;
    if ((blocks_[block / 64] >> (block % 64) & 1) == 0) {
      return;  // the case of nearly every lexeme
    }
    for (const Range& range : ranges_) {
      if (rank - range.first < range.count &&
          rank - range.first_same >= range.count_same) {
        f(range.word);
      }
    }
  }

 private:
  static constexpr uint32_t kRanksInBlock = 64;

  // Ranks of lexemes whose stems begin alike; those of the same stem are none.
  struct Range {
    uint32_t first = 0;
    uint32_t count = 0;
    uint32_t first_same = 0;
    uint32_t count_same = 0;
    uint32_t word = 0;
  };

  void Add(std::string_view stem_key, uint32_t word);

  const index::Segment& segment_;
  std::vector<Range> ranges_;
  std::vector<uint64_t> blocks_;  // a bit for each block that a range reaches
};

}  // namespace footnote::search
