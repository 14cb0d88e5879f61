// Finds passages in which words of a quote stand, by postings and tokens.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "server/grounding/quote_tokens.h"
#include "server/grounding/word_alignment.h"
#include "server/search/deadline.h"
#include "server/search/document_text.h"
#include "server/search/memory_budget.h"
#include "server/search/passage_set.h"
#include "server/search/view.h"

namespace footnote::grounding {

// Tokens [start, end) of a quote.
struct TokenRange {
  size_t start = 0;
  size_t end = 0;

  size_t size() const { return end - start; }
};

// Passages of one document, by their numbers in the segment.
struct PassageRange {
  size_t segment = 0;  // index in the generation
  uint32_t first = 0;
  uint32_t last = 0;  // inclusive
};

// Passages that tokens of a quote stand in.
struct Hit {
  PassageRange passages;
  uint32_t edits = 0;   // tokens put in, left out or replaced
  uint32_t tokens = 0;  // of FindRuns(): how many stand there in a row
};

// What is looked for of one quote. What it finds does not depend on segments.
// passage_search.cc finds the passages by postings, passage_search_tokens.cc
// compares their tokens. Not thread-safe.
class PassageSearch {
 public:
  // All that it is given must outlive it.
  PassageSearch(const search::View& view, const QuoteTokens& tokens,
                const search::Deadline& deadline, search::MemoryBudget& memory);

  // Returns the passages of a view in which a range of tokens stands with at
  // most `most` edits, those with the fewest edits first, then by document id
  // and place; some tens of them at most.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kResourceExhausted
  // SEARCH_TOO_LARGE; kDataLoss INDEX_CORRUPT.
  absl::StatusOr<std::vector<Hit>> Find(TokenRange range, uint32_t most);

  // Returns those in which a run of tokens stands that begins at token `start`
  // and has four or more, the longest first. Errors: likewise.
  absl::StatusOr<std::vector<Hit>> FindRuns(size_t start);

  // Likewise Find(), in some passages of one document, which are read whole.
  absl::StatusOr<std::vector<Hit>> FindIn(const PassageRange& passages,
                                          TokenRange range, uint32_t most);

  // Returns passages with those around them that so many tokens before and
  // after them may reach into, at least one on either side where there is one.
  PassageRange Widen(const PassageRange& passages, size_t tokens_before,
                     size_t tokens_after) const;

  // Whether some passages were not looked at, the words being too frequent.
  bool is_incomplete() const { return is_incomplete_; }

  const search::View& view() const { return view_; }

 private:
  // Where some of the words stand.
  struct Window {
    PassageRange passages;
    uint32_t passage = 0;  // that it was made for
    uint32_t votes = 0;
    index::PassageId id;  // of that passage
  };

  // The words that are looked for.
  struct Voters {
    std::vector<uint32_t> base;  // one of them must stand there
    // All words that are looked at, with how many tokens are the word.
    std::vector<std::pair<uint32_t, uint32_t>> words;
    uint32_t tokens = 0;  // of all words
    uint32_t need = 0;    // so many of them must stand there

    // Adds a token; those of one word come one after the other.
    void Count(uint32_t word, uint64_t frequency, bool is_base) {
      if (frequency == 0) {
        return;  // stands nowhere
      }
      if (words.empty() || words.back().first != word) {
        words.emplace_back(word, 0);
        if (is_base) {
          base.push_back(word);
        }
      }
      ++words.back().second;
      ++tokens;
    }
  };
  struct Counted {
    uint64_t frequency = 0;  // passages that have the word
    uint32_t word = 0;
  };
  struct InSegment {
    std::unique_ptr<QuoteLexemes> lexemes;
    std::vector<std::optional<search::PassageSet>> sets;  // by word
  };

  absl::StatusOr<uint64_t> FrequencyOf(uint32_t word);
  absl::StatusOr<std::vector<Counted>> RarestFirst(TokenRange range);
  absl::StatusOr<Voters> ChooseVoters(TokenRange range, uint32_t most);
  absl::Status LoadSet(size_t segment, uint32_t word);
  absl::Status AddWindows(size_t segment, const Voters& voters, size_t reach,
                          std::vector<Window>* windows);
  // Returns where the voters' tokens may stand: passages with `reach` tokens on
  // either side, in order.
  absl::StatusOr<std::vector<Window>> FindWindows(const Voters& voters,
                                                  size_t reach);
  static std::vector<PassageRange> Merge(const std::vector<Window>& windows);
  static bool IsIn(const std::optional<search::PassageSet>& set,
                   const PassageRange& passages);
  uint32_t VotesIn(const Voters& voters, const PassageRange& passages) const;
  std::vector<uint32_t> ReadTokens(const PassageRange& passages,
                                   std::vector<size_t>* ends);
  absl::Status AddHits(const PassageRange& passages, const WordPattern& pattern,
                       uint32_t most, std::vector<Hit>* hits);
  bool MayCross(const std::vector<uint32_t>& words, size_t start) const;
  void AddRun(const Window& window, size_t start, std::vector<Hit>* hits);
  void KeepBest(std::vector<Hit>* hits) const;
  bool IsBefore(const Hit& a, const Hit& b) const;
  const index::Segment& SegmentAt(size_t segment) const;

  const search::View& view_;
  const QuoteTokens& tokens_;
  const search::Deadline& deadline_;
  search::MemoryUse memory_;
  std::vector<std::optional<uint64_t>> frequencies_;  // by word
  std::vector<InSegment> segments_;
  bool is_incomplete_ = false;
};

}  // namespace footnote::grounding
