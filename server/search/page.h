// Puts the passages of a page together.

#pragma once

#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/generation.h"
#include "server/search/deadline.h"
#include "server/search/hiding.h"
#include "server/search/ranker.h"
#include "server/search/result.h"
#include "server/search/searcher.h"
#include "server/search/segment_words.h"

namespace footnote::search {

// Makes passages of candidates, with neighbours and highlights. Not
// thread-safe.
class PageBuilder {
 public:
  // All that it is given must outlive it. There are no highlights where `words`
  // is null.
  PageBuilder(const index::Generation& generation, const SearchOptions& options,
              GenerationWords* words)
      : generation_(generation), options_(options), words_(words) {}

  // Makes the page that the options ask for of its passages. A page of very
  // long passages ends early; so does one that takes until `limit`, which is no
  // later than `deadline`, but not before its first passage.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED after `deadline`; kDataLoss
  // INDEX_CORRUPT.
  absl::Status Build(const std::vector<RankedPassage>& ranked,
                     const Deadline& deadline, const Deadline& limit);

  // Whether the page ended early at its limit, or with highlights missing.
  bool cut_short() const { return cut_short_; }

  std::vector<Passage> Take() { return std::move(passages_); }

 private:
  absl::StatusOr<Passage> Assemble(const RankedPassage& ranked);
  absl::Status AddDuplicates(const Hiding::Repeats& repeats,
                             Passage* passage) const;

  const index::Generation& generation_;
  const SearchOptions& options_;
  GenerationWords* const words_;
  std::vector<Passage> passages_;
  bool cut_short_ = false;
};

}  // namespace footnote::search
