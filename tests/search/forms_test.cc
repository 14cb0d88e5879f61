// Other forms of what a query asks for: quantities, acronyms, fields of
// metadata.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/pipeline/synonyms.h"
#include "server/search/searcher.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Forms : public testing::Test {
 protected:
  Forms() {
    const auto line = [](const char* id, const char* text, int year) {
      return nlohmann::json{{"_id", id},
                            {"text", text},
                            {"language", "en"},
                            {"year", year}}
                 .dump() +
             "\n";
    };
    collection_.Write(
        "a.jsonl",
        line("sign", "They raised $5 billion in spring.", 2024) +
            line("word", "Some 5bn dollars went there.", 2025) +
            line("code", "It cost USD 5,000,000,000 or so.", 2026) +
            line("less", "Only $5 million, not a billion.", 2026) +
            line("date", "It happened on 21 April 2026.", 2026) +
            line("share", "Sales rose five per cent.", 2026) +
            line("army", "The U.S. army left.", 2026) +
            line("law", "US law applies.", 2026) +
            line("pronoun", "They told us of it.", 2026) +
            line("accent", "She sent a r\u00e9sum\u00e9.", 2020) +
            line("decomposed", "He sent a re\u0301sume\u0301.", 2020) +
            line("plain", "They sent a resume.", 2020) +
            line("hyphen", "A non\u2011defense budget, Amazon\u2019s.", 2026));
    generation_ = collection_.BuildAndOpen();
  }

  SearchResult Ask(const std::string& query) {
    SearchOptions options;
    options.query = query;
    auto result = Search(View(*generation_), options, {});
    EXPECT_THAT(result, IsOk());
    return result.ok() ? *std::move(result) : SearchResult();
  }
  std::vector<std::string> Find(const std::string& query) {
    std::vector<std::string> ids;
    for (const Passage& passage : Ask(query).passages) {
      ids.push_back(passage.document.document_id);
    }
    return ids;
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(Forms, FindQuantitiesInAnySpelling) {
  for (const char* query :
       {"\"$5 billion\"", "+\"5bn dollars\"", "\"USD 5,000,000,000\"",
        "\"five billion dollars\""}) {
    EXPECT_THAT(Find(query), UnorderedElementsAre("sign", "word", "code"))
        << query;
  }
  // The sign is no word: passages with a 5 match it too.
  EXPECT_THAT(Find("\"5 %\""), Contains("share"));
  EXPECT_THAT(Find("\"5 percent\""), ElementsAre("share"));
  EXPECT_THAT(Find("\"2026-04-21\""), ElementsAre("date"));
  EXPECT_THAT(Find("\"$5 billion\" -\"5bn dollars\""), IsEmpty());
  // A plain question finds the other spellings besides what has its words.
  const std::vector<std::string> found = Find("who raised $5 billion");
  EXPECT_THAT(found, UnorderedElementsAre("sign", "word", "code", "less"));
  EXPECT_EQ(found.front(), "sign");
}

// Whose words are those of other amounts, too.
TEST_F(Forms, RankAmountsOverTheirWords) {
  for (const char* query : {"5,000 million dollars", "USD 5,000,000,000",
                            "5 billion USD", "five billion dollars"}) {
    std::vector<std::string> found = Find(query);
    found.resize(std::min<size_t>(found.size(), 3));
    EXPECT_THAT(found, testing::IsSupersetOf({"sign", "word", "code"}))
        << query;
  }
}

TEST_F(Forms, ScoreAmountsAlikeHoweverTheyAreReached) {
  for (const char* query : {"\"$5 billion\"", "5 billion USD", "$5bn",
                            "who raised $5 billion", "April 21, 2026"}) {
    SCOPED_TRACE(query);
    SearchOptions options;
    options.query = query;
    options.ranking.explain = true;
    std::map<std::string, double> scores;
    const SearchResult ranked = Search(View(*generation_), options, {}).value();
    for (const Passage& passage : ranked.passages) {
      double sum = 0;
      for (const Contribution& part : passage.contributions) {
        sum += part.value;
      }
      EXPECT_EQ(sum, passage.score);
      EXPECT_GT(sum, 0);
      scores[passage.document.document_id] = passage.score;
    }
    options.ranking.order.kind = ResultOrder::Kind::kDescending;
    const SearchResult dated = Search(View(*generation_), options, {}).value();
    EXPECT_EQ(dated.passages.size(), scores.size());
    for (const Passage& passage : dated.passages) {
      EXPECT_EQ(passage.score, scores[passage.document.document_id]);
    }
    // Pinned is what is found, though it is not relevant enough.
    options.ranking.order = {};
    options.ranking.minimum_relevance = 1;
    options.ranking.pinned = {{ResultId::Kind::kDocument, "code"}};
    const SearchResult pinned = Search(View(*generation_), options, {}).value();
    ASSERT_FALSE(pinned.passages.empty());
    EXPECT_EQ(pinned.passages.front().score, scores["code"]);
  }
}

TEST_F(Forms, MarkTheOtherSpelling) {
  const SearchResult result = Ask("\"$5 billion\"");
  for (const Passage& passage : result.passages) {
    if (passage.document.document_id != "word") {
      continue;
    }
    ASSERT_EQ(passage.highlights.size(), 1U);
    const Highlight& mark = passage.highlights[0];
    EXPECT_EQ(mark.term, "$5 billion");
    EXPECT_EQ(passage.text.substr(mark.span.start.bytes,
                                  mark.span.end.bytes - mark.span.start.bytes),
              "5bn dollars");
  }
}

TEST_F(Forms, TellAcronymsFromFunctionWords) {
  EXPECT_THAT(Find("US"), UnorderedElementsAre("army", "law"));
  EXPECT_THAT(Find("U.S."), UnorderedElementsAre("army", "law"));
  EXPECT_THAT(Find("us"), ElementsAre("pronoun"));
  EXPECT_THAT(Find("US law"), ElementsAre("law", "army"));
  EXPECT_THAT(Find("TELL US OF THE LAW"), ElementsAre("law"));
}

TEST_F(Forms, TakeHyphensAndApostrophesAlike) {
  for (const char* query : {"\"non-defense\"", "\"non\u2010defense\"",
                            "\"Amazon's\"", "\"amazon\u2019s\""}) {
    EXPECT_THAT(Find(query), ElementsAre("hyphen")) << query;
  }
}

TEST_F(Forms, TakeAccentsAlikeButTheSameOnesFirst) {
  for (const char* query : {"r\u00e9sum\u00e9", "RE\u0301SUME\u0301"}) {
    EXPECT_THAT(Find(query), ElementsAre("accent", "decomposed", "plain"))
        << query;
  }
  EXPECT_THAT(Find("resume"), ElementsAre("plain", "accent", "decomposed"));
  EXPECT_THAT(Find("\"a r\u00e9sum\u00e9\""),
              ElementsAre("accent", "decomposed", "plain"));
}

TEST_F(Forms, TakeFieldsOfMetadata) {
  EXPECT_THAT(Find("year:2024"), ElementsAre("sign"));
  EXPECT_THAT(Find("billion year:2024..2025"), ElementsAre("sign"));
  EXPECT_THAT(Find("+dollars year:>=2025"), ElementsAre("word"));
}

class WithSynonyms : public Forms {
 protected:
  WithSynonyms() {
    EXPECT_THAT(pipeline::SetSynonyms(collection_.data_dir(), "test",
                                      "spring, springtime\n"
                                      "gov => army, told us of\n"
                                      "armed force => army\n"),
                IsOk());
    generation_ = collection_.Open();
  }
};

TEST_F(WithSynonyms, WordsStandForTheirSynonyms) {
  EXPECT_THAT(Find("springtime"), ElementsAre("sign"));
  EXPECT_THAT(Find("+springtime"), ElementsAre("sign"));
  EXPECT_EQ(Ask("springtime").executed_query, "springtime spring");
  // One of several words must stand together; of an arrow only one side does.
  EXPECT_THAT(Find("gov"), UnorderedElementsAre("army", "pronoun"));
  EXPECT_THAT(Find("army"), ElementsAre("army"));
  EXPECT_THAT(Find("the armed force"), ElementsAre("army"));
}

TEST_F(WithSynonyms, PhrasesAndExactWordsDoNot) {
  EXPECT_THAT(Find("\"springtime\""), IsEmpty());
  SearchOptions options;
  options.query = "springtime";
  options.exact_words = true;
  EXPECT_THAT(Search(View(*generation_), options, {})->passages, IsEmpty());
  options.exact_words = false;
  options.omit_synonyms = true;
  EXPECT_THAT(Search(View(*generation_), options, {})->passages, IsEmpty());
}

TEST_F(WithSynonyms, StayThroughChangesAndGo) {
  collection_.Write("b.txt", "Another spring.");
  generation_ = collection_.BuildAndOpen();
  EXPECT_EQ(Find("springtime").size(), 2U);
  const auto same = pipeline::ReadSynonyms(collection_.data_dir(), "test");
  ASSERT_THAT(same, IsOk());
  EXPECT_FALSE(
      pipeline::SetSynonyms(collection_.data_dir(), "test", *same)->is_new);
  EXPECT_THAT(pipeline::SetSynonyms(collection_.data_dir(), "test", "lonely\n"),
              FailsWith(absl::StatusCode::kInvalidArgument, "SYNONYMS_SYNTAX"));
  EXPECT_TRUE(pipeline::SetSynonyms(collection_.data_dir(), "test", "# none\n")
                  ->is_new);
  generation_ = collection_.Open();
  EXPECT_THAT(Find("springtime"), IsEmpty());
}

}  // namespace
}  // namespace footnote::search
