#include "server/search/syntax.h"

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;

struct Case {
  const char* text;
  const char* normal;  // as it is rendered
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.text; }

class Syntax : public testing::TestWithParam<Case> {};

TEST_P(Syntax, HasANormalForm) {
  const auto tree = ParseSyntax(GetParam().text);
  ASSERT_THAT(tree, IsOk());
  const std::string normal = RenderSyntax(*tree);
  EXPECT_EQ(normal, GetParam().normal);
  const auto again = ParseSyntax(normal);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(*again, *tree);
  // The normal form has no slips.
  SyntaxOptions strict;
  strict.strict = true;
  EXPECT_THAT(ParseSyntax(normal, strict), IsOk());
}

INSTANTIATE_TEST_SUITE_P(
    Queries, Syntax,
    testing::Values(
        Case{"red fox", "red fox"}, Case{"  red \t fox\n", "red fox"},
        Case{"+red -fox", "+red -fox"}, Case{"red NOT fox", "red -fox"},
        Case{"-fox", "-fox"}, Case{"NOT fox", "-fox"},
        Case{"\"red fox\"", "\"red fox\""},
        Case{"\"red fox\"~5", "\"red fox\"~5"},
        Case{"\"red fox\"~5^2", "\"red fox\"~5^2"},
        Case{"\"red fox\"^2.5", "\"red fox\"^2.5"},
        Case{"+\"red fox\" -\"blue fox\"", "+\"red fox\" -\"blue fox\""},
        Case{"“red fox” and „blue owl“", "\"red fox\" and \"blue owl\""},
        Case{"«red fox»", "\"red fox\""},
        Case{R"("a \"b\" c")", R"("a \"b\" c")"}, Case{"pre*", "pre*"},
        Case{"pre*^2", "pre*^2"}, Case{"fuzzy~", "fuzzy~"},
        Case{"fuzzy~1 fuzzy~2", "fuzzy~1 fuzzy~2"},
        Case{"fuzzy~1^0.5", "fuzzy~1^0.5"}, Case{"fox^2", "fox^2"},
        Case{"What is pre*?", "What is pre*"}));

INSTANTIATE_TEST_SUITE_P(
    Operators, Syntax,
    testing::Values(
        Case{"a AND b", "+a +b"}, Case{"a OR b", "a b"},
        Case{"a AND b OR c", "(+a +b) c"}, Case{"a OR b AND c", "a (+b +c)"},
        Case{"a AND b c", "(+a +b) c"}, Case{"a OR b +c", "a b +c"},
        Case{"(a OR b) AND c", "+(a b) +c"}, Case{"a AND NOT b", "+a -b"},
        Case{"a AND -b", "+a -b"}, Case{"a OR NOT b", "a (-b)"},
        Case{"a OR -b", "a (-b)"}, Case{"+a OR b", "+a b"},
        Case{"(a b) c", "a b c"}, Case{"((a))", "a"},
        Case{"+(a b) c", "+(a b) c"}, Case{"+(+a +b) c", "+a +b c"},
        Case{"-(a b)", "-(a b)"}, Case{"NOT (a OR b)", "-(a b)"},
        Case{"(a b)^2 c", "(a b)^2 c"}, Case{"(a AND b)AND(c)", "+a +b +(c)"},
        Case{"a and b or not c", "a and b or not c"},
        Case{"Amazon (AMZN) revenue", "Amazon AMZN revenue"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, Syntax,
    testing::Values(
        Case{"title:fox", "title:fox"},
        Case{"heading:\"red fox\"", "heading:\"red fox\""},
        Case{"title:(red +fox)", "title:fox"},
        Case{"title:(red -fox)", "-title:fox title:red"},
        Case{"fox OR lang:ja", "fox OR language:ja"},
        Case{"a b OR c OR lang:ja", "a (b OR c OR language:ja)"},
        Case{"a +(lang:ja OR b) c", "a +(language:ja OR b) c"},
        Case{"(lang:en date:2026) fox", "language:en date:2026 fox"},
        Case{"fox (lang:en OR lang:de)", "fox (language:en OR language:de)"},
        Case{"fox lang:(en de)", "fox (language:en OR language:de)"},
        Case{"lang:en AND fox", "+language:en +fox"},
        Case{"+title:fox*", "title:fox*"},
        Case{"entity:ORG/anthropic", "entity:ORG/anthropic"},
        Case{"entity-type:ORG", "entity_type:ORG"},
        Case{"lang:EN", "language:en"},
        Case{"source-type:news", "source_type:news"},
        Case{"lang:(en OR de)", "language:en OR language:de"},
        Case{"id:notes/a(1).md", "document_id:\"notes/a(1).md\""},
        Case{"id:notes/*", "document_id:notes/*"},
        Case{"date:2026-01..2026-04", "date:2026-01..2026-04"},
        Case{"date:2026..", "date:>=2026"}, Case{"date:..2026", "date:<=2026"},
        Case{"date:>=2026-03-01", "date:>=2026-03-01"},
        Case{"date:<2026, please", "date:<2026 please"},
        Case{"date:*", "date:*"},
        Case{"source-type:\"press release\"", "source_type:\"press release\""},
        Case{"source-type:\"press r\"*", "source_type:\"press r\"*"},
        Case{"-entity:ORG/x fox", "-entity:ORG/x fox"}));

// What is no syntax is text.
INSTANTIATE_TEST_SUITE_P(
    Slips, Syntax,
    testing::Values(
        Case{"C++", "C++"}, Case{"C++ -", "C++ \\-"},
        Case{"what is AT&T -", "what is AT&T \\-"},
        Case{"\"red fox", "\\\"red fox"}, Case{"6\" pipe 7\"", "6\" pipe 7\""},
        Case{"(red fox", "\\( red fox"}, Case{"red fox)", "red fox \\)"},
        Case{":-) :-(", ":- \\) :- \\("}, Case{"()", "\\( \\)"},
        Case{"\"\" \" \"~3", "\\\"\\\" \\\" \\\"\\~3"}, Case{"10:30", "10:30"},
        Case{"http://a.b/c?d=e", "http://a.b/c?d=e"},
        Case{"foo:bar", "foo\\:bar"}, Case{"title:", "title\\:"},
        Case{"title: fox", "title\\: fox"}, Case{"date:soon", "date\\:soon"},
        Case{"AND", "\\AND"}, Case{"rock AND", "rock \\AND"},
        Case{"a AND OR b", "a \\AND b"}, Case{"OR b", "\\OR b"},
        Case{"a NOT", "a \\NOT"}, Case{"--verbose", "\\-\\-verbose"},
        Case{"*bold*", "\\*bold\\*"}, Case{"a^b", "a\\^b"}, Case{"*", "\\*"},
        Case{"~", "\\~"}, Case{"fuzzy~3", "fuzzy\\~3"},
        Case{"~/home", "\\~\\/home"}, Case{"fox^99999", "fox\\^99999"},
        Case{"title:(fox", "title\\: \\( fox"},
        Case{R"(C:\Users\me)", R"(C\:\\Users\\me)"},
        Case{R"(\+fox \"x\" \AND)", R"(\+fox \"x\" \AND)"}));

struct Wrong {
  const char* text;
  const char* offset;
};

void PrintTo(const Wrong& test, std::ostream* out) { *out << test.text; }

class StrictSyntax : public testing::TestWithParam<Wrong> {};

TEST_P(StrictSyntax, NamesTheByte) {
  EXPECT_THAT(ParseSyntax(GetParam().text), IsOk());
  SyntaxOptions options;
  options.strict = true;
  const auto tree = ParseSyntax(GetParam().text, options);
  ASSERT_THAT(tree, FailsWith(StatusCode::kInvalidArgument, "QUERY_SYNTAX"));
  const auto details = GetErrorDetails(tree.status());
  EXPECT_EQ(details.at("offset"), GetParam().offset);
  EXPECT_EQ(details.at("field"), "query");
  EXPECT_FALSE(details.at("expected").empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, StrictSyntax,
    testing::Values(Wrong{"a \"b", "4"}, Wrong{"(a", "2"}, Wrong{"a)", "1"},
                    Wrong{"a ()", "3"}, Wrong{"a -", "3"}, Wrong{"+ a", "1"},
                    Wrong{"--a", "1"}, Wrong{"a AND", "5"}, Wrong{"OR a", "0"},
                    Wrong{"a AND OR b", "5"}, Wrong{"a NOT", "5"},
                    Wrong{"é title:", "9"}, Wrong{"foo:bar", "0"},
                    Wrong{"date:soon", "5"}, Wrong{"lang:(en", "8"},
                    Wrong{"a*b", "1"}, Wrong{"fuzzy~3", "5"},
                    Wrong{"fox^2000", "3"}, Wrong{"\"a b\"~x", "5"},
                    Wrong{"\"\"", "1"}, Wrong{"\" \"", "1"}));

TEST(StrictSyntax, TakesWhatIsRight) {
  SyntaxOptions options;
  options.strict = true;
  for (const char* text :
       {"red fox", "+a -b \"c d\"~3^2 (e OR f) AND g pre* fuzzy~ title:x",
        "10:30 http://a.b state-of-the-art C++ AT&T don't",
        R"(foo\:bar \"x \AND 5\* a\~b)", "date:2026..2027 lang:(en OR de)"}) {
    EXPECT_THAT(ParseSyntax(text, options), IsOk()) << text;
  }
}

TEST(ParseSyntax, HasLimits) {
  const auto nested = [](uint32_t depth) {
    return std::string(depth, '(') + "a -b" + std::string(depth, ')');
  };
  EXPECT_THAT(ParseSyntax(nested(kMaxQueryDepth)), IsOk());
  EXPECT_THAT(ParseSyntax(nested(kMaxQueryDepth + 1)),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_COMPLEX"));
  // Brackets that are text have no depth.
  EXPECT_THAT(ParseSyntax(std::string(10000, '(')), IsOk());
  std::string clauses;
  for (uint32_t i = 0; i < kMaxQueryClauses; ++i) {
    clauses += "+a ";
  }
  EXPECT_THAT(ParseSyntax(clauses + "plain words"), IsOk());
  EXPECT_THAT(ParseSyntax(clauses + "+a"),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_COMPLEX"));
}

TEST(ParseSyntax, HasTheSameLimitsForItsNormalForm) {
  // "+a" for each, where the query has an AND between them.
  std::string query = "a";
  for (uint32_t i = 1; i < kMaxQueryClauses; ++i) {
    query += " AND a";
  }
  EXPECT_THAT(ParseSyntax(query), IsOk());
  EXPECT_THAT(ParseSyntax(query + " AND a"),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_COMPLEX"));
  // Brackets around "b AND ..." in each level.
  std::string nested = "a";
  for (uint32_t i = 0; i < kMaxQueryDepth; ++i) {
    nested.insert(0, "(");
    nested += " OR c) AND b OR d";
  }
  EXPECT_THAT(ParseSyntax(nested),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_COMPLEX"));
}

// Whatever stands in a query, its normal form says the same.
TEST(ParseSyntax, ReadsWhatItRenders) {
  static const std::vector<std::string> kPieces = {
      "a",  "fox",   " ",    " ",      "  ",     "+",           "-",   "(",
      ")",  "\"",    "*",    "~",      "^",      "2",           "1",   ".",
      "..", " AND ", " OR ", " NOT ",  ":",      "\\",          "/",   "é",
      "東", "“",     "”",    "title:", "lang:",  "date:",       "foo", "x:",
      ">=", "AND",   "OR",   "«",      "\u3000", "date:2026..", "•",   ","};
  SyntaxOptions any_field;
  any_field.has_field = [](const std::string&) { return true; };
  std::mt19937 random(7);
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    for (size_t pieces = random() % 12; pieces > 0; --pieces) {
      text += kPieces[random() % kPieces.size()];
    }
    const SyntaxOptions options = i % 2 == 0 ? any_field : SyntaxOptions();
    const auto tree = ParseSyntax(text, options);
    ASSERT_THAT(tree, IsOk()) << text;
    const std::string normal = RenderSyntax(*tree);
    const auto again = ParseSyntax(normal, options);
    ASSERT_THAT(again, IsOk()) << text;
    ASSERT_EQ(*again, *tree) << text << "\n"
                             << normal << "\n"
                             << RenderSyntax(*again);
  }
}

}  // namespace
}  // namespace footnote::search
