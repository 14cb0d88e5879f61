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

// Finds what matches in one segment whatever is allowed.
absl::StatusOr<PassageSet> FindMatches(const CountRequest& request,
                                       uint32_t number,
                                       const Deadline& deadline) {
  if (!request.all_allowed) {
    return FindAll(request.view, number, request.statistics, deadline);
  }
  const index::Segment& segment = *request.view.generation().segments()[number];
  PassageSet set(segment.passage_count());
  set.Invert();
  set.RemoveAll(request.view.hidden(number));
  return set;
}

// Adds matches of one segment to the facets that are counted over
// `drill_down`, those that are counted over what matches where it is null.
absl::Status AddToFacets(const CountRequest& request,
                         const SegmentMatches& matches,
                         const DrillDown* drill_down,
                         const FacetCounters& counters,
                         const Deadline& deadline) {
  for (size_t i = 0; i < counters.size(); ++i) {
    if (FindDrillDown(request.drill_downs, request.options.facets[i]) !=
        drill_down) {
      continue;
    }
    if (deadline.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_RETURN_IF_ERROR(
        counters[i]->Add(matches, deadline, &request.memory));
  }
  return absl::OkStatus();
}

// Counts the matches of one segment.
absl::Status CountSegment(const CountRequest& request, uint32_t number,
                          const FacetCounters& counters,
                          const Deadline& deadline, MatchCount* total) {
  const index::Segment& segment = *request.view.generation().segments()[number];
  MemoryUse memory(request.memory);
  const uint64_t sets = request.drill_downs.empty() ? 1 : 2;
  FOOTNOTE_RETURN_IF_ERROR(
      memory.Take(sets * (PassageSet::BytesOf(segment.passage_count()) +
                          sizeof(DocumentMatches) * segment.document_count()),
                  "counting"));
  FOOTNOTE_ASSIGN_OR_RETURN(PassageSet set,
                            FindMatches(request, number, deadline));
  for (const DrillDown& drill_down : request.drill_downs) {
    PassageSet wider = set;
    wider.Intersect(drill_down.allowed[number]);
    FOOTNOTE_ASSIGN_OR_RETURN(
        const SegmentMatches matches,
        GroupByDocument(segment, std::move(wider), deadline));
    FOOTNOTE_RETURN_IF_ERROR(
        AddToFacets(request, matches, &drill_down, counters, deadline));
  }
  if (!request.allowed.empty()) {
    set.Intersect(request.allowed[number]);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const SegmentMatches matches,
                            GroupByDocument(segment, std::move(set), deadline));
  for (const DocumentMatches& document : matches.documents) {
    total->passages += document.passages;
  }
  total->documents += matches.documents.size();
  return AddToFacets(request, matches, nullptr, counters, deadline);
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
