#include "server/search/result_order.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "indexer/index/segment.h"

namespace footnote::search {
namespace {

constexpr double kLast = -std::numeric_limits<double>::infinity();

// Returns the value that a document is ordered by, as bytes that compare as
// values do: the least of a field ascending, the greatest descending.
std::optional<std::string_view> ValueOf(const index::Segment& segment,
                                        uint32_t document,
                                        const ResultOrder& order) {
  const index::MetadataColumns& metadata = segment.metadata();
  std::optional<uint32_t> chosen;
  metadata.ForEachValue(
      document, metadata.ValuesOf(order.field), [&](uint32_t number) {
        if (!chosen || order.kind == ResultOrder::Kind::kDescending) {
          chosen = number;
        }
      });
  if (!chosen || metadata.value(*chosen).empty()) {
    return std::nullopt;
  }
  return metadata.value(*chosen);
}

std::vector<double> PlacesByDate(const index::Generation& generation,
                                 const ResultOrder& order,
                                 const std::vector<Candidate>& candidates) {
  std::vector<double> places;
  places.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    const index::Segment& segment = *generation.segments()[candidate.segment];
    const uint32_t document = segment.passage_place(candidate.passage).document;
    const int32_t day = segment.document_facets(document).day;
    places.push_back(day == index::kNoDay                           ? kLast
                     : order.kind == ResultOrder::Kind::kDescending ? day
                                                                    : -day);
  }
  return places;
}

std::vector<double> PlacesByField(const index::Generation& generation,
                                  const ResultOrder& order,
                                  const std::vector<Candidate>& candidates) {
  std::vector<std::optional<std::string_view>> values;
  std::vector<std::string_view> distinct;
  values.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    const index::Segment& segment = *generation.segments()[candidate.segment];
    values.push_back(ValueOf(
        segment, segment.passage_place(candidate.passage).document, order));
    if (values.back()) {
      distinct.push_back(*values.back());
    }
  }
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<double> places;
  places.reserve(values.size());
  for (const auto& value : values) {
    if (!value) {
      places.push_back(kLast);
      continue;
    }
    const auto place = static_cast<double>(
        std::lower_bound(distinct.begin(), distinct.end(), *value) -
        distinct.begin());
    places.push_back(order.kind == ResultOrder::Kind::kDescending ? place
                                                                  : -place);
  }
  return places;
}

}  // namespace

std::vector<double> PlacesInOrder(const index::Generation& generation,
                                  const ResultOrder& order,
                                  const std::vector<Candidate>& candidates) {
  return order.field.empty() ? PlacesByDate(generation, order, candidates)
                             : PlacesByField(generation, order, candidates);
}

}  // namespace footnote::search
