// The postings of one word of a query in one segment, with what they score.

#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <xapian.h>

#include "indexer/index/occurrence.h"
#include "indexer/index/segment.h"
#include "server/search/passage_set.h"
#include "server/search/statistics.h"

namespace footnote::search {

// How many passages are scored together: their scores stay in the cache.
inline constexpr uint32_t kWindowPassages = 4096;

// The scores of the passages of a window, [start, end).
struct ScoreWindow {
  uint32_t start = 0;
  uint32_t end = 0;
  std::array<double, kWindowPassages> scores;  // 0 where nothing was added
  std::array<uint64_t, kWindowPassages / 64> touched;

  // Begins a window in which nothing scores.
  void Begin(uint32_t first, uint32_t passages);
  void Add(uint32_t passage, double score) {
    const uint32_t at = passage - start;
    scores[at] += score;
    touched[at / 64] |= uint64_t{1} << (at % 64);
  }
};

// Bm25::LengthNorm() by length class.
using LengthNorms = std::array<double, index::Occurrence::kLengthClasses>;

LengthNorms MakeLengthNorms(double average_words);

// What the postings of one word of a query score. Thread-safe once made.
class WordScorer {
 public:
  // `factor` is that of ScoredQuery. `norms` must outlive it.
  WordScorer(double factor, const LengthNorms& norms);

  // The score of a posting that carries an index::Occurrence.
  double ScoreOf(uint32_t occurrence) const {
    return occurrence < usual_.size() ? usual_[occurrence]
                                      : Compute(occurrence);
  }
  // The score of one that does not: as if once in a passage of average length.
  double constant() const { return constant_; }
  // No posting scores more.
  double most() const { return most_; }

 private:
  double Compute(uint32_t occurrence) const;

  const LengthNorms* norms_;
  double factor_;
  double constant_;
  double most_;
  std::array<double, size_t{2} * index::Occurrence::kLengthClasses> usual_;
};

// Reads forward: passages are asked for in ascending order. Where several terms
// of the word are in a passage one counts, before all one that carries an
// Occurrence. All members throw what Xapian throws.
class WordPostings {
 public:
  // `database` is a handle of the segment's; it and `scorer` must outlive it.
  WordPostings(const index::Segment& segment, const Xapian::Database& database,
               const WordTerms& word, const WordScorer& scorer);

  // No passage gets more.
  double most() const { return scorer_.most(); }

  // Adds what the passages of a window get. Returns the number of postings.
  uint32_t AddTo(ScoreWindow* window);

  // Returns what a passage gets, 0 where it does not have the word.
  double ScoreOf(uint32_t passage);

 private:
  struct List {
    Xapian::PostingIterator at;
    Xapian::PostingIterator end;
    const uint64_t* set;  // of a frequent term, else null
    bool has_occurrences;
  };

  double ScoreOfPosting(const List& list) const {
    return list.has_occurrences ? scorer_.ScoreOf(list.at.get_wdf())
                                : scorer_.constant();
  }
  uint32_t AddList(List* list, ScoreWindow* window) const;
  uint32_t AddTogether(ScoreWindow* window);

  const WordScorer& scorer_;
  std::vector<List> lists_;  // those with occurrences first
};

}  // namespace footnote::search
