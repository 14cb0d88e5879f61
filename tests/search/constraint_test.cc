// What queries find, by the operators of the query language.

#include "server/search/constraint.h"

#include <algorithm>
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

// Documents of one passage each, by what they are called in the cases.
const char* const kLines[] = {
    R"({"_id": "a", "title": "Solar power", "text": "The quick red fox jumps over the lazy dog.", "date": "2026-01-15", "source_type": "news", "language": "en"})",
    R"({"_id": "b", "title": "Wind", "text": "A fox that is red runs to the dog.", "date": "2026-03-01", "source_type": "blog", "language": "en"})",
    R"({"_id": "c", "title": "Power of the sun", "text": "Red foxes and blue whales: state of the art.", "date": "2025-12-31", "source_type": "news", "language": "en"})",
    R"({"_id": "d", "title": "Solar", "text": "The whale sings. To be or not to be, café.", "source_type": "blog", "language": "en"})",
    R"({"_id": "e", "title": "東京", "text": "東京都は大きい。京都は古い。", "date": "2026-04-30", "language": "ja"})",
};
constexpr const char* kMarkdown = "# A blue river\n\nWater flows slowly.\n";

class ConstraintTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    collection_ = new GrowingCollection();
    collection_->Write("entities.tsv",
                       "ORG\tfoxes-inc\tFoxes Inc\tRed foxes\n"
                       "ANIMAL\twhale\tWhale\twhale|whales\n");
    for (const char* line : kLines) {
      const std::string id = nlohmann::json::parse(line)["_id"];
      collection_->Write(id + ".jsonl", std::string(line) + "\n");
      // Each in a segment of its own.
      EXPECT_THAT(collection_->Build(), IsOk());
    }
    collection_->Write("m.md", kMarkdown);
    generation_ = collection_->BuildAndOpen();
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete collection_;
  }

  static absl::StatusOr<SearchResult> Ask(const std::string& query,
                                          bool exact = false) {
    SearchOptions options;
    options.query = query;
    options.exact_words = exact;
    options.facets = {{"language"}};
    options.limit = 100;
    return Search(View(*generation_), options, {});
  }

  // The ids of the documents found, in order of the alphabet.
  static std::string Found(const std::string& query, bool exact = false) {
    const auto result = Ask(query, exact);
    EXPECT_THAT(result, IsOk()) << query;
    if (!result.ok()) {
      return "";
    }
    std::vector<std::string> ids;
    for (const Passage& passage : result->passages) {
      ids.push_back(passage.document.document_id.substr(0, 1));
    }
    EXPECT_EQ(result->count->passages, ids.size()) << query;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::string found;
    for (const std::string& id : ids) {
      found += id;
    }
    return found;
  }

  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
};

GrowingCollection* ConstraintTest::collection_ = nullptr;
std::shared_ptr<const index::Generation> ConstraintTest::generation_;

struct Case {
  const char* query;
  const char* found;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.query; }

class Finds : public ConstraintTest,
              public testing::WithParamInterface<Case> {};

TEST_P(Finds, WhatItSays) {
  EXPECT_EQ(Found(GetParam().query), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Words, Finds,
    testing::Values(
        Case{"fox", "abc"}, Case{"fox whale", "abcd"},
        Case{"+fox whale", "abc"}, Case{"+fox +whale", "c"},
        Case{"fox -whale", "ab"}, Case{"-fox", "dem"},
        Case{"NOT fox NOT whale", "em"}, Case{"fox AND whale", "c"},
        Case{"fox OR whale", "abcd"}, Case{"(fox OR whale) AND red", "abc"},
        Case{"whale AND NOT red", "d"}, Case{"dog OR NOT red", "abdem"},
        Case{"+the", "abcd"}, Case{"+the +fox", "abc"}, Case{"the fox", "abc"},
        Case{"the -fox", "d"}, Case{"+(jumps runs) +dog", "ab"},
        Case{"-(fox whale)", "em"}, Case{"+nowhere fox", ""},
        Case{"-nowhere -(nowhere)", "abcdem"}, Case{"jum* run*", "ab"},
        Case{"+whal* -sin*", "c"}, Case{"whael~", "d"}, Case{"whalx~1", "d"},
        Case{"+quikc~1 +fox", "a"}, Case{"quxxk~2", "a"}, Case{"quxxk~1", ""},
        Case{"xuick~", ""}, Case{"+cafe", "d"}, Case{"+CAFÉ", "d"}));

INSTANTIATE_TEST_SUITE_P(
    Phrases, Finds,
    testing::Values(
        Case{"\"red fox\"", "ac"}, Case{"\"fox red\"", ""},
        Case{"\"quick fox\"", ""}, Case{"\"quick fox\"~1", "a"},
        Case{"\"fox red\"~1", ""}, Case{"\"fox red\"~2", "abc"},
        Case{"\"that is red\"", "b"}, Case{"\"to be or not to be\"", "d"},
        Case{"\"be be to to\"~9", "d"}, Case{"\"be be be\"~99", ""},
        Case{"-\"red fox\" +fox", "b"}, Case{"\"red fox\" whale", "acd"},
        Case{"+\"red fox\" whale", "ac"}, Case{"+state-of-the-art", "c"},
        Case{"+state-art", ""}, Case{"\"red fo*\"", ""}, Case{"+red-fo*", "ac"},
        Case{"\"sings to be\"", "d"}, Case{"\"fox\"", "abc"},
        Case{"\"東京都\"", "e"}, Case{"\"京都\"", "e"}, Case{"+京都は大", "e"},
        Case{"\"東京は\"", ""}, Case{"+都は", "e"}, Case{"\"は古\"", "e"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, Finds,
    testing::Values(
        Case{"source-type:news fox", "ac"}, Case{"title:solar dog", "a"},
        Case{"+fox title:(sun OR wind)", "bc"}, Case{"lang:ja OR +whale", "cd"},
        Case{"title:solar", "ad"}, Case{"title:\"solar power\"", "a"},
        Case{"title:\"power solar\"", ""}, Case{"title:(solar power)", "acd"},
        Case{"title:(+solar +power)", "a"}, Case{"title:pow*", "ac"},
        Case{"title:sollar~", "ad"}, Case{"-title:solar fox", "bc"},
        Case{"title:\"power sun\"~2", "c"}, Case{"title:東京", "e"},
        Case{"heading:river", "m"}, Case{"heading:\"blue river\"", "m"},
        Case{"heading:\"river blue\"", ""}, Case{"+heading:river fox", "m"},
        Case{"lang:en -fox", "dm"}, Case{"lang:ja", "e"},
        Case{"source-type:news +fox", "ac"}, Case{"source-type:n*", "ac"},
        Case{"id:a", "a"}, Case{"id:(a b)", "ab"},
        Case{"date:2026-01..2026-03", "ab"}, Case{"date:>=2026-03-01", "be"},
        Case{"date:<2026", "c"}, Case{"+date:* -date:2026", "c"},
        Case{"entity:ORG/foxes-inc", "c"}, Case{"entity-type:ANIMAL", "cd"},
        Case{"+entity-type:ANIMAL -entity-type:ORG", "d"},
        Case{"fox lang:ja", ""}, Case{"fox OR lang:ja", "abce"},
        Case{"the lang:en -fox", "d"}));

TEST_F(ConstraintTest, MatchesExactWords) {
  EXPECT_EQ(Found("foxes", true), "c");
  EXPECT_EQ(Found("fox", true), "ab");
  EXPECT_EQ(Found("FOX the", true), "abcd");
  EXPECT_EQ(Found("+red +fox", true), "ab");
  EXPECT_EQ(Found("\"red fox\"", true), "a");
  EXPECT_EQ(Found("\"red foxes\"", true), "c");
  EXPECT_EQ(Found("title:suns", true), "");
  EXPECT_EQ(Found("title:suns"), "c");
  EXPECT_EQ(Found("+京都は大", true), "e");
  EXPECT_EQ(Found("CAFÉ", true), "d");
}

TEST_F(ConstraintTest, OrdersWhatScoresNothingById) {
  const auto result = Ask("+date:* fox");
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(result->passages.size(), 4U);
  EXPECT_GT(result->passages[2].score, 0);
  EXPECT_EQ(result->passages[3].score, 0);
  EXPECT_EQ(result->passages[3].document.document_id, "e");
  EXPECT_EQ(result->passages[3].relevance, 0);
  const auto all = Ask("lang:en OR lang:ja");
  ASSERT_THAT(all, IsOk());
  std::vector<std::string> ids;
  for (const Passage& passage : all->passages) {
    ids.push_back(passage.document.document_id);
  }
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_THAT(all->warnings, IsEmpty());
}

TEST_F(ConstraintTest, BoostsWords) {
  const auto plain = Ask("jumps runs");
  const auto boosted = Ask("jumps runs^3");
  ASSERT_THAT(plain, IsOk());
  ASSERT_THAT(boosted, IsOk());
  EXPECT_EQ(boosted->passages[0].document.document_id, "b");
  const auto groups = Ask("(jumps lazy)^4 (runs^2)^2");
  ASSERT_THAT(groups, IsOk());
  EXPECT_EQ(groups->passages[0].document.document_id, "a");
  const auto zero = Ask("jumps^0 runs");
  ASSERT_THAT(zero, IsOk());
  EXPECT_EQ(zero->passages.size(), 2U);
  EXPECT_EQ(zero->passages[1].score, 0);
}

// The texts of highlights.
std::vector<std::string> Marked(const Passage& passage) {
  std::vector<std::string> texts;
  for (const Highlight& highlight : passage.highlights) {
    texts.push_back(passage.text.substr(
        highlight.span.start.bytes,
        highlight.span.end.bytes - highlight.span.start.bytes));
  }
  return texts;
}

TEST_F(ConstraintTest, MarksWhatMatched) {
  const auto phrase = Ask("+\"red fox\" dog");
  ASSERT_THAT(phrase, IsOk());
  EXPECT_THAT(Marked(phrase->passages[0]), ElementsAre("red fox", "dog"));
  EXPECT_EQ(phrase->passages[0].highlights[0].term, "red fox");
  // Words of a phrase alone are no match.
  EXPECT_THAT(Marked(Ask("+runs \"red fox\"")->passages[0]),
              ElementsAre("runs"));
  EXPECT_THAT(Marked(Ask("+runs red \"red fox\"")->passages[0]),
              ElementsAre("red", "runs"));
  EXPECT_THAT(Marked(Ask("\"fox runs\"~9")->passages[0]),
              ElementsAre("fox", "runs"));
  EXPECT_THAT(Marked(Ask("title:solar -fox whale lang:en")->passages[0]),
              ElementsAre("whale"));
  EXPECT_THAT(Marked(Ask("\"東京都\"")->passages[0]), ElementsAre("東京都"));
  EXPECT_THAT(Marked(Ask("+qui* fxo~")->passages[0]),
              ElementsAre("quick", "fox"));
}

TEST_F(ConstraintTest, ShowsWhatWasRun) {
  const auto shown = [&](const std::string& query) {
    return Ask(query)->executed_query;
  };
  EXPECT_EQ(shown("The Foxes"), "foxes");
  EXPECT_EQ(shown("the +Foxes AND \"The Dog\""), "+foxes +\"the dog\"");
  EXPECT_EQ(shown("+State-of-the-Art x*"), "+\"state of the art\" x*");
  EXPECT_EQ(shown("Foxx~ fox^2 -ab~"), "foxx~1 fox^2 -ab");
  EXPECT_EQ(shown("title:Solar lang:EN"), "title:solar language:en");
  EXPECT_EQ(shown("The Fox OR lang:EN"), "fox OR language:en");
  EXPECT_EQ(shown("+東京都"), "\"東京都\"");
}

TEST_F(ConstraintTest, CountsWhatItFinds) {
  const auto result = Ask("-fox");
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->count->documents, 3U);
  uint64_t passages = 0;
  for (const FacetValue& value : result->facets[0].values) {
    passages += value.count.passages;
  }
  EXPECT_EQ(passages, result->count->passages);
}

TEST_F(ConstraintTest, StrictQueriesNeedWords) {
  SearchOptions options;
  options.strict_query = true;
  options.query = "fox +?!";
  EXPECT_THAT(Search(View(*generation_), options, {}),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_SYNTAX"));
  options.strict_query = false;
  EXPECT_THAT(Search(View(*generation_), options, {}), IsOk());
}

}  // namespace
}  // namespace footnote::search
