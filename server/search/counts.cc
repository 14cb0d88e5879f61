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

// Adds the matches of a segment to what is counted.
absl::Status CountSegment(const SegmentMatches& matches,
                          const FacetCounters& counters,
                          const Deadline& deadline, MatchCount* total) {
  for (const DocumentMatches& document : matches.documents) {
    total->passages += document.passages;
  }
  total->documents += matches.documents.size();
  for (const auto& counter : counters) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_RETURN_IF_ERROR(counter->Add(matches, deadline));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Counts> CountMatches(const View& view,
                                    const Statistics& statistics,
                                    const std::vector<PassageSet>& allowed,
                                    const SearchOptions& options,
                                    const Deadline& deadline) {
  FOOTNOTE_ASSIGN_OR_RETURN(const FacetCounters counters,
                            MakeCounters(options));
  Counts counts;
  if (!options.count && counters.empty()) {
    return counts;
  }
  MatchCount total;
  for (uint32_t i = 0; i < view.generation().segments().size(); ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(PassageSet set,
                              FindAll(view, i, statistics, deadline));
    if (!allowed.empty()) {
      set.Intersect(allowed[i]);
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const SegmentMatches matches,
                              GroupByDocument(*view.generation().segments()[i],
                                              std::move(set), deadline));
    FOOTNOTE_RETURN_IF_ERROR(CountSegment(matches, counters, deadline, &total));
  }
  if (options.count) {
    counts.count = total;
  }
  for (const auto& counter : counters) {
    FOOTNOTE_ASSIGN_OR_RETURN(counts.facets.emplace_back(),
                              counter->Finish(deadline));
  }
  return counts;
}

}  // namespace footnote::search
