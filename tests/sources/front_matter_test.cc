#include "indexer/sources/front_matter.h"

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

struct GoodCase {
  const char* name;
  std::string lines;
  std::string expected;  // JSON
};

std::ostream& operator<<(std::ostream& out, const GoodCase& c) {
  return out << c.name;
}

class GoodFrontMatter : public testing::TestWithParam<GoodCase> {};

TEST_P(GoodFrontMatter, IsRead) {
  const std::string frame = "---\n" + GetParam().lines + "---\n";
  const auto result = ParseFrontMatter(frame + "text");
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->values, json::parse(GetParam().expected));
  EXPECT_EQ(result->size, frame.size());
}

const GoodCase kGoodCases[] = {
    {"plain", "a: b c\n", R"({"a":"b c"})"},
    {"key_with_space", "a b: c\n", R"({"a b":"c"})"},
    {"quoted_key", "\"a: b\": c\n'd''e': f\n", R"({"a: b":"c","d'e":"f"})"},
    {"spaces", "a :   b  \t\n", R"({"a":"b"})"},
    {"colon_inside", "a: http://e.org/b:c\n", R"({"a":"http://e.org/b:c"})"},
    {"comments", "# x\na: b # c\n  # y\nd: e#f\ng: # h\n",
     R"({"a":"b","d":"e#f","g":null})"},
    {"double_quotes", "a: \"b \\\"c\\\" \\n\\u00e9\\x41\\U0001F600\\\\ # d\"\n",
     "{\"a\":\"b \\\"c\\\" \\n\u00E9A\U0001F600\\\\ # d\"}"},
    {"single_quotes", "a: 'b ''c'' \\n' # d\n", R"({"a":"b 'c' \\n"})"},
    {"integers", "a: 12\nb: -3\nc: +4\nd: 0\n",
     R"({"a":12,"b":-3,"c":4,"d":0})"},
    {"decimals", "a: 1.5\nb: -0.25\nc: 1.5e3\n",
     R"({"a":1.5,"b":-0.25,"c":1500.0})"},
    {"strings_like_numbers",
     "a: 007\nb: 1e5\nc: 0x1F\nd: 1.2.3\ne: 99999999999999999999\nf: '12'\n"
     "g: 1.\nh: +\n",
     R"({"a":"007","b":"1e5","c":"0x1F","d":"1.2.3",)"
     R"("e":"99999999999999999999","f":"12","g":"1.","h":"+"})"},
    {"booleans", "a: true\nb: False\nc: yes\nd: 'true'\n",
     R"({"a":true,"b":false,"c":"yes","d":"true"})"},
    {"nulls", "a:\nb: ~\nc: null\nd: ''\n",
     R"({"a":null,"b":null,"c":null,"d":""})"},
    {"dates", "a: 2026-04-21\nb: 2026-04-21T09:30:00Z\n",
     R"({"a":"2026-04-21","b":"2026-04-21T09:30:00Z"})"},
    {"flow_list", "a: [b, \"c, d\", 3, true, ' ]'] # e\nf: []\ng: [h,]\n",
     R"({"a":["b","c, d",3,true," ]"],"f":[],"g":["h"]})"},
    {"block_list", "a:\n  - b\n  - \"c\"\n\n  # x\n  - 3\nd:\n- e\n-\n",
     R"({"a":["b","c",3],"d":["e",null]})"},
    {"windows_lines", "a: b\r\nc: [d]\r\n", R"({"a":"b","c":["d"]})"},
    {"unicode", "t\u00EFtle: \u4E2D\u6587\n",
     "{\"t\u00EFtle\":\"\u4E2D\u6587\"}"},
    {"minus_word", "a: -b\nc: ---d\n", R"({"a":"-b","c":"---d"})"},
};

INSTANTIATE_TEST_SUITE_P(Cases, GoodFrontMatter, testing::ValuesIn(kGoodCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

struct BadCase {
  const char* name;
  std::string lines;
  const char* line;
};

std::ostream& operator<<(std::ostream& out, const BadCase& c) {
  return out << c.name;
}

class BadFrontMatter : public testing::TestWithParam<BadCase> {};

TEST_P(BadFrontMatter, IsRefusedNamingTheLine) {
  const auto result =
      ParseFrontMatter("---\n" + GetParam().lines + "---\ntext");
  ASSERT_THAT(result, FailsWith(absl::StatusCode::kInvalidArgument,
                                "FRONT_MATTER_SYNTAX"));
  EXPECT_EQ(GetErrorDetails(result.status())["line"], GetParam().line);
}

const BadCase kBadCases[] = {
    {"no_colon", "a: b\nc\n", "3"},
    {"no_space", "a:b\n", "2"},
    {"no_key", ": b\n", "2"},
    {"nested_map", "a:\n  b: c\n", "3"},
    {"flow_map", "a: {b: c}\n", "2"},
    {"nested_list", "a: [[b]]\n", "2"},
    {"nested_block_list", "a:\n  - - b\n", "3"},
    {"map_in_list", "a:\n  - b: c\n", "3"},
    {"block_scalar", "a: |\n  b\n", "2"},
    {"folded_scalar", "a: >-\n  b\n", "2"},
    {"continued_scalar", "a: b\n  c\n", "3"},
    {"anchor", "a: &b c\n", "2"},
    {"alias", "a: *b\n", "2"},
    {"tag", "a: !!str b\n", "2"},
    {"colon_in_value", "a: b: c\n", "2"},
    {"duplicate", "a: b\nc: d\na: e\n", "4"},
    {"item_without_key", "- a\n", "2"},
    {"item_after_value", "a: b\n- c\n", "3"},
    {"open_quote", "a: \"b\n", "2"},
    {"open_single_quote", "a: 'b\n", "2"},
    {"text_after_quote", "a: \"b\" c\n", "2"},
    {"comment_without_space", "a: \"b\"#c\n", "2"},
    {"open_list", "a: [b,\n  c]\n", "2"},
    {"empty_item", "a: [b, , c]\n", "2"},
    {"text_after_list", "a: [b] c\n", "2"},
    {"unknown_escape", "a: \"\\q\"\n", "2"},
    {"short_escape", "a: \"\\u12\"\n", "2"},
    {"surrogate_escape", "a: \"\\ud800\"\n", "2"},
    {"tab_indent", "a:\n\t- b\n", "3"},
    {"directive", "%YAML 1.2\n", "2"},
    {"flow_start", "{a: b}\n", "2"},
};

INSTANTIATE_TEST_SUITE_P(Cases, BadFrontMatter, testing::ValuesIn(kBadCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(FrontMatter, NeedsItsFrame) {
  for (const char* text :
       {"", "text", "---", "---\n", "---\na: b\n", "----\na: b\n---\n",
        " ---\na: b\n---\n", "\n---\na: b\n---\n", "---\n\na\n\n---\nb",
        "--- a\n---\n", "...\na: b\n---\n"}) {
    const auto result = ParseFrontMatter(text);
    EXPECT_TRUE(result.ok() && result->size == 0 && result->values.empty())
        << text;
  }
}

TEST(FrontMatter, EndsAtTheFirstClosingLine) {
  EXPECT_EQ(ParseFrontMatter("---\n---\ntext")->size, 8U);
  EXPECT_EQ(ParseFrontMatter("---\na: b\n...\ntext\n---\n")->size, 13U);
  EXPECT_EQ(ParseFrontMatter("--- \na: b\n--- \r\ntext")->size, 16U);
  EXPECT_EQ(ParseFrontMatter("---\na: b\n---")->size, 12U);
}

TEST(FrontMatter, KeepsScalarsAsWritten) {
  const auto result =
      ParseFrontMatter("---\na: 1.10 # x\nb: 'c'\nd: [e]\n---\n");
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(result->scalars, testing::ElementsAre(testing::Pair("a", "1.10"),
                                                    testing::Pair("b", "c")));
}

}  // namespace
}  // namespace footnote::sources
