// Puts the results of a search in their order, as its options ask.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/fusion.h"
#include "server/search/hiding.h"
#include "server/search/match.h"
#include "server/search/memory_budget.h"
#include "server/search/passage_scorer.h"
#include "server/search/passage_set.h"
#include "server/search/ranking_options.h"
#include "server/search/rescore.h"
#include "server/search/result.h"
#include "server/search/result_ids.h"
#include "server/search/segment_words.h"
#include "server/search/view.h"

namespace footnote::search {

// What is ranked.
struct RankRequest {
  const View& view;
  const ScoredQuery& query;
  const std::vector<PassageSet>& allowed;  // where there is a filter
  bool is_constrained;  // by the query itself: `allowed` is what matches
  // Where more than the query decides what is allowed, a filter say: what
  // matches without that. Scores are learnt from it, so that a filter changes
  // none; null where it is `allowed`.
  const std::vector<PassageSet>* unfiltered;
  GenerationWords& words;
  MemoryBudget& memory;
};

// A result of a page.
struct RankedPassage {
  uint32_t segment = 0;
  uint32_t passage = 0;
  double score = 0;
  double relevance = 0;
  ScoreKind kind = ScoreKind::kBm25;
  std::vector<Contribution> contributions;  // where asked for
  Hiding::Repeats repeats;                  // that are hidden behind it
};

// Ranks once. Not thread-safe.
class Ranker {
 public:
  // All that `request` refers to, and `limit`, must outlive it.
  Ranker(const RankRequest& request, const Deadline& limit)
      : request_(request),
        options_(request.query.options),
        limit_(limit),
        scorer_(request.view.generation(), request.query),
        rescorer_(request.view, request.query, request.words),
        hiding_(request.view, options_, request.memory) {}

  // Finds the first `wanted` results, and more where there are more. How many
  // are asked for changes none of them.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED, with the best of what was
  // found until then as results; kResourceExhausted SEARCH_TOO_LARGE; kDataLoss
  // INDEX_CORRUPT.
  absl::Status Rank(size_t wanted);

  // How many results there are, all of them where fewer than wanted.
  size_t size() const { return results_.size(); }

  // Returns the results of rank [offset, offset + limit), from 0.
  std::vector<RankedPassage> Page(size_t offset, size_t limit);

  // What was hidden of the first results; right where Rank() was.
  const HiddenResults& hidden() const { return hiding_.hidden(); }

  // The ids of the request that the view does not show.
  const std::vector<ResultId>& unknown_ids() const { return unknown_ids_; }

 private:
  using Place = Hiding::Place;

  struct Result {
    Candidate candidate;         // with its own score
    std::optional<Fused> fused;  // where two lists were put together

    double score() const {
      return fused ? fused->own + fused->external : candidate.score;
    }
  };

  size_t DepthFor(size_t wanted) const;
  absl::Status RankByScore(size_t wanted);
  absl::Status RankInOrder(size_t wanted);
  absl::Status Diversify();
  absl::Status FindOwn(uint32_t depth);
  absl::Status FindInOrder(uint32_t depth);
  absl::StatusOr<size_t> AddInOrder(uint32_t segment, uint32_t depth);
  absl::Status LearnUnfiltered();
  absl::StatusOr<PassageSet> FindMatching(uint32_t segment) const;
  void PutInOrder(size_t count, std::vector<Candidate>* candidates) const;
  double RelevanceOf(const Candidate& candidate) const;
  void CutIrrelevant();
  absl::Status Assemble();
  absl::Status AddPinned();
  std::vector<Result> ListOthers();
  Candidate ScoreOf(const Place& place);
  std::optional<Candidate> Resolve(const ResultId& id);
  std::optional<Candidate> BestIn(const std::vector<PassageRange>& ranges);
  std::vector<ExternalPassage> ResolveExternal();
  bool IsAllowed(uint32_t segment, uint32_t passage) const;
  std::vector<Contribution> Explain(const Result& result);

  const RankRequest request_;
  const RankingOptions& options_;
  const Deadline& limit_;
  PassageScorer scorer_;
  Rescorer rescorer_;
  std::vector<Candidate> own_;  // our list
  bool own_is_all_ = false;     // there are no more of it
  bool is_scored_ = true;       // the scores of own_ are scores
  // The best by score that are not in own_: it is ordered by something else, or
  // they are not relevant enough.
  std::map<Place, Candidate> best_;
  double first_score_ = 0;   // the highest there is, filtered or not
  bool has_learnt_ = false;  // from what is not filtered
  Hiding hiding_;
  std::vector<Result> results_;
  size_t pinned_ = 0;  // of them
  std::vector<ResultId> unknown_ids_;
};

}  // namespace footnote::search
