// The words of a query among the lexemes of segments.

#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "server/search/deadline.h"
#include "server/search/phrase.h"
#include "server/search/query.h"
#include "server/search/statistics.h"

namespace footnote::search {

// The words of a query that are told by their text: single characters, and what
// prefixes stand for. Thread-safe once made.
class QueryTexts {
 public:
  // `query` and `statistics`, which are its own, must outlive it.
  QueryTexts(const Query& query, const Statistics& statistics);

  bool is_empty() const { return words_.empty(); }

  // Returns the index of the first word of the query that a folded word is, or
  // SegmentWords::kNone.
  uint32_t WordOf(std::string_view text) const;

 private:
  std::vector<std::pair<std::string_view, uint32_t>> words_;  // sorted
};

// Tells which word of a query a lexeme is. Thread-safe once made.
class SegmentWords {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // All that it is given must outlive it. Where the deadline passes, has only
  // some of the words.
  SegmentWords(const index::Segment& segment, const Query& query,
               const QueryTexts& texts, const Deadline& deadline);

  // Whether it has all words.
  bool is_complete() const { return is_complete_; }

  // Returns the index of the word of the query that a lexeme is, or kNone; the
  // first where it is several.
  uint32_t WordOf(uint32_t lexeme) const {
    uint32_t first = kNone;
    ForEachWordByStem(lexeme,
                      [&](uint32_t word) { first = std::min(first, word); });
    return first != kNone || texts_.is_empty() ? first : WordOfText(lexeme);
  }

  // Likewise, of the words that the query has outside of phrases.
  uint32_t WordAloneOf(uint32_t lexeme) const;

  // Calls `f` with the index of each word that has the stem of a lexeme.
  template <typename F>
  void ForEachWordByStem(uint32_t lexeme, F&& f) const {
    ForEachByStem(lexeme, [&](size_t at) { f(by_stem_[at].second); });
  }

  // The lexemes that have the stem of a word, with its index; sorted.
  const std::vector<std::pair<uint32_t, uint32_t>>& by_stem() const {
    return by_stem_;
  }

  // Calls `f` with each place in by_stem() that a lexeme has, the last first.
  template <typename F>
  void ForEachByStem(uint32_t lexeme, F&& f) const {
    if ((seen_[lexeme % kBits / 64] >> (lexeme % 64) & 1) == 0) {
      return;  // the case of nearly every lexeme
    }
    const auto first = static_cast<size_t>(
        std::lower_bound(by_stem_.begin(), by_stem_.end(),
                         std::pair<uint32_t, uint32_t>(lexeme, 0)) -
        by_stem_.begin());
    size_t end = first;
    while (end < by_stem_.size() && by_stem_[end].first == lexeme) {
      ++end;
    }
    while (end > first) {
      f(--end);
    }
  }

 private:
  static constexpr uint32_t kBits = 512;

  uint32_t WordOfText(uint32_t lexeme) const;

  const index::Segment& segment_;
  const Query& query_;
  const QueryTexts& texts_;
  uint64_t seen_[kBits / 64] = {};  // a bit for the low bits of each lexeme
  std::vector<std::pair<uint32_t, uint32_t>> by_stem_;  // lexeme, word; sorted
  bool is_complete_ = true;
};

// The words and phrases of a query in each segment of a generation, looked up
// once. Not thread-safe.
class GenerationWords {
 public:
  struct InSegment {
    SegmentWords words;
    std::vector<PhraseInSegment> phrases;  // as Query::phrases
  };

  // All that it is given must outlive it.
  GenerationWords(const index::Generation& generation, const Query& query,
                  const Statistics& statistics, const Deadline& deadline)
      : generation_(generation),
        query_(query),
        statistics_(statistics),
        texts_(query, statistics),
        deadline_(deadline),
        found_(generation.segments().size()) {}

  // Returns the words in a segment, by its index in the generation: only some
  // where the deadline passed when they were first asked for.
  const SegmentWords& In(uint32_t segment) { return Find(segment).words; }
  // Likewise, with the phrases.
  InSegment& Find(uint32_t segment);

  const Query& query() const { return query_; }

 private:
  const index::Generation& generation_;
  const Query& query_;
  const Statistics& statistics_;
  const QueryTexts texts_;
  const Deadline& deadline_;
  std::vector<std::unique_ptr<InSegment>> found_;  // null until asked for
};

}  // namespace footnote::search
