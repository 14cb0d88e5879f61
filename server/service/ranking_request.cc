#include "server/service/ranking_request.h"

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/search/filter.h"

namespace footnote::service {
namespace {

constexpr int kMostPinned = 100;
constexpr int kMostExcluded = 10000;
constexpr int kMostExternal = 1000;
constexpr double kSecondsOfDay = 86400;

absl::Status Refuse(const char* reason, const std::string& message,
                    const std::string& field) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   {{"field", field}});
}

// Checks that `value` is between `least` and `most`; NaN is not.
absl::Status CheckRange(double value, double least, double most,
                        const char* reason, const std::string& field) {
  if (value >= least && value <= most) {
    return absl::OkStatus();
  }
  const auto to_text = [](double number) {
    return std::to_string(static_cast<int64_t>(number));
  };
  return Refuse(reason,
                field + " must be " + to_text(least) + " to " + to_text(most),
                field);
}

absl::Status CheckCount(int count, int most, const std::string& field) {
  if (count <= most) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, "IDS_TOO_MANY",
      field + " has more than " + std::to_string(most) + " entries",
      {{"field", field},
       {"value", std::to_string(count)},
       {"limit", std::to_string(most)}});
}

absl::StatusOr<search::ResultId> ParseResultId(const v1::ResultId& id,
                                               const std::string& field) {
  using Kind = search::ResultId::Kind;
  const std::string& text =
      id.has_document_id() ? id.document_id() : id.passage_id();
  if (text.empty()) {
    return Refuse("RESULT_ID_INVALID",
                  field +
                      " has an id that is empty; give it a document_id or "
                      "a passage_id",
                  field);
  }
  return search::ResultId{
      id.has_document_id() ? Kind::kDocument : Kind::kPassage, text};
}

absl::StatusOr<std::vector<search::ResultId>> ParseResultIds(
    const google::protobuf::RepeatedPtrField<v1::ResultId>& ids, int most,
    const std::string& field) {
  FOOTNOTE_RETURN_IF_ERROR(CheckCount(ids.size(), most, field));
  std::vector<search::ResultId> parsed;
  parsed.reserve(static_cast<size_t>(ids.size()));
  for (const v1::ResultId& id : ids) {
    FOOTNOTE_ASSIGN_OR_RETURN(parsed.emplace_back(), ParseResultId(id, field));
  }
  return parsed;
}

absl::StatusOr<search::ResultOrder> ParseOrder(std::string_view order_by) {
  using Kind = search::ResultOrder::Kind;
  if (order_by.empty()) {
    return search::ResultOrder();
  }
  std::string_view field = order_by;
  search::ResultOrder order{Kind::kAscending, ""};
  for (const auto& [suffix, kind] :
       {std::pair<std::string_view, Kind>{" desc", Kind::kDescending},
        {" asc", Kind::kAscending}}) {
    if (field.ends_with(suffix)) {
      field.remove_suffix(suffix.size());
      order.kind = kind;
      break;
    }
  }
  if (field == "date") {
    return order;
  }
  order.field = search::MetadataFieldOf(field);
  if (order.field.empty() || search::IsBuiltInField(field) ||
      field.find_first_of(", ") != std::string_view::npos) {
    return MakeError(absl::StatusCode::kInvalidArgument, "ORDER_BY_INVALID",
                     "order_by must be empty, \"date\" or one field of "
                     "metadata, with \" desc\" after it for the greatest first",
                     {{"field", "order_by"}, {"value", std::string(order_by)}});
  }
  return order;
}

absl::StatusOr<search::Recency> ParseRecency(const v1::RecencyDecay& recency) {
  constexpr double kMostDays = 36500;
  constexpr double kDefaultWeight = 0.5;
  constexpr double kNanos = 1e9;
  search::Recency parsed;
  parsed.half_life_days =
      (static_cast<double>(recency.half_life().seconds()) +
       static_cast<double>(recency.half_life().nanos()) / kNanos) /
      kSecondsOfDay;
  if (!(parsed.half_life_days > 0 && parsed.half_life_days <= kMostDays)) {
    return Refuse("RECENCY_INVALID",
                  "recency.half_life must be positive, at most 36,500 days",
                  "recency.half_life");
  }
  parsed.weight = recency.weight() == 0 ? kDefaultWeight : recency.weight();
  FOOTNOTE_RETURN_IF_ERROR(
      CheckRange(parsed.weight, 0, 1, "RECENCY_INVALID", "recency.weight"));
  if (recency.has_reference_time()) {
    parsed.reference_day = static_cast<int32_t>(
        std::floor(static_cast<double>(recency.reference_time().seconds()) /
                   kSecondsOfDay));
  }
  return parsed;
}

absl::Status ParseBoosts(const v1::FieldBoosts& boosts,
                         search::FieldBoosts* parsed) {
  constexpr double kMost = 100;
  const auto take = [&](bool is_set, double value, const char* field,
                        double* out) -> absl::Status {
    if (!is_set) {
      return absl::OkStatus();
    }
    *out = value;
    return CheckRange(value, 0, kMost, "BOOST_INVALID", field);
  };
  FOOTNOTE_RETURN_IF_ERROR(
      take(boosts.has_text(), boosts.text(), "boosts.text", &parsed->text));
  FOOTNOTE_RETURN_IF_ERROR(
      take(boosts.has_title(), boosts.title(), "boosts.title", &parsed->title));
  FOOTNOTE_RETURN_IF_ERROR(take(boosts.has_heading(), boosts.heading(),
                                "boosts.heading", &parsed->heading));
  FOOTNOTE_RETURN_IF_ERROR(take(boosts.has_neighbours(), boosts.neighbours(),
                                "boosts.neighbours", &parsed->neighbours));
  return take(boosts.has_document(), boosts.document(), "boosts.document",
              &parsed->document);
}

absl::StatusOr<search::Collapse> ParseCollapse(v1::Collapse collapse) {
  switch (collapse) {
    case v1::COLLAPSE_UNSPECIFIED:
    case v1::COLLAPSE_NONE:
      return search::Collapse::kNone;
    case v1::COLLAPSE_EXACT:
      return search::Collapse::kExact;
    case v1::COLLAPSE_NEAR:
      return search::Collapse::kNear;
    default:
      return MakeError(
          absl::StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN",
          "collapse has an unknown value",
          {{"field", "collapse"}, {"value", std::to_string(collapse)}});
  }
}

// Takes what the request hides and spreads over into `options`, which has its
// order.
absl::Status ParseSpread(const v1::SearchRequest& request,
                         search::RankingOptions* options) {
  FOOTNOTE_ASSIGN_OR_RETURN(options->collapse,
                            ParseCollapse(request.collapse()));
  options->diversity = request.diversity();
  FOOTNOTE_RETURN_IF_ERROR(
      CheckRange(options->diversity, 0, 1, "DIVERSITY_INVALID", "diversity"));
  if (options->diversity > 0 &&
      options->order.kind != search::ResultOrder::Kind::kScore) {
    return Refuse("ORDER_BY_INVALID",
                  "diversity gives results an order of its own; leave order_by "
                  "empty, or diversity 0",
                  "order_by");
  }
  return absl::OkStatus();
}

absl::StatusOr<search::ExternalResults::Method> ParseMethod(
    v1::ExternalResults::Method method) {
  using Method = search::ExternalResults::Method;
  switch (method) {
    case v1::ExternalResults::METHOD_UNSPECIFIED:
    case v1::ExternalResults::METHOD_RRF:
      return Method::kReciprocalRanks;
    case v1::ExternalResults::METHOD_SCORES:
      return Method::kScores;
    default:
      return MakeError(
          absl::StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN",
          "external.method has an unknown value",
          {{"field", "external.method"}, {"value", std::to_string(method)}});
  }
}

absl::StatusOr<search::ExternalResults> ParseExternal(
    const v1::ExternalResults& external) {
  constexpr double kMostConstant = 1e6;
  FOOTNOTE_RETURN_IF_ERROR(
      CheckCount(external.results_size(), kMostExternal, "external.results"));
  search::ExternalResults parsed;
  FOOTNOTE_ASSIGN_OR_RETURN(parsed.method, ParseMethod(external.method()));
  if (external.has_weight()) {
    parsed.weight = external.weight();
  }
  if (external.rank_constant() != 0) {
    parsed.rank_constant = external.rank_constant();
  }
  FOOTNOTE_RETURN_IF_ERROR(
      CheckRange(parsed.weight, 0, 1, "BOOST_INVALID", "external.weight"));
  FOOTNOTE_RETURN_IF_ERROR(CheckRange(parsed.rank_constant, 0, kMostConstant,
                                      "BOOST_INVALID",
                                      "external.rank_constant"));
  for (const v1::ExternalResult& result : external.results()) {
    if (!std::isfinite(result.score())) {
      return Refuse("SCORE_INVALID",
                    "external.results has a score that is no finite number",
                    "external.results");
    }
    FOOTNOTE_ASSIGN_OR_RETURN(search::ResultId id,
                              ParseResultId(result.id(), "external.results"));
    parsed.results.push_back({std::move(id), result.score()});
  }
  return parsed;
}

}  // namespace

absl::StatusOr<search::RankingOptions> ParseRanking(
    const v1::SearchRequest& request) {
  search::RankingOptions options;
  if (request.max_passages_per_document() < 0) {
    return Refuse("PAGE_SIZE_INVALID",
                  "max_passages_per_document must not be negative",
                  "max_passages_per_document");
  }
  options.max_passages_per_document =
      static_cast<uint32_t>(request.max_passages_per_document());
  FOOTNOTE_ASSIGN_OR_RETURN(options.order, ParseOrder(request.order_by()));
  options.minimum_relevance = request.minimum_relevance();
  FOOTNOTE_RETURN_IF_ERROR(CheckRange(options.minimum_relevance, 0, 1,
                                      "MINIMUM_RELEVANCE_INVALID",
                                      "minimum_relevance"));
  FOOTNOTE_RETURN_IF_ERROR(ParseSpread(request, &options));
  options.explain = request.explain();
  if (request.has_recency()) {
    FOOTNOTE_ASSIGN_OR_RETURN(options.recency, ParseRecency(request.recency()));
  }
  FOOTNOTE_RETURN_IF_ERROR(ParseBoosts(request.boosts(), &options.boosts));
  FOOTNOTE_ASSIGN_OR_RETURN(
      options.pinned, ParseResultIds(request.pinned(), kMostPinned, "pinned"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      options.excluded,
      ParseResultIds(request.excluded(), kMostExcluded, "excluded"));
  if (request.has_external()) {
    if (options.order.kind != search::ResultOrder::Kind::kScore) {
      return Refuse("ORDER_BY_INVALID",
                    "results of another system are fused by score; leave "
                    "order_by empty",
                    "order_by");
    }
    FOOTNOTE_ASSIGN_OR_RETURN(options.external,
                              ParseExternal(request.external()));
  }
  return options;
}

}  // namespace footnote::service
