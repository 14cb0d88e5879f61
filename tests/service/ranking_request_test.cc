#include "server/service/ranking_request.h"

#include <cmath>
#include <ostream>
#include <string>

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

absl::StatusOr<search::RankingOptions> Parse(const std::string& json) {
  v1::SearchRequest request;
  const auto status =
      google::protobuf::util::JsonStringToMessage(json, &request);
  EXPECT_TRUE(status.ok()) << status.ToString() << json;
  return ParseRanking(request);
}

TEST(ParseRanking, FillsInDefaults) {
  const auto options = Parse("{}");
  ASSERT_THAT(options, IsOk());
  EXPECT_EQ(options->order.kind, search::ResultOrder::Kind::kScore);
  EXPECT_EQ(options->max_passages_per_document, 0U);
  EXPECT_EQ(options->minimum_relevance, 0);
  EXPECT_FALSE(options->explain);
  EXPECT_EQ(options->collapse, search::Collapse::kNone);
  EXPECT_EQ(options->diversity, 0);
  EXPECT_FALSE(options->hides());
  EXPECT_FALSE(options->recency.has_value());
  EXPECT_FALSE(options->external.has_value());
  EXPECT_EQ(options->boosts.title, 1);

  const auto some = Parse(R"({"recency": {"halfLife": "86400s"},
                              "external": {}})");
  ASSERT_THAT(some, IsOk());
  EXPECT_EQ(some->recency->half_life_days, 1);
  EXPECT_EQ(some->recency->weight, 0.5);
  EXPECT_FALSE(some->recency->reference_day.has_value());
  EXPECT_EQ(some->external->method,
            search::ExternalResults::Method::kReciprocalRanks);
  EXPECT_EQ(some->external->weight, 0.5);
  EXPECT_EQ(some->external->rank_constant, 60);
}

TEST(ParseRanking, TakesWhatIsGiven) {
  const auto options = Parse(R"({
      "maxPassagesPerDocument": 3, "minimumRelevance": 0.25, "explain": true,
      "orderBy": "date desc", "collapse": "COLLAPSE_NEAR",
      "recency": {"halfLife": "129600s", "weight": 1,
                  "referenceTime": "1970-01-03T23:59:59Z"},
      "boosts": {"title": 0, "text": 2.5},
      "pinned": [{"passageId": "p"}, {"documentId": "d"}],
      "excluded": [{"documentId": "e"}]})");
  ASSERT_THAT(options, IsOk());
  EXPECT_EQ(options->max_passages_per_document, 3U);
  EXPECT_EQ(options->minimum_relevance, 0.25);
  EXPECT_EQ(options->collapse, search::Collapse::kNear);
  EXPECT_TRUE(options->explain);
  EXPECT_EQ(options->order.kind, search::ResultOrder::Kind::kDescending);
  EXPECT_EQ(options->order.field, "");
  EXPECT_EQ(options->recency->half_life_days, 1.5);
  EXPECT_EQ(options->recency->weight, 1);
  EXPECT_EQ(options->recency->reference_day, 2);
  EXPECT_EQ(options->boosts.title, 0);
  EXPECT_EQ(options->boosts.text, 2.5);
  EXPECT_EQ(options->boosts.heading, 1);
  ASSERT_EQ(options->pinned.size(), 2U);
  EXPECT_EQ(options->pinned[0].kind, search::ResultId::Kind::kPassage);
  EXPECT_EQ(options->pinned[1].id, "d");
  ASSERT_EQ(options->excluded.size(), 1U);
}

TEST(ParseRanking, TakesADiversityOfOne) {
  const auto options =
      Parse(R"({"diversity": 1, "collapse": "COLLAPSE_EXACT"})");
  ASSERT_THAT(options, IsOk());
  EXPECT_EQ(options->diversity, 1);
  EXPECT_EQ(options->collapse, search::Collapse::kExact);
  EXPECT_TRUE(options->hides());
}

TEST(ParseRanking, OrdersByOneField) {
  using Kind = search::ResultOrder::Kind;
  struct Order {
    const char* text;
    Kind kind;
    const char* field;
  };
  for (const auto& [text, kind, field] :
       {Order{"date", Kind::kAscending, ""},
        Order{"date asc", Kind::kAscending, ""},
        Order{"year", Kind::kAscending, "year"},
        Order{"author.born desc", Kind::kDescending, "author.born"},
        Order{"metadata.date desc", Kind::kDescending, "date"}}) {
    const auto options =
        Parse(R"({"orderBy": ")" + std::string(text) + R"("})");
    ASSERT_THAT(options, IsOk()) << text;
    EXPECT_EQ(options->order.kind, kind) << text;
    EXPECT_EQ(options->order.field, field) << text;
  }
}

struct Case {
  const char* name;
  const char* json;
  const char* reason;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class ParseRankingRefuses : public testing::TestWithParam<Case> {};

TEST_P(ParseRankingRefuses, WithTheReason) {
  EXPECT_THAT(Parse(GetParam().json),
              FailsWith(absl::StatusCode::kInvalidArgument, GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Requests, ParseRankingRefuses,
    testing::Values(
        Case{"NegativeNumber", R"({"maxPassagesPerDocument": -1})",
             "PAGE_SIZE_INVALID"},
        Case{"BuiltInOrder", R"({"orderBy": "language"})", "ORDER_BY_INVALID"},
        Case{"TwoOrders", R"({"orderBy": "date,year"})", "ORDER_BY_INVALID"},
        Case{"OrderOfNothing", R"({"orderBy": " desc"})", "ORDER_BY_INVALID"},
        Case{"OrderWithSpace", R"({"orderBy": "date "})", "ORDER_BY_INVALID"},
        Case{"FusedByDate", R"({"orderBy": "date", "external": {}})",
             "ORDER_BY_INVALID"},
        Case{"RelevanceAboveOne", R"({"minimumRelevance": 1.01})",
             "MINIMUM_RELEVANCE_INVALID"},
        Case{"RelevanceBelowZero", R"({"minimumRelevance": -0.01})",
             "MINIMUM_RELEVANCE_INVALID"},
        Case{"RelevanceNan", R"({"minimumRelevance": "NaN"})",
             "MINIMUM_RELEVANCE_INVALID"},
        Case{"NoHalfLife", R"({"recency": {}})", "RECENCY_INVALID"},
        Case{"NegativeHalfLife", R"({"recency": {"halfLife": "-1s"}})",
             "RECENCY_INVALID"},
        Case{"EndlessHalfLife", R"({"recency": {"halfLife": "3153600001s"}})",
             "RECENCY_INVALID"},
        Case{"WeightAboveOne",
             R"({"recency": {"halfLife": "1s", "weight": 1.5}})",
             "RECENCY_INVALID"},
        Case{"WeightNan", R"({"recency": {"halfLife": "1s", "weight": "NaN"}})",
             "RECENCY_INVALID"},
        Case{"NegativeBoost", R"({"boosts": {"title": -1}})", "BOOST_INVALID"},
        Case{"EndlessBoost", R"({"boosts": {"document": "Infinity"}})",
             "BOOST_INVALID"},
        Case{"PinnedWithoutId", R"({"pinned": [{}]})", "RESULT_ID_INVALID"},
        Case{"ExcludedEmpty", R"({"excluded": [{"documentId": ""}]})",
             "RESULT_ID_INVALID"},
        Case{"ExternalWithoutId",
             R"({"external": {"results": [{"score": 1}]}})",
             "RESULT_ID_INVALID"},
        Case{"ExternalNan",
             R"({"external": {"results":
                 [{"id": {"documentId": "a"}, "score": "NaN"}]}})",
             "SCORE_INVALID"},
        Case{"ExternalWeight", R"({"external": {"weight": 2}})",
             "BOOST_INVALID"},
        Case{"ExternalConstant", R"({"external": {"rankConstant": -1}})",
             "BOOST_INVALID"},
        Case{"ExternalMethod", R"({"external": {"method": 9}})",
             "ENUM_VALUE_UNKNOWN"},
        Case{"Collapse", R"({"collapse": 4})", "ENUM_VALUE_UNKNOWN"},
        Case{"DiversityAboveOne", R"({"diversity": 1.001})",
             "DIVERSITY_INVALID"},
        Case{"DiversityBelowZero", R"({"diversity": -0.1})",
             "DIVERSITY_INVALID"},
        Case{"DiversityNan", R"({"diversity": "NaN"})", "DIVERSITY_INVALID"},
        Case{"DiverseByDate", R"({"diversity": 0.1, "orderBy": "date"})",
             "ORDER_BY_INVALID"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseRanking, RefusesTooManyIds) {
  v1::SearchRequest request;
  for (int i = 0; i < 100; ++i) {
    request.add_pinned()->set_document_id("a");
  }
  EXPECT_THAT(ParseRanking(request), IsOk());
  request.add_pinned()->set_document_id("a");
  EXPECT_THAT(ParseRanking(request),
              FailsWith(absl::StatusCode::kInvalidArgument, "IDS_TOO_MANY"));
}

}  // namespace
}  // namespace footnote::service
