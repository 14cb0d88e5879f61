#include "server/search/ranker.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>

#include "indexer/index/segment.h"
#include "server/search/diversity.h"
#include "server/search/memory_estimates.h"
#include "server/search/ranking.h"
#include "server/search/result_ids.h"
#include "server/search/result_order.h"
#include "server/search/searcher.h"
#include "server/search/unscored.h"

namespace footnote::search {
namespace {

// So many of our results take part in a fusion.
constexpr uint32_t kFusionDepth = 1000;
// A list that lost results to a limit is looked for again, so much deeper.
constexpr uint32_t kDeeper = 4;

}  // namespace

absl::Status Ranker::Rank(size_t wanted) {
  if (options_.order.kind != ResultOrder::Kind::kScore) {
    return RankInOrder(wanted);
  }
  if (options_.diversity <= 0) {
    return RankByScore(wanted);
  }
  FOOTNOTE_RETURN_IF_ERROR(
      RankByScore(std::max(wanted, options_.pinned.size() + kDiversified)));
  return Diversify();
}

// Puts the first results after those that are pinned in another order.
absl::Status Ranker::Diversify() {
  const size_t end = std::min(results_.size(), pinned_ + kDiversified);
  std::vector<ScoredPlace> places;
  for (size_t i = 0; i < end; ++i) {
    const Candidate& candidate = results_[i].candidate;
    places.push_back(
        {candidate.segment, candidate.passage, results_[i].score()});
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<size_t> order,
      OrderByMarginalRelevance(request_.view.generation(), places, pinned_,
                               options_.diversity, limit_));
  const std::vector<Result> before = results_;
  for (size_t i = 0; i < order.size(); ++i) {
    results_[pinned_ + i] = before[order[i]];
  }
  return absl::OkStatus();
}

// Returns how deep our list is looked for at first, where so many results are
// wanted.
size_t Ranker::DepthFor(size_t wanted) const {
  return std::max<size_t>(wanted, options_.hides() ? kHidingDepth : 0) +
         options_.pinned.size();
}

absl::Status Ranker::RankByScore(size_t wanted) {
  auto depth = static_cast<uint32_t>(
      options_.external
          ? kFusionDepth
          : std::max<size_t>(DepthFor(wanted), CandidateDepth(options_)));
  for (;; depth *= kDeeper) {
    absl::Status found = FindOwn(depth);
    CutIrrelevant();
    found.Update(Assemble());
    if (!found.ok() || results_.size() >= wanted || own_is_all_ ||
        options_.external) {
      return found;
    }
  }
}

absl::Status Ranker::RankInOrder(size_t wanted) {
  auto depth = static_cast<uint32_t>(DepthFor(wanted));
  for (;; depth *= kDeeper) {
    absl::Status found = options_.minimum_relevance > 0 ? FindOwn(kMaxResults)
                                                        : FindInOrder(depth);
    if (options_.minimum_relevance > 0) {
      CutIrrelevant();
      PutInOrder(own_.size(), &own_);
      own_is_all_ = true;
    }
    found.Update(Assemble());
    if (!found.ok() || results_.size() >= wanted || own_is_all_) {
      return found;
    }
  }
}

// Finds our first `depth` results by score.
absl::Status Ranker::FindOwn(uint32_t depth) {
  MemoryUse memory(request_.memory);
  FOOTNOTE_RETURN_IF_ERROR(
      memory.Take(MemoryOfBest(depth, request_.view.generation()), "ranking"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      Matches matches,
      FindBest(request_.view, request_.query, request_.allowed, depth, limit_));
  own_ = std::move(matches.best);
  if (request_.is_constrained && !matches.cut_short) {
    const absl::Status added =
        AddUnscored(request_.view, request_.allowed, depth, limit_, &own_);
    matches.cut_short = absl::IsDeadlineExceeded(added);
  }
  own_is_all_ = own_.size() < depth;
  is_scored_ = true;
  if (request_.unfiltered != nullptr && !has_learnt_) {
    FOOTNOTE_RETURN_IF_ERROR(LearnUnfiltered());
  }
  FOOTNOTE_RETURN_IF_ERROR(rescorer_.Rescore(limit_, &own_));
  if (request_.unfiltered == nullptr) {
    first_score_ = own_.empty() ? 0 : own_.front().score;
  }
  return matches.cut_short ? DeadlineError() : absl::OkStatus();
}

// Learns what decides scores from the best that there are without the filter.
absl::Status Ranker::LearnUnfiltered() {
  FOOTNOTE_ASSIGN_OR_RETURN(
      Matches matches,
      FindBest(request_.view, request_.query, *request_.unfiltered,
               CandidateDepth(options_), limit_));
  if (matches.cut_short) {
    return DeadlineError();
  }
  FOOTNOTE_RETURN_IF_ERROR(rescorer_.Rescore(limit_, &matches.best));
  first_score_ = matches.best.empty() ? 0 : matches.best.front().score;
  rescorer_.KeepFeedback();
  has_learnt_ = true;
  return absl::OkStatus();
}

// Finds the first `depth` of what matches in the order asked for; of their
// scores, only those of the best are known.
absl::Status Ranker::FindInOrder(uint32_t depth) {
  FOOTNOTE_RETURN_IF_ERROR(FindOwn(CandidateDepth(options_)));
  for (const Candidate& candidate : own_) {
    best_[{candidate.segment, candidate.passage}] = candidate;
  }
  MemoryUse memory(request_.memory);
  FOOTNOTE_RETURN_IF_ERROR(
      memory.Take(MemoryOfBest(depth, request_.view.generation()), "ordering"));
  const auto& segments = request_.view.generation().segments();
  own_.clear();
  is_scored_ = false;
  size_t matching = 0;
  for (uint32_t i = 0; i < segments.size(); ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(const size_t found, AddInOrder(i, depth));
    matching += found;
  }
  PutInOrder(depth, &own_);
  own_is_all_ = matching <= depth;
  return absl::OkStatus();
}

// Adds what matches in a segment, of which the first `depth` stay;
// returns how much that is.
absl::StatusOr<size_t> Ranker::AddInOrder(uint32_t segment, uint32_t depth) {
  const uint32_t end =
      request_.view.generation().segments()[segment]->passage_count();
  FOOTNOTE_ASSIGN_OR_RETURN(const PassageSet set, FindMatching(segment));
  size_t matching = 0;
  for (uint32_t passage = set.NextFrom(0); passage < end;
       passage = set.NextFrom(passage + 1)) {
    own_.push_back({segment, passage});
    ++matching;
    if (own_.size() >= kMostTied + depth) {
      PutInOrder(depth, &own_);
      if (limit_.Passed()) {
        return DeadlineError();
      }
    }
  }
  return matching;
}

// Returns the passages of a segment that match.
absl::StatusOr<PassageSet> Ranker::FindMatching(uint32_t segment) const {
  if (request_.is_constrained) {
    PassageSet set = request_.allowed[segment];
    set.RemoveAll(request_.view.hidden(segment));
    return set;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      PassageSet set,
      FindAll(request_.view, segment, request_.query.statistics, limit_));
  if (!request_.allowed.empty()) {
    set.Intersect(request_.allowed[segment]);
  }
  return set;
}

// Keeps the first `count` in the order asked for.
void Ranker::PutInOrder(size_t count,
                        std::vector<Candidate>* candidates) const {
  const std::vector<double> places =
      PlacesInOrder(request_.view.generation(), options_.order, *candidates);
  // Places stand in for scores while these are put aside.
  std::map<Place, Candidate> kept;
  for (size_t i = 0; i < candidates->size(); ++i) {
    Candidate& candidate = (*candidates)[i];
    if (is_scored_) {
      kept[{candidate.segment, candidate.passage}] = candidate;
    }
    candidate.score = places[i];
  }
  KeepBest(request_.view.generation(), count, candidates);
  for (Candidate& candidate : *candidates) {
    if (is_scored_) {
      candidate = kept.at({candidate.segment, candidate.passage});
    }
  }
}

double Ranker::RelevanceOf(const Candidate& candidate) const {
  return Relevance(candidate.score, first_score_,
                   request_.query.highest_possible);
}

void Ranker::CutIrrelevant() {
  const auto is_relevant = [&](const Candidate& candidate) {
    return RelevanceOf(candidate) >= options_.minimum_relevance;
  };
  const auto end = std::partition_point(own_.begin(), own_.end(), is_relevant);
  own_is_all_ |= end != own_.end();
  for (auto at = end; at != own_.end(); ++at) {
    best_[{at->segment, at->passage}] = *at;  // what ids stand for may be there
  }
  own_.erase(end, own_.end());
}

// Makes the results: what is pinned, then what is not hidden of the others.
absl::Status Ranker::Assemble() {
  results_.clear();
  unknown_ids_.clear();
  hiding_.Begin();
  FOOTNOTE_RETURN_IF_ERROR(AddPinned());
  pinned_ = results_.size();
  std::set<Place> pinned;
  for (const Result& result : results_) {
    pinned.emplace(result.candidate.segment, result.candidate.passage);
  }
  for (const Result& result : ListOthers()) {
    const Place place = {result.candidate.segment, result.candidate.passage};
    if (pinned.contains(place)) {
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const bool is_shown,
                              hiding_.Shows(place, limit_));
    if (is_shown) {
      results_.push_back(result);
    }
  }
  return hiding_.cut_short() ? DeadlineError() : absl::OkStatus();
}

// Returns our results with those of the other system.
std::vector<Ranker::Result> Ranker::ListOthers() {
  std::vector<Result> list;
  if (options_.external) {
    for (const FusedCandidate& fused :
         Fuse(request_.view.generation(), *options_.external, own_,
              ResolveExternal())) {
      list.push_back({fused.candidate, fused.fused});
    }
    return list;
  }
  for (const Candidate& candidate : own_) {
    list.push_back({candidate, std::nullopt});
  }
  return list;
}

absl::Status Ranker::AddPinned() {
  std::set<Place> pinned;
  for (const ResultId& id : options_.pinned) {
    const std::optional<Candidate> found = Resolve(id);
    if (!found || !pinned.emplace(found->segment, found->passage).second) {
      continue;
    }
    results_.push_back({*found, std::nullopt});
    FOOTNOTE_RETURN_IF_ERROR(
        hiding_.AddPinned({found->segment, found->passage}, limit_));
  }
  return absl::OkStatus();
}

std::vector<ExternalPassage> Ranker::ResolveExternal() {
  std::vector<ExternalPassage> passages;
  for (const ExternalResults::Result& result : options_.external->results) {
    if (const std::optional<Candidate> found = Resolve(result.id)) {
      passages.push_back({*found, result.score});
    }
  }
  return passages;
}

// Returns the passage that an id stands for: the one that it names, or of a
// document that it names the one that comes first in our list, else scores
// best by its own words, in whichever collection; none where the filter leaves
// none.
std::optional<Candidate> Ranker::Resolve(const ResultId& id) {
  const std::vector<PassageRange> ranges = FindPassages(request_.view, id);
  if (ranges.empty()) {
    unknown_ids_.push_back(id);
    return std::nullopt;
  }
  const auto own =
      std::find_if(own_.begin(), own_.end(), [&](const Candidate& candidate) {
        return is_scored_ && Has(ranges, candidate.segment, candidate.passage);
      });
  return own != own_.end() ? *own : BestIn(ranges);
}

// Returns the passage that scores best of those that the filter leaves.
std::optional<Candidate> Ranker::BestIn(
    const std::vector<PassageRange>& ranges) {
  std::optional<Candidate> best;
  for (const PassageRange& range : ranges) {
    for (uint32_t i = range.first; i < range.first + range.count; ++i) {
      if (!IsAllowed(range.segment, i)) {
        continue;
      }
      const Candidate scored = ScoreOf({range.segment, i});
      if (!best || scored.score > best->score) {
        best = scored;
      }
    }
  }
  return best;
}

// Returns a passage with its score, looked at again where it is of the best.
Candidate Ranker::ScoreOf(const Place& place) {
  const auto best = best_.find(place);
  return best != best_.end() ? best->second
                             : scorer_.Score(place.first, place.second);
}

bool Ranker::IsAllowed(uint32_t segment, uint32_t passage) const {
  return request_.allowed.empty() || request_.allowed[segment].Has(passage);
}

std::vector<RankedPassage> Ranker::Page(size_t offset, size_t limit) {
  std::vector<RankedPassage> page;
  for (size_t i = offset; i < std::min(results_.size(), offset + limit); ++i) {
    Result& result = results_[i];
    Candidate& candidate = result.candidate;
    if (!is_scored_) {
      candidate = ScoreOf({candidate.segment, candidate.passage});
    }
    RankedPassage& ranked = page.emplace_back();
    ranked.segment = candidate.segment;
    ranked.passage = candidate.passage;
    ranked.score = result.score();
    ranked.relevance = RelevanceOf(candidate);
    ranked.kind = result.fused ? ScoreKind::kFused : ScoreKind::kBm25;
    if (options_.explain) {
      ranked.contributions = Explain(result);
    }
    ranked.repeats = hiding_.RepeatsOf({candidate.segment, candidate.passage});
  }
  return page;
}

std::vector<Contribution> Ranker::Explain(const Result& result) {
  using Stage = Contribution::Stage;
  if (result.fused) {
    return {{Stage::kFusion, "", "own", result.fused->own},
            {Stage::kFusion, "", "external", result.fused->external}};
  }
  const Candidate& candidate = result.candidate;
  std::vector<Contribution> parts =
      scorer_.Explain(candidate.segment, candidate.passage);
  if (candidate.rescored) {
    rescorer_.Explain(candidate, &parts);
  }
  if (options_.recency) {
    parts.push_back(
        {Stage::kRecency, "", "", candidate.score - candidate.unaged});
  }
  return parts;
}

}  // namespace footnote::search
