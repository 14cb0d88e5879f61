#include "client/filter_text.h"

#include <ostream>
#include <string>

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::client {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* json;  // the same filter
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.text;
}

class FilterText : public testing::TestWithParam<Case> {};

TEST_P(FilterText, IsTheFilter) {
  const auto written = ParseFilterText(GetParam().text);
  ASSERT_THAT(written, IsOk());
  const auto expected = ParseFilterJson(GetParam().json);
  ASSERT_THAT(expected, IsOk());
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(*written, *expected))
      << written->ShortDebugString();
}

constexpr Case kCases[] = {
    {"Eq", "language=en",
     R"({"condition": {"field": "language", "op": "OPERATOR_EQ",
         "value": "en"}})"},
    {"Ne", "language!=en",
     R"({"condition": {"field": "language", "op": "OPERATOR_NE",
         "value": "en"}})"},
    {"In", "language=en|de|",
     R"({"condition": {"field": "language", "op": "OPERATOR_IN",
         "value": ["en", "de", ""]}})"},
    {"Nin", "language!=en|de",
     R"({"condition": {"field": "language", "op": "OPERATOR_NIN",
         "value": ["en", "de"]}})"},
    {"Lt", "date<2026-04",
     R"({"condition": {"field": "date", "op": "OPERATOR_LT",
         "value": "2026-04"}})"},
    {"Lte", "date<=2026",
     R"({"condition": {"field": "date", "op": "OPERATOR_LTE",
         "value": "2026"}})"},
    {"Gt", "date>2026",
     R"({"condition": {"field": "date", "op": "OPERATOR_GT",
         "value": "2026"}})"},
    {"Gte", "date>=2026",
     R"({"condition": {"field": "date", "op": "OPERATOR_GTE",
         "value": "2026"}})"},
    {"StartsWith", "document_id^=a/b=c|d",
     R"({"condition": {"field": "document_id", "op": "OPERATOR_STARTS_WITH",
         "value": "a/b=c|d"}})"},
    {"Contains", "entity*=/anthropic",
     R"({"condition": {"field": "entity", "op": "OPERATOR_CONTAINS",
         "value": "/anthropic"}})"},
    {"Number", "year=2024",
     R"({"condition": {"field": "year", "op": "OPERATOR_IN",
         "value": ["2024", 2024]}})"},
    {"NotNumber", "metadata.year!=-2.5e3",
     R"({"condition": {"field": "metadata.year", "op": "OPERATOR_NIN",
         "value": ["-2.5e3", -2500]}})"},
    {"Bool", "open=true|no",
     R"({"condition": {"field": "open", "op": "OPERATOR_IN",
         "value": ["true", "no", true]}})"},
    {"MetadataText", "author=Ann",
     R"({"condition": {"field": "author", "op": "OPERATOR_EQ",
         "value": "Ann"}})"},
    {"NumberRange", "year>=2024",
     R"({"or": {"filters": [
         {"condition": {"field": "year", "op": "OPERATOR_GTE",
                        "value": "2024"}},
         {"condition": {"field": "year", "op": "OPERATOR_GTE",
                        "value": 2024}}]}})"},
    {"NumberAsText", "year^=20",
     R"({"condition": {"field": "year", "op": "OPERATOR_STARTS_WITH",
         "value": "20"}})"},
    {"IdOfDigits", "document_id=17",
     R"({"condition": {"field": "document_id", "op": "OPERATOR_EQ",
         "value": "17"}})"},
    {"NoNumber", "x=inf",
     R"({"condition": {"field": "x", "op": "OPERATOR_EQ", "value": "inf"}})"},
    {"Exists", "date",
     R"({"condition": {"field": "date", "op": "OPERATOR_EXISTS"}})"},
};

INSTANTIATE_TEST_SUITE_P(All, FilterText, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

TEST(FilterTextErrors, AreOfWhatIsNoCondition) {
  for (const char* text : {"", "=en", "language=", "language!", "language!en",
                           "language^en", "*", "date<="}) {
    EXPECT_THAT(ParseFilterText(text),
                FailsWith(absl::StatusCode::kInvalidArgument, "FILTER_SYNTAX"))
        << text;
  }
  for (const char* json :
       {"", "{", "[]", R"({"condition": 1})", R"({"conditions": {}})"}) {
    EXPECT_THAT(ParseFilterJson(json),
                FailsWith(absl::StatusCode::kInvalidArgument, "FILTER_SYNTAX"))
        << json;
  }
}

TEST(FilterJson, TakesTrees) {
  const auto filter = ParseFilterJson(
      R"({"or": {"filters": [{"not": {"condition": {"field": "date",
          "op": "OPERATOR_EXISTS"}}}]}})");
  ASSERT_THAT(filter, IsOk());
  EXPECT_EQ(filter->or_().filters(0).not_().condition().field(), "date");
}

}  // namespace
}  // namespace footnote::client
