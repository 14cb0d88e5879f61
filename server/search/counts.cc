#include "server/search/counts.h"

#include <memory>
#include <utility>

#include "indexer/index/segment.h"
#include "server/search/facets.h"
#include "server/search/match.h"
#include "server/search/segment_matches.h"

namespace footnote::search {
namespace {

using FacetCounters = std::vector<std::unique_ptr<FacetCounter>>;

absl::StatusOr<FacetCounters> MakeCounters(const SearchOptions& options) {
  FacetCounters counters;
  for (const FacetSpec& spec : options.facets) {
    FOOTNOTE_ASSIGN_OR_RETURN(std::unique_ptr<FacetCounter> counter,
                              FacetCounter::Create(spec));
    counters.push_back(std::move(counter));
  }
  return counters;
}

// Finds the matches of one segment.
absl::StatusOr<PassageSet> FindMatches(const CountRequest& request,
                                       uint32_t number,
                                       const Deadline& deadline) {
  if (request.all_allowed) {
    PassageSet set = request.allowed[number];
    set.RemoveAll(request.view.hidden(number));
    return set;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      PassageSet set,
      FindAll(request.view, number, request.statistics, deadline));
  if (!request.allowed.empty()) {
    set.Intersect(request.allowed[number]);
  }
  return set;
}

// Counts the matches of one segment.
absl::Status CountSegment(const CountRequest& request, uint32_t number,
                          const FacetCounters& counters,
                          const Deadline& deadline, MatchCount* total) {
  const index::Segment& segment = *request.view.generation().segments()[number];
  MemoryUse memory(request.memory);
  FOOTNOTE_RETURN_IF_ERROR(
      memory.Take(PassageSet::BytesOf(segment.passage_count()) +
                      sizeof(DocumentMatches) * segment.document_count(),
                  "counting"));
  FOOTNOTE_ASSIGN_OR_RETURN(PassageSet set,
                            FindMatches(request, number, deadline));
  FOOTNOTE_ASSIGN_OR_RETURN(const SegmentMatches matches,
                            GroupByDocument(segment, std::move(set), deadline));
  for (const DocumentMatches& document : matches.documents) {
    total->passages += document.passages;
  }
  total->documents += matches.documents.size();
  for (const auto& counter : counters) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_RETURN_IF_ERROR(counter->Add(matches, deadline, &request.memory));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Counts> CountMatches(const CountRequest& request,
                                    const Deadline& deadline) {
  FOOTNOTE_ASSIGN_OR_RETURN(const FacetCounters counters,
                            MakeCounters(request.options));
  Counts counts;
  if (!request.options.count && counters.empty()) {
    return counts;
  }
  MatchCount total;
  for (uint32_t i = 0; i < request.view.generation().segments().size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(
        CountSegment(request, i, counters, deadline, &total));
  }
  if (request.options.count) {
    counts.count = total;
  }
  for (const auto& counter : counters) {
    FOOTNOTE_ASSIGN_OR_RETURN(counts.facets.emplace_back(),
                              counter->Finish(deadline));
  }
  return counts;
}

}  // namespace footnote::search
