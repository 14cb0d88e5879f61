// The words of a query among the lexemes of a segment.

#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/index/segment.h"
#include "server/search/deadline.h"
#include "server/search/query.h"

namespace footnote::search {

// Tells which word of a query a lexeme is. Thread-safe once made.
class SegmentWords {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // `segment` and `query` must outlive it. Where the deadline passes, has only
  // some of the words.
  SegmentWords(const index::Segment& segment, const Query& query,
               const Deadline& deadline);

  // Whether it has all words.
  bool is_complete() const { return is_complete_; }

  // Returns the index of the word of the query that a lexeme is, or kNone; the
  // first where it is several.
  uint32_t WordOf(uint32_t lexeme) const {
    uint32_t first = kNone;
    ForEachWordByStem(lexeme,
                      [&](uint32_t word) { first = std::min(first, word); });
    return first != kNone || by_text_.empty()
               ? first
               : WordOfText(segment_.lexeme(lexeme));
  }

  // Calls `f` with the index of each word that has the stem of a lexeme.
  template <typename F>
  void ForEachWordByStem(uint32_t lexeme, F&& f) const {
    if ((seen_[lexeme % kBits / 64] >> (lexeme % 64) & 1) == 0) {
      return;  // the case of nearly every lexeme
    }
    for (auto at = std::lower_bound(by_stem_.begin(), by_stem_.end(),
                                    std::pair<uint32_t, uint32_t>(lexeme, 0));
         at != by_stem_.end() && at->first == lexeme; ++at) {
      f(at->second);
    }
  }

 private:
  static constexpr uint32_t kBits = 512;

  uint32_t WordOfText(std::string_view lexeme) const;

  const index::Segment& segment_;
  const Query& query_;
  uint64_t seen_[kBits / 64] = {};  // a bit for the low bits of each lexeme
  std::vector<std::pair<uint32_t, uint32_t>> by_stem_;  // lexeme, word; sorted
  std::vector<uint32_t> by_text_;  // words that are told by their text
  bool is_complete_ = true;
};

}  // namespace footnote::search
