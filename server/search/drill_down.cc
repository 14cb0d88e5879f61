#include "server/search/drill_down.h"

#include <utility>

#include "indexer/index/segment.h"
#include "server/search/memory_estimates.h"
#include "server/search/result_ids.h"

namespace footnote::search {
namespace {

bool IsSameField(std::string_view a, std::string_view b) {
  return IsBuiltInField(a) == IsBuiltInField(b) &&
         MetadataFieldOf(a) == MetadataFieldOf(b);
}

// Returns, for each segment, all of its passages.
std::vector<PassageSet> AllPassages(const index::Generation& generation) {
  std::vector<PassageSet> sets;
  for (const auto& segment : generation.segments()) {
    sets.emplace_back(segment->passage_count()).Invert();
  }
  return sets;
}

void Narrow(const std::vector<PassageSet>& by, std::vector<PassageSet>* sets) {
  for (size_t i = 0; i < by.size(); ++i) {
    (*sets)[i].Intersect(by[i]);
  }
}

}  // namespace

std::optional<std::vector<const Filter*>> WithoutField(const Filter& filter,
                                                       std::string_view field) {
  std::vector<const Filter*> parts;
  std::vector<const Filter*> left = {&filter};
  bool has_field = false;
  while (!left.empty()) {
    const Filter& next = *left.back();
    left.pop_back();
    if (next.kind == Filter::Kind::kAll) {
      for (const Filter& part : next.parts) {
        left.push_back(&part);
      }
    } else if (next.kind == Filter::Kind::kCondition &&
               IsSameField(next.field, field)) {
      has_field = true;
    } else {
      parts.push_back(&next);
    }
  }
  return has_field ? std::optional(std::move(parts)) : std::nullopt;
}

absl::StatusOr<std::vector<DrillDown>> FindDrillDowns(
    const View& view, const SearchOptions& options,
    const std::vector<PassageSet>& unfiltered, const Deadline& deadline,
    MemoryBudget* memory) {
  std::vector<DrillDown> found;
  for (const FacetSpec& spec : options.facets) {
    const auto rest = spec.without_own_filter && options.filter
                          ? WithoutField(*options.filter, spec.field)
                          : std::nullopt;
    if (!rest || FindDrillDown(found, spec) != nullptr) {
      continue;
    }
    FOOTNOTE_RETURN_IF_ERROR(memory->Take(
        MemoryOf(*options.filter, view.generation()), "the filter"));
    std::vector<PassageSet> allowed =
        unfiltered.empty() ? AllPassages(view.generation()) : unfiltered;
    for (const Filter* part : *rest) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const std::vector<PassageSet> met,
          ApplyFilter(view.generation(), *part, deadline));
      Narrow(met, &allowed);
    }
    FOOTNOTE_RETURN_IF_ERROR(
        Exclude(view, options.ranking.excluded, deadline, &allowed));
    found.push_back({spec.field, std::move(allowed)});
  }
  return found;
}

const DrillDown* FindDrillDown(const std::vector<DrillDown>& drill_downs,
                               const FacetSpec& spec) {
  for (const DrillDown& drill_down : drill_downs) {
    if (spec.without_own_filter && IsSameField(drill_down.field, spec.field)) {
      return &drill_down;
    }
  }
  return nullptr;
}

}  // namespace footnote::search
