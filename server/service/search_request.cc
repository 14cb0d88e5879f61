#include "server/service/search_request.h"

#include <algorithm>
#include <chrono>

#include "server/service/filter_conversion.h"
#include "server/service/page_token.h"
#include "server/service/ranking_request.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

constexpr int kMaxCollections = 16;
constexpr int kMaxFacets = 20;

absl::StatusOr<search::DateInterval> ParseDateInterval(
    v1::FacetSpec::DateInterval interval) {
  switch (interval) {
    case v1::FacetSpec::DATE_INTERVAL_DAY:
      return search::DateInterval::kDay;
    case v1::FacetSpec::DATE_INTERVAL_UNSPECIFIED:
      return search::DateInterval::kDefault;
    case v1::FacetSpec::DATE_INTERVAL_MONTH:
      return search::DateInterval::kMonth;
    case v1::FacetSpec::DATE_INTERVAL_YEAR:
      return search::DateInterval::kYear;
    default:
      return MakeError(absl::StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN",
                       "facets.date_interval has an unknown value",
                       {{"field", "facets.date_interval"},
                        {"value", std::to_string(interval)}});
  }
}

absl::StatusOr<search::FacetSpec> ParseFacet(const v1::FacetSpec& facet) {
  if (facet.limit() < 0) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "FACET_LIMIT_INVALID",
        "facets.limit must not be negative",
        {{"field", "facets.limit"}, {"value", std::to_string(facet.limit())}});
  }
  search::FacetSpec spec;
  spec.field = facet.field();
  if (facet.limit() > 0) {
    spec.limit =
        std::min(static_cast<uint32_t>(facet.limit()), search::kMaxFacetLimit);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(spec.date_interval,
                            ParseDateInterval(facet.date_interval()));
  spec.number_interval = facet.number_interval();
  spec.without_own_filter = facet.without_own_filter();
  return spec;
}

absl::StatusOr<std::vector<search::FacetSpec>> ParseFacets(
    const v1::SearchRequest& request) {
  if (request.facets_size() > kMaxFacets) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FACETS_TOO_MANY",
                     "facets has more than 20 entries",
                     {{"field", "facets"},
                      {"value", std::to_string(request.facets_size())}});
  }
  std::vector<search::FacetSpec> specs;
  for (const v1::FacetSpec& facet : request.facets()) {
    FOOTNOTE_ASSIGN_OR_RETURN(specs.emplace_back(), ParseFacet(facet));
  }
  if (specs.empty()) {
    for (const char* field :
         {"entity_type", "entity", "source_type", "language", "date"}) {
      specs.emplace_back().field = field;
    }
  }
  if (request.omit_facets()) {
    specs.clear();
  }
  return specs;
}

// Returns when a search must stop, by its own limit.
absl::StatusOr<std::chrono::steady_clock::time_point> ParseTimeLimit(
    const v1::SearchRequest& request) {
  using std::chrono::steady_clock;
  if (!request.has_time_limit()) {
    return steady_clock::time_point::max();
  }
  const google::protobuf::Duration& limit = request.time_limit();
  if (limit.seconds() < 0 || limit.nanos() < 0 ||
      (limit.seconds() == 0 && limit.nanos() == 0)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "TIME_LIMIT_INVALID",
                     "time_limit must be positive", {{"field", "time_limit"}});
  }
  constexpr int64_t kLongest = 86400;  // seconds; no call may take so long
  return steady_clock::now() +
         std::chrono::seconds(std::min(limit.seconds(), kLongest)) +
         std::chrono::nanoseconds(limit.nanos());
}

// Returns the generations that a request is to search.
absl::StatusOr<std::vector<GenerationName>> ParseCollections(
    const v1::SearchRequest& request) {
  if (request.collections().empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        std::string collection,
        ParseCollectionName(request.collection(), "collection"));
    return {{{std::move(collection), request.generation()}}};
  }
  const char* const problem =
      !request.collection().empty()
          ? "collection and collections cannot both be set"
      : request.generation() != 0
          ? "generation is of one collection; in collections a name may end "
            "with /generations/ and a number"
      : request.collections_size() > kMaxCollections
          ? "collections has more than 16 entries"
          : nullptr;
  if (problem != nullptr) {
    return MakeError(absl::StatusCode::kInvalidArgument, "COLLECTIONS_INVALID",
                     problem, {{"field", "collections"}});
  }
  std::vector<GenerationName> generations;
  for (const std::string& name : request.collections()) {
    FOOTNOTE_ASSIGN_OR_RETURN(generations.emplace_back(),
                              ParseGenerationName(name, "collections"));
  }
  return generations;
}

}  // namespace

absl::Status ApplyPageToken(const std::string& token, SearchCall* call) {
  FOOTNOTE_ASSIGN_OR_RETURN(const PageToken page,
                            DecodePageToken(token, call->request_key));
  if (!page.generations.empty()) {
    call->generations = page.generations;
  }
  call->options.offset = page.offset;
  if (page.offset < search::kMaxResults) {
    // The last page that can be reached may be shorter than asked for.
    call->options.limit =
        std::min(call->options.limit, search::kMaxResults - page.offset);
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> ParsePageSize(int32_t page_size, uint32_t default_size,
                                       uint32_t max_size) {
  if (page_size < 0) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "PAGE_SIZE_INVALID",
        "page_size must not be negative",
        {{"field", "page_size"}, {"value", std::to_string(page_size)}});
  }
  return page_size == 0 ? default_size
                        : std::min(static_cast<uint32_t>(page_size), max_size);
}

absl::StatusOr<uint32_t> ParseNeighbours(int32_t count,
                                         const std::string& field) {
  constexpr auto kMax = static_cast<int32_t>(search::kMaxNeighbours);
  if (count < 0 || count > kMax) {
    return MakeError(absl::StatusCode::kInvalidArgument, "NEIGHBOURS_INVALID",
                     field + " must be 0 to " + std::to_string(kMax),
                     {{"field", field}, {"value", std::to_string(count)}});
  }
  return static_cast<uint32_t>(count);
}

absl::StatusOr<SearchCall> ParseSearchRequest(
    const v1::SearchRequest& request) {
  SearchCall call;
  FOOTNOTE_ASSIGN_OR_RETURN(call.generations, ParseCollections(request));
  FOOTNOTE_ASSIGN_OR_RETURN(
      call.options.limit,
      ParsePageSize(request.page_size(), search::kDefaultPageSize,
                    search::kMaxPageSize));
  FOOTNOTE_ASSIGN_OR_RETURN(
      call.options.previous_count,
      ParseNeighbours(request.previous_passages(), "previous_passages"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      call.options.next_count,
      ParseNeighbours(request.next_passages(), "next_passages"));
  FOOTNOTE_ASSIGN_OR_RETURN(call.options.facets, ParseFacets(request));
  if (request.has_filter()) {
    FOOTNOTE_ASSIGN_OR_RETURN(call.options.filter,
                              ParseFilter(request.filter()));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(call.options.time_limit, ParseTimeLimit(request));
  FOOTNOTE_ASSIGN_OR_RETURN(call.options.ranking, ParseRanking(request));
  call.options.query = request.query();
  call.options.omit_synonyms = request.omit_synonyms();
  call.options.strict_query = request.strict_query();
  call.options.exact_words = request.exact_words();
  call.options.count = !request.omit_counts();
  call.include_utf16 = request.include_utf16();
  call.request_key = RequestKey(request);
  call.cache_key = request.SerializeAsString();
  if (!request.page_token().empty()) {
    FOOTNOTE_RETURN_IF_ERROR(ApplyPageToken(request.page_token(), &call));
  }
  return call;
}

}  // namespace footnote::service
