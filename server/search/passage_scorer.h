// The score of any passage, without its posting lists, and what it is made of.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "indexer/index/generation.h"
#include "server/search/match.h"
#include "server/search/result.h"
#include "server/search/word_postings.h"

namespace footnote::search {

// Scores passages from the columns, a few microseconds each: FindBest() gives
// the same, to the last bit. Not thread-safe.
class PassageScorer {
 public:
  // All that it is given must outlive it.
  PassageScorer(const index::Generation& generation, const ScoredQuery& query);

  // Returns what the words of the query that a passage has are worth in it, in
  // their order; empty where the passage does not match.
  std::vector<Contribution> Explain(uint32_t segment, uint32_t passage);

  // Returns the passage as a candidate, with the sum of these as its score,
  // aged as the query asks; 0 where it does not match.
  Candidate Score(uint32_t segment, uint32_t passage);

 private:
  // A form of a word of the query.
  struct Form {
    uint32_t word = 0;  // of the query
    uint32_t rank = 0;  // among the forms of the word: the lowest counts
  };
  // The forms in one segment.
  struct Forms {
    std::unordered_multimap<uint32_t, Form> by_lexeme;        // by stem
    std::unordered_multimap<std::string_view, Form> by_text;  // by folded word
    std::unordered_multimap<std::string_view, Form> by_quantity;  // by key
  };
  // How a passage has a word.
  struct Found {
    Form form;
    uint32_t frequency = 0;  // 0 of a form that is told by its text or key
  };
  using FoundWords = std::map<uint32_t, Found>;  // by word

  const Forms& FormsIn(uint32_t segment);
  void AddTerm(uint32_t segment, std::string_view term, const Form& counted,
               const Form& constant, Forms* forms) const;
  static void Add(const Form& form, uint32_t frequency, FoundWords* words);
  FoundWords FindWords(uint32_t segment, uint32_t passage);

  const index::Generation& generation_;
  const ScoredQuery& query_;
  const LengthNorms norms_;
  std::vector<std::unique_ptr<Forms>> forms_;  // by segment; null until needed
};

}  // namespace footnote::search
