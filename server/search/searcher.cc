#include "server/search/searcher.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "indexer/index/segment.h"
#include "server/search/assemble.h"
#include "server/search/documents.h"
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

// One search, as its steps see it.
struct Request {
  const index::Generation& generation;
  const Query& query;
  const SearchOptions& options;
  const Deadline& deadline;
};

using FacetCounters = std::vector<std::unique_ptr<FacetCounter>>;

// Counts the matches of one segment.
absl::Status CountSegment(const Request& request, const index::Segment& segment,
                          const FacetCounters& counters, MatchCount* total) {
  FOOTNOTE_ASSIGN_OR_RETURN(const PassageSet set,
                            FindAll(segment, request.query, request.deadline));
  if (request.options.count) {
    const MatchCount count = CountMatches(segment, set);
    total->passages += count.passages;
    total->documents += count.documents;
  }
  for (const auto& counter : counters) {
    FOOTNOTE_RETURN_IF_ERROR(counter->Add(segment, set, request.deadline));
  }
  return absl::OkStatus();
}

// Counts matches and facets over all segments.
absl::Status AddCounts(const Request& request, SearchResult* result) {
  FacetCounters counters;
  for (const FacetSpec& spec : request.options.facets) {
    FOOTNOTE_ASSIGN_OR_RETURN(std::unique_ptr<FacetCounter> counter,
                              FacetCounter::Create(spec));
    counters.push_back(std::move(counter));
  }
  if (!request.options.count && counters.empty()) {
    return absl::OkStatus();
  }
  for (const auto& segment : request.generation.segments()) {
    FOOTNOTE_RETURN_IF_ERROR(
        CountSegment(request, *segment, counters, &result->count));
  }
  for (const auto& counter : counters) {
    result->facets.push_back(counter->Finish());
  }
  return absl::OkStatus();
}

// Returns about how many bytes a passage takes in an answer: its text stands
// there whole and in blocks, the document's id by itself and in its name.
uint64_t AnswerBytes(const Passage& passage) {
  const index::DocumentRecord& document = passage.document;
  uint64_t bytes = 2 * passage.text.size() + document.metadata_json.size() +
                   2 * document.document_id.size() + document.title.size() +
                   document.uri.size() + document.filename.size();
  for (const auto* neighbours : {&passage.previous, &passage.next}) {
    for (const Passage& neighbour : *neighbours) {
      bytes += 2 * neighbour.text.size();
    }
  }
  return bytes;
}

// Puts the page together. A page of very long passages ends early.
absl::Status AddPassages(const Request& request, const Candidates& candidates,
                         SearchResult* result) {
  const auto& [generation, query, options, deadline] = request;
  const Highlighter highlighter(query);
  uint64_t bytes = 0;
  const size_t end =
      std::min<size_t>(candidates.best.size(), options.offset + options.limit);
  for (size_t i = options.offset; i < end && bytes < kMaxTextBytes; ++i) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
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
    bytes += AnswerBytes(passage);
    result->passages.push_back(std::move(passage));
  }
  const size_t next = options.offset + result->passages.size();
  result->has_more = candidates.best.size() > next && next < kMaxResults;
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
  const Request request{generation, query, options, deadline};
  SearchResult result;
  result.executed_query = ToString(query);
  if (query.words.empty()) {
    result.warnings.push_back(
        {"NO_WORDS", "the query has no word to search for"});
  }
  FOOTNOTE_RETURN_IF_ERROR(AddCounts(request, &result));
  FOOTNOTE_ASSIGN_OR_RETURN(const Statistics statistics,
                            ReadStatistics(generation, query));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const Candidates candidates,
      FindBest(generation, query, statistics,
               options.offset + options.limit + 1, deadline));
  FOOTNOTE_RETURN_IF_ERROR(AddPassages(request, candidates, &result));
  return result;
}

}  // namespace footnote::search
