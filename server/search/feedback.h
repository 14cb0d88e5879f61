// Relevance feedback: what the best candidates share, looked for in all.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/match.h"
#include "server/search/result.h"
#include "server/search/view.h"
#include "server/search/word_postings.h"

namespace footnote::search {

// The words that feedback looks for, and what they score; ranking.h has the
// numbers. Results of searches are theirs that match the query's own words:
// feedback changes their order alone. Not thread-safe.
class Feedback {
 public:
  // All that it is given must outlive it.
  Feedback(const View& view, const ScoredQuery& query,
           const LengthNorms& norms);

  // Chooses words by the best of `candidates`, which are in order; none where
  // the scores say that they are not to be trusted.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
  absl::Status Choose(const std::vector<Candidate>& candidates,
                      const Deadline& deadline);

  bool is_empty() const { return words_.empty(); }

  // Returns what the words add to the score of a passage; `parts`, which may be
  // null, gets each contribution.
  double Score(uint32_t segment, uint32_t passage,
               std::vector<Contribution>* parts);

 private:
  // A word that may be looked for: a stem in a language.
  struct Word {
    std::string_view stem_key;
    double probability = 0;
    uint32_t passages = 0;  // of the best that have it
    uint64_t postings = 0;  // of all passages, hidden ones too
    double factor = 0;      // what one is worth
  };
  // The lexemes of a segment that have the stem of a word, with its index;
  // sorted. `seen` has a bit for the low bits of each.
  struct Lexemes {
    std::vector<std::pair<uint32_t, uint32_t>> words;
    uint64_t seen[8] = {};
  };

  std::vector<Word> CountWords(const std::vector<Candidate>& candidates) const;
  absl::Status ReadPostings(std::vector<Word>* words) const;
  absl::Status Weigh(double share, const Deadline& deadline,
                     std::vector<Word>* words) const;
  void ShareWeight(double share, std::vector<Word>* words) const;
  const Lexemes& LexemesIn(uint32_t segment);

  const View& view_;
  const ScoredQuery& query_;
  const LengthNorms& norms_;
  std::vector<Word> words_;
  std::vector<std::unique_ptr<Lexemes>> lexemes_;  // null until needed
  std::vector<uint32_t> counts_;                   // by word
};

}  // namespace footnote::search
