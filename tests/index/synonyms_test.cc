#include "indexer/index/synonyms.h"

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Synonyms, AreReadLineByLine) {
  const auto rules = ParseSynonyms(
      "\xEF\xBB\xBF# all of a kind\n"
      "\n"
      "  car , automobile,motor vehicle # and so on\r\n"
      "tv, telly => television\n"
      "a\\,b, c\\#, d\\=>e, \\\\ => x");
  ASSERT_THAT(rules, IsOk());
  ASSERT_EQ(rules->size(), 3U);
  EXPECT_THAT((*rules)[0].from,
              ElementsAre("car", "automobile", "motor vehicle"));
  EXPECT_EQ((*rules)[0].to, (*rules)[0].from);
  EXPECT_THAT((*rules)[1].from, ElementsAre("tv", "telly"));
  EXPECT_THAT((*rules)[1].to, ElementsAre("television"));
  EXPECT_THAT((*rules)[2].from, ElementsAre("a,b", "c#", "d=>e", "\\"));
  for (const char* none : {"", "\n\n", "# only\n   \n"}) {
    EXPECT_THAT(*ParseSynonyms(none), IsEmpty());
  }
}

struct BadCase {
  const char* name;
  std::string text;
  const char* says;
};

std::ostream& operator<<(std::ostream& out, const BadCase& c) {
  return out << c.name;
}

class BadSynonyms : public testing::TestWithParam<BadCase> {};

TEST_P(BadSynonyms, NameTheirLine) {
  const auto rules = ParseSynonyms("a, b\n\n" + GetParam().text + "\nc, d\n");
  EXPECT_THAT(rules,
              FailsWith(absl::StatusCode::kInvalidArgument, "SYNONYMS_SYNTAX"));
  EXPECT_EQ(GetErrorDetails(rules.status()).at("line"), "3");
  EXPECT_THAT(ErrorMessage(rules.status()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSynonyms,
    testing::Values(BadCase{"Alone", "lonely", "no synonym of it"},
                    BadCase{"EmptyEntry", "a,, b", "empty"},
                    BadCase{"EmptyEnd", "a, b,", "empty"},
                    BadCase{"EmptyLeft", "=> b", "empty"},
                    BadCase{"EmptyRight", "a =>", "empty"},
                    BadCase{"OnlyComma", ",", "empty"},
                    BadCase{"TwoArrows", "a => b => c", "more than one"},
                    BadCase{"LongEntry", "a, " + std::string(201, 'x'),
                            "more than 200"},
                    BadCase{"ManyEntries",
                            [] {
                              std::string line = "a";
                              for (int i = 0; i < 64; ++i) {
                                line += ", b" + std::to_string(i);
                              }
                              return line;
                            }(),
                            "more than 64"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Synonyms, HaveALimitOfSize) {
  EXPECT_THAT(ParseSynonyms(std::string(kMaxSynonymBytes + 1, '\n')),
              FailsWith(absl::StatusCode::kInvalidArgument, "SYNONYMS_SYNTAX"));
}

}  // namespace
}  // namespace footnote::index
