#include "server/search/query.h"

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

using Languages = std::map<std::string, uint64_t>;

std::string WordsOf(std::string_view text, const Languages& languages) {
  const auto query = ParseQuery(text, languages);
  return query.ok() ? ToString(*query) : ErrorReason(query.status());
}

struct Case {
  const char* name;
  const char* text;
  Languages languages;
  const char* words;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class QueryWords : public testing::TestWithParam<Case> {};

TEST_P(QueryWords, AreSearchedFor) {
  EXPECT_EQ(WordsOf(GetParam().text, GetParam().languages), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    All, QueryWords,
    testing::Values(
        Case{"Words", "Red Foxes", {{"en", 1}}, "red foxes"},
        Case{"Folded", "CAFÉ ＡＢＣ", {{"en", 1}}, "cafe abc"},
        Case{"StopWordsGo", "where is the fox", {{"en", 1}}, "fox"},
        Case{"OnlyStopWordsStay",
             "to be or not to be",
             {{"en", 1}},
             "to be or not"},
        Case{"StopWordsOfTheMainLanguage",
             "die Welt",
             {{"de", 5}, {"en", 1}},
             "welt"},
        Case{"StopWordsByTheMost",
             "the end of die",
             {{"de", 5}, {"en", 1}},
             "end die"},
        Case{"NoStopWordsWithoutLanguage", "the fox", {{"und", 1}}, "the fox"},
        Case{"RepeatedOnce", "fox Fox FOX foxes", {{"en", 1}}, "fox"},
        Case{"Punctuation", "?!... -- \"\" ()", {{"en", 1}}, ""},
        Case{"Bigrams", "東京都", {{"ja", 1}}, "東 京"},
        Case{"OneCharacter", "東", {{"ja", 1}}, "東"},
        Case{"Emoji", "👍🏽!", {{"en", 1}}, "👍🏽"},
        Case{"NoCollectionLanguages", "fox", {}, "fox"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseQuery, CountsRepeatedWords) {
  const auto query = ParseQuery("fox den fox foxes", {{"en", 1}});
  ASSERT_THAT(query, IsOk());
  ASSERT_EQ(query->words.size(), 2U);
  EXPECT_EQ(query->words[0].count, 3U);
  EXPECT_EQ(query->words[1].count, 1U);
}

TEST(ParseQuery, StemsInEveryLanguage) {
  const auto query = ParseQuery("houses", {{"de", 1}, {"en", 1}, {"und", 3}});
  ASSERT_THAT(query, IsOk());
  ASSERT_EQ(query->words.size(), 1U);
  EXPECT_THAT(query->words[0].stems,
              ElementsAre("de:hous", "en:hous", "und:houses"));
}

// "lade" and "laden" are one word in German and two in English.
TEST(ParseQuery, KeepsWordsThatDifferInAnyLanguage) {
  const auto query = ParseQuery("lade laden", {{"de", 1}, {"en", 1}});
  ASSERT_THAT(query, IsOk());
  ASSERT_EQ(query->words.size(), 2U);
  EXPECT_EQ(query->words[0].stems[0], query->words[1].stems[0]);
  EXPECT_NE(query->words[0].stems[1], query->words[1].stems[1]);
}

TEST(ParseQuery, RefusesEmptyTexts) {
  for (const char* text : {"", " ", "\t\r\n \f\v", "\u00a0\u3000"}) {
    EXPECT_THAT(ParseQuery(text, {{"en", 1}}),
                FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  }
}

TEST(ParseQuery, RefusesInvalidUtf8AndSaysWhere) {
  for (const std::string text : {"fox \xFF", "fox \xC3", "fox \xED\xA0\x80"}) {
    const auto query = ParseQuery(text, {{"en", 1}});
    EXPECT_THAT(query,
                FailsWith(StatusCode::kInvalidArgument, "QUERY_NOT_UTF8"));
    EXPECT_EQ(GetErrorDetails(query.status()).at("offset"), "4");
  }
}

TEST(ParseQuery, CountsCharactersForItsLimit) {
  std::string text;
  for (size_t i = 0; i < kMaxQueryChars / 2; ++i) {
    text += "é ";
  }
  EXPECT_THAT(ParseQuery(text, {{"en", 1}}), IsOk());
  const auto query = ParseQuery(text + "x", {{"en", 1}});
  EXPECT_THAT(query, FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_LONG"));
  EXPECT_EQ(GetErrorDetails(query.status()).at("limit"),
            std::to_string(kMaxQueryChars));
  EXPECT_THAT(ParseQuery(std::string(100000, 'x'), {{"en", 1}}),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_LONG"));
}

TEST(ParseQuery, TakesWhatIsNoWord) {
  const auto query = ParseQuery(std::string("a\0b \x01", 5), {{"en", 1}});
  EXPECT_THAT(query, IsOk());
  EXPECT_THAT(ParseQuery(std::string(300, 'w'), {{"en", 1}}), IsOk());
}

class QueryTest : public testing::Test {
 protected:
  QueryTest() {
    collection_.Write("a.jsonl",
                      JsonLine("fox", "The fox sleeps. And the fox is red.") +
                          JsonLine("whale", "The whale is blue."));
    generation_ = collection_.BuildAndOpen();
  }
  absl::StatusOr<SearchResult> Ask(const std::string& query) {
    SearchOptions options;
    options.query = query;
    options.facets = {{"language"}};
    return Search(View(*generation_), options, {});
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(QueryTest, OfPunctuationFindsNothingAndWarns) {
  const auto result = Ask("?! ...");
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(result->passages, IsEmpty());
  EXPECT_EQ(result->count->passages, 0U);
  EXPECT_FALSE(result->has_more);
  EXPECT_EQ(result->executed_query, "");
  ASSERT_EQ(result->warnings.size(), 1U);
  EXPECT_EQ(result->warnings[0].code, "NO_WORDS");
  ASSERT_EQ(result->facets.size(), 1U);
  EXPECT_THAT(result->facets[0].values, IsEmpty());
}

TEST_F(QueryTest, OfStopWordsFindsThem) {
  const auto result = Ask("is the");
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->executed_query, "is the");
  EXPECT_THAT(result->warnings, IsEmpty());
  EXPECT_EQ(result->count->documents, 2U);
  const auto rarer = Ask("and");
  ASSERT_THAT(rarer, IsOk());
  ASSERT_EQ(rarer->passages.size(), 1U);
  EXPECT_EQ(rarer->passages[0].document.document_id, "fox");
}

TEST_F(QueryTest, OfAWordNowhereFindsNothing) {
  const auto result = Ask("zebra");
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(result->passages, IsEmpty());
  EXPECT_THAT(result->warnings, IsEmpty());
}

TEST_F(QueryTest, OfManyWordsIsAnswered) {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "w" + std::to_string(i) + " ";
  }
  const auto result = Ask(text + "whale");
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(result->passages.size(), 1U);
  EXPECT_GT(result->passages[0].score, 0);
}

TEST_F(QueryTest, ErrorsComeBackFromSearch) {
  EXPECT_THAT(Ask(" "), FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  EXPECT_THAT(Ask("\xFF"),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_NOT_UTF8"));
  EXPECT_THAT(Ask(std::string(100000, 'x')),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_LONG"));
}

}  // namespace
}  // namespace footnote::search
