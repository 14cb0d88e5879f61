#include "server/search/searcher.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "indexer/index/segment.h"
#include "server/search/assemble.h"
#include "server/search/facets.h"
#include "server/search/highlights.h"
#include "server/search/match.h"
#include "server/search/matching_set.h"
#include "server/search/query.h"
#include "server/search/ranking.h"
#include "server/search/statistics.h"

namespace footnote::search {
namespace {

absl::Status CheckDepth(const SearchOptions& options) {
  if (uint64_t{options.offset} + options.limit > kMaxResults) {
    return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOO_DEEP",
                     "only the first " + std::to_string(kMaxResults) +
                         " results of a query can be paged through",
                     {{"limit", std::to_string(kMaxResults)}});
  }
  return absl::OkStatus();
}

// Counts matches and facets over all segments.
absl::Status AddCounts(const index::Generation& generation, const Query& query,
                       const SearchOptions& options, const Deadline& deadline,
                       SearchResult* result) {
  std::vector<std::unique_ptr<FacetCounter>> counters;
  for (const FacetSpec& spec : options.facets) {
    FOOTNOTE_ASSIGN_OR_RETURN(std::unique_ptr<FacetCounter> counter,
                              FacetCounter::Create(spec));
    counters.push_back(std::move(counter));
  }
  if (!options.count && counters.empty()) {
    return absl::OkStatus();
  }
  for (const auto& segment : generation.segments()) {
    FOOTNOTE_ASSIGN_OR_RETURN(const PassageSet set,
                              FindAll(*segment, query, deadline));
    if (options.count) {
      const MatchCount count = CountMatches(*segment, set);
      result->count.passages += count.passages;
      result->count.documents += count.documents;
    }
    for (const auto& counter : counters) {
      FOOTNOTE_RETURN_IF_ERROR(counter->Add(*segment, set, deadline));
    }
  }
  for (const auto& counter : counters) {
    result->facets.push_back(counter->Finish());
  }
  return absl::OkStatus();
}

absl::Status AddPassages(const index::Generation& generation,
                         const Query& query, const SearchOptions& options,
                         const Candidates& candidates, SearchResult* result) {
  const Highlighter highlighter(query);
  const size_t end =
      std::min<size_t>(candidates.best.size(), options.offset + options.limit);
  for (size_t i = options.offset; i < end; ++i) {
    const Candidate& candidate = candidates.best[i];
    const index::Segment& segment = *generation.segments()[candidate.segment];
    FOOTNOTE_ASSIGN_OR_RETURN(Passage passage,
                              AssemblePassage(segment, candidate.passage));
    FOOTNOTE_RETURN_IF_ERROR(AddNeighbours(segment, candidate.passage,
                                           options.previous_count,
                                           options.next_count, &passage));
    passage.rank = static_cast<uint32_t>(i + 1);
    passage.score = candidate.score;
    passage.relevance = candidate.score / candidates.highest_possible;
    passage.highlights =
        highlighter.Find(segment, candidate.passage, passage.text);
    result->passages.push_back(std::move(passage));
  }
  result->has_more = candidates.best.size() > end;
  return absl::OkStatus();
}

}  // namespace

std::string RankerId() { return kRankerId; }

absl::StatusOr<SearchResult> Search(const index::Generation& generation,
                                    const SearchOptions& options,
                                    const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckDepth(options));
  if (deadline.Passed()) {
    return DeadlineError();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const Query query,
      ParseQuery(options.query, generation.info().languages));
  SearchResult result;
  result.executed_query = ToString(query);
  if (query.words.empty()) {
    result.warnings.push_back(
        {"NO_WORDS", "the query has no word to search for"});
  }
  FOOTNOTE_RETURN_IF_ERROR(
      AddCounts(generation, query, options, deadline, &result));
  FOOTNOTE_ASSIGN_OR_RETURN(const Statistics statistics,
                            ReadStatistics(generation, query));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const Candidates candidates,
      FindBest(generation, query, statistics,
               options.offset + options.limit + 1, deadline));
  FOOTNOTE_RETURN_IF_ERROR(
      AddPassages(generation, query, options, candidates, &result));
  return result;
}

}  // namespace footnote::search
