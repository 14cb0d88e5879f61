#include "server/service/filter_conversion.h"

#include <map>
#include <ostream>
#include <string>
#include <utility>

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;
using search::Filter;
using search::FilterOperator;
using search::FilterValue;
using testing::ElementsAre;
using testing::IsEmpty;

v1::Filter FromJson(const std::string& json) {
  v1::Filter filter;
  const auto status =
      google::protobuf::util::JsonStringToMessage(json, &filter);
  EXPECT_TRUE(status.ok()) << status.ToString() << json;
  return filter;
}

absl::StatusOr<Filter> Parse(const std::string& json) {
  return ParseFilter(FromJson(json));
}

TEST(ParseFilter, TakesATreeAsItIs) {
  const auto filter = Parse(R"({"and": {"filters": [
      {"condition": {"field": "language", "op": "OPERATOR_EQ", "value": "en"}},
      {"not": {"or": {"filters": [
          {"condition": {"field": "date", "op": "OPERATOR_NIN",
                         "value": ["2026", "2025-04"]}},
          {"condition": {"field": "entity", "op": "OPERATOR_EXISTS"}}]}}}]}})");
  ASSERT_THAT(filter, IsOk());
  EXPECT_EQ(filter->kind, Filter::Kind::kAll);
  ASSERT_EQ(filter->parts.size(), 2U);
  const Filter& condition = filter->parts[0];
  EXPECT_EQ(condition.kind, Filter::Kind::kCondition);
  EXPECT_EQ(condition.field, "language");
  EXPECT_EQ(condition.op, FilterOperator::kEq);
  EXPECT_THAT(condition.values, ElementsAre(FilterValue("en")));
  EXPECT_EQ(filter->parts[1].kind, Filter::Kind::kNot);
  ASSERT_EQ(filter->parts[1].parts.size(), 1U);
  const Filter& any = filter->parts[1].parts[0];
  EXPECT_EQ(any.kind, Filter::Kind::kAny);
  ASSERT_EQ(any.parts.size(), 2U);
  EXPECT_EQ(any.parts[0].op, FilterOperator::kNin);
  EXPECT_THAT(any.parts[0].values,
              ElementsAre(FilterValue("2026"), FilterValue("2025-04")));
  EXPECT_EQ(any.parts[1].op, FilterOperator::kExists);
  EXPECT_THAT(any.parts[1].values, IsEmpty());
}

TEST(ParseFilter, KnowsEveryOperator) {
  const std::map<v1::Condition::Operator, FilterOperator> operators = {
      {v1::Condition::OPERATOR_EQ, FilterOperator::kEq},
      {v1::Condition::OPERATOR_NE, FilterOperator::kNe},
      {v1::Condition::OPERATOR_LT, FilterOperator::kLt},
      {v1::Condition::OPERATOR_LTE, FilterOperator::kLte},
      {v1::Condition::OPERATOR_GT, FilterOperator::kGt},
      {v1::Condition::OPERATOR_GTE, FilterOperator::kGte},
      {v1::Condition::OPERATOR_IN, FilterOperator::kIn},
      {v1::Condition::OPERATOR_NIN, FilterOperator::kNin},
      {v1::Condition::OPERATOR_STARTS_WITH, FilterOperator::kStartsWith},
      {v1::Condition::OPERATOR_CONTAINS, FilterOperator::kContains},
      {v1::Condition::OPERATOR_EXISTS, FilterOperator::kExists}};
  // And no other; the one that is missing is OPERATOR_UNSPECIFIED.
  EXPECT_EQ(operators.size() + 1,
            static_cast<size_t>(v1::Condition::Operator_ARRAYSIZE));
  for (const auto& [op, expected] : operators) {
    v1::Filter filter;
    filter.mutable_condition()->set_field("language");
    filter.mutable_condition()->set_op(op);
    const auto parsed = ParseFilter(filter);
    ASSERT_THAT(parsed, IsOk());
    EXPECT_EQ(parsed->op, expected);
  }
}

TEST(ParseFilter, TakesASingleValueForAList) {
  const auto filter = Parse(
      R"({"condition": {"field": "language", "op": "OPERATOR_IN",
                        "value": "en"}})");
  ASSERT_THAT(filter, IsOk());
  EXPECT_THAT(filter->values, ElementsAre(FilterValue("en")));
}

TEST(ParseFilter, TakesNumbersAndBooleans) {
  const auto filter = Parse(
      R"({"condition": {"field": "year", "op": "OPERATOR_IN",
                        "value": ["2026", 2026, 1.5, true, false]}})");
  ASSERT_THAT(filter, IsOk());
  EXPECT_THAT(
      filter->values,
      ElementsAre(FilterValue("2026"), FilterValue(2026.0), FilterValue(1.5),
                  FilterValue(true), FilterValue(false)));
  EXPECT_EQ(Parse(R"({"condition": {"field": "open", "op": "OPERATOR_EQ",
                                    "value": true}})")
                ->values.front(),
            FilterValue(true));
}

// What the engine refuses is left to it.
TEST(ParseFilter, LeavesFieldsAndNumbersOfValuesToTheEngine) {
  const auto filter =
      Parse(R"({"condition": {"field": "", "op": "OPERATOR_EQ"}})");
  ASSERT_THAT(filter, IsOk());
  EXPECT_THAT(filter->values, IsEmpty());
  EXPECT_THAT(search::CheckFilter(*filter),
              FailsWith(StatusCode::kInvalidArgument, "FILTER_FIELD_UNKNOWN"));
}

struct BadCase {
  const char* name;
  const char* json;
  const char* reason;
};

void PrintTo(const BadCase& test, std::ostream* out) { *out << test.name; }

class BadFilters : public testing::TestWithParam<BadCase> {};

TEST_P(BadFilters, AreRefused) {
  const std::string json = GetParam().json;
  for (const std::string& nested :
       {json, R"({"not": )" + json + "}",
        R"({"or": {"filters": [{"condition": {"field": "language",
           "op": "OPERATOR_EXISTS"}}, )" +
            json + "]}}"}) {
    const auto filter = Parse(nested);
    EXPECT_THAT(filter,
                FailsWith(StatusCode::kInvalidArgument, GetParam().reason));
    EXPECT_EQ(GetErrorDetails(filter.status()).at("field"), "filter");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadFilters,
    testing::Values(
        BadCase{"Nothing", "{}", "FILTER_EMPTY"},
        BadCase{"EmptyAnd", R"({"and": {}})", "FILTER_EMPTY"},
        BadCase{"EmptyOr", R"({"or": {"filters": []}})", "FILTER_EMPTY"},
        BadCase{"EmptyNot", R"({"not": {}})", "FILTER_EMPTY"},
        BadCase{"NoOperator", R"({"condition": {"field": "language"}})",
                "FILTER_OPERATOR_INVALID"},
        BadCase{"UnknownOperator",
                R"({"condition": {"field": "language", "op": 99}})",
                "FILTER_OPERATOR_INVALID"},
        BadCase{"Null",
                R"({"condition": {"field": "date", "op": "OPERATOR_EQ",
                    "value": null}})",
                "FILTER_VALUE_INVALID"},
        BadCase{"Object",
                R"({"condition": {"field": "date", "op": "OPERATOR_EQ",
                    "value": {"a": "b"}}})",
                "FILTER_VALUE_INVALID"},
        BadCase{"ListForOne",
                R"({"condition": {"field": "date", "op": "OPERATOR_EQ",
                    "value": ["2026"]}})",
                "FILTER_VALUE_INVALID"},
        BadCase{"ListOfMore",
                R"({"condition": {"field": "date", "op": "OPERATOR_IN",
                    "value": ["2026", null]}})",
                "FILTER_VALUE_INVALID"},
        BadCase{"ListInList",
                R"({"condition": {"field": "date", "op": "OPERATOR_NIN",
                    "value": [["2026"]]}})",
                "FILTER_VALUE_INVALID"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseFilter, HasALimitOfDepth) {
  v1::Filter filter;
  filter.mutable_condition()->set_field("language");
  filter.mutable_condition()->set_op(v1::Condition::OPERATOR_EXISTS);
  for (uint32_t depth = 1; depth < search::kMaxFilterDepth; ++depth) {
    v1::Filter outer;
    *outer.mutable_and_()->add_filters() = filter;
    filter = std::move(outer);
  }
  EXPECT_THAT(ParseFilter(filter), IsOk());
  v1::Filter outer;
  *outer.mutable_not_() = filter;
  EXPECT_THAT(ParseFilter(outer),
              FailsWith(StatusCode::kInvalidArgument, "FILTER_TOO_LARGE"));
}

}  // namespace
}  // namespace footnote::service
