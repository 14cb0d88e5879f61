// pre* stands for every word that begins so.

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/search/query.h"
#include "server/search/searcher.h"
#include "server/search/statistics.h"
#include "tests/search/brute_force.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> CodesOf(const SearchResult& result) {
  std::vector<std::string> codes;
  for (const Warning& warning : result.warnings) {
    codes.push_back(warning.code);
  }
  return codes;
}

// What the engine finds for a query, against the look at every passage.
void ExpectAsBruteForce(const index::Generation& generation,
                        const BruteForce& brute, const SearchOptions& options) {
  SCOPED_TRACE(options.query);
  const std::vector<PlainHit> hits = brute.Search(options.query);
  const auto result = Search(View(generation), options, {});
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->count->passages, hits.size());
  ASSERT_EQ(result->passages.size(),
            std::min<size_t>(hits.size(), options.limit));
  for (size_t i = 0; i < result->passages.size(); ++i) {
    EXPECT_EQ(result->passages[i].passage_id,
              hits[i].passage->passage.passage_id);
    EXPECT_EQ(result->passages[i].score, hits[i].score);
  }
}

TEST(Prefixes, MatchAllWordsThatBeginSo) {
  const SplitCorpus corpus(61, 120);
  GrowingCollection collection;
  const auto split = corpus.BuildSplit(4, &collection);
  GrowingCollection twin;
  const BruteForce brute(*corpus.BuildWhole(&twin));
  RandomDocuments random(62);
  SearchOptions options;
  options.limit = 200;
  for (const char* prefix :
       {"r*", "rare*", "rare1*", "p*", "pri*", "PRI*", "prices*", "pricess*",
        "caf*", "café*", "ре*", "the*", "f*", "q*", "so*"}) {
    for (const std::string& others :
         {std::string(), std::string(" fox"), " " + corpus.Query(&random),
          std::string(" r* p*"), std::string(" prices price")}) {
      options.query = prefix + others;
      ExpectAsBruteForce(*split, brute, options);
      ASSERT_FALSE(HasFailure());
    }
  }
}

// A collection in three segments, with 300 words that begin alike.
class ManyWords : public testing::Test {
 protected:
  static constexpr int kWords = 300;

  // How many passages have a word: 1 those below 40, 2 those below 80, …
  static int PassagesOf(int word) { return 1 + word / 40; }
  static std::string Word(int word) {
    return "many" + std::to_string(1000 + word).substr(1);
  }

  ManyWords() {
    for (int build = 0; build < 3; ++build) {
      std::string lines;
      for (int word = 0; word < kWords; ++word) {
        for (int k = build; k < PassagesOf(word); k += 3) {
          lines += JsonLine(Word(word) + "-" + std::to_string(k),
                            "The " + Word(word) + " fox.");
        }
      }
      lines += JsonLine("few" + std::to_string(build), "Few fewer fewest.");
      collection_.Write(std::to_string(build) + ".jsonl", lines);
      generation_ = collection_.BuildAndOpen();
    }
    brute_ = std::make_unique<BruteForce>(*generation_);
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
  std::unique_ptr<BruteForce> brute_;
};

TEST_F(ManyWords, AreCutToTheMostFrequentWithAWarning) {
  ASSERT_EQ(generation_->segments().size(), 3U);
  ASSERT_EQ(brute_->WordsFrom("many").size(), 300U);
  SearchOptions options;
  options.limit = 2000;
  options.query = "many*";
  const auto result = Search(View(*generation_), options, {});
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(CodesOf(*result), ElementsAre("PREFIX_CUT"));
  std::set<std::string> found;
  uint64_t expected = 0;
  for (const Passage& passage : result->passages) {
    found.insert(passage.document.document_id.substr(0, 7));
  }
  // The 220 words of three passages and more stay, and of the 40 words of two,
  // equally frequent, the first 36.
  EXPECT_EQ(found.size(), kMaxExpansions);
  for (int word = 0; word < kWords; ++word) {
    const bool stays = word >= 80 || (word >= 40 && word < 76);
    EXPECT_EQ(found.count(Word(word)), stays ? 1U : 0U) << word;
    expected += stays ? static_cast<uint64_t>(PassagesOf(word)) : 0;
  }
  EXPECT_EQ(result->count->passages, expected);
  ExpectAsBruteForce(*generation_, *brute_, options);
  options.query = "many* fox few*";
  ExpectAsBruteForce(*generation_, *brute_, options);
}

// A word that was not searched for is no match, though it begins so.
TEST_F(ManyWords, AreMarkedWhereTheyWereSearchedFor) {
  SearchOptions options;
  options.limit = 2000;
  options.query = "many* fox";
  const auto result = Search(View(*generation_), options, {});
  ASSERT_THAT(result, IsOk());
  size_t others = 0;  // found by another word
  for (const Passage& passage : result->passages) {
    for (int word = 0; word < kWords; ++word) {
      if (passage.document.document_id.substr(0, 7) != Word(word)) {
        continue;
      }
      const bool stays = word >= 80 || (word >= 40 && word < 76);
      const bool is_marked = std::any_of(
          passage.highlights.begin(), passage.highlights.end(),
          [](const Highlight& mark) { return mark.term == "many"; });
      EXPECT_EQ(is_marked, stays) << word;
      others += stays ? 0 : 1;
    }
  }
  EXPECT_GT(others, 0U);
}

TEST_F(ManyWords, AreNotCutWhereTheyAreNotTooMany) {
  SearchOptions options;
  options.limit = 2000;
  for (const char* query : {"many0*", "many1* many2*", "few*", "many299*"}) {
    options.query = query;
    const auto result = Search(View(*generation_), options, {});
    ASSERT_THAT(result, IsOk());
    EXPECT_THAT(result->warnings, IsEmpty()) << query;
    ExpectAsBruteForce(*generation_, *brute_, options);
  }
}

// Exactly so many words as may be, and one more.
TEST(PrefixLimit, IsOfWordsThatAreThere) {
  GrowingCollection collection;
  std::string lines;
  for (uint32_t i = 0; i < kMaxExpansions; ++i) {
    lines += JsonLine(std::to_string(i), "w" + std::to_string(1000 + i));
  }
  collection.Write("a.jsonl", lines);
  collection.Write("b.jsonl", JsonLine("one more", "wxyz"));
  const auto over = collection.BuildAndOpen();
  collection.Remove("b.jsonl");
  const auto within = collection.BuildAndOpen();
  SearchOptions options;
  options.query = "w*";
  const auto cut = Search(View(*over), options, {});
  ASSERT_THAT(cut, IsOk());
  EXPECT_THAT(CodesOf(*cut), ElementsAre("PREFIX_CUT"));
  EXPECT_EQ(cut->count->passages, kMaxExpansions);
  // A word that only a removed document has does not count.
  const auto whole = Search(View(*within), options, {});
  ASSERT_THAT(whole, IsOk());
  EXPECT_THAT(whole->warnings, IsEmpty());
  EXPECT_EQ(whole->count->passages, kMaxExpansions);
}

class SmallPrefixes : public testing::Test {
 protected:
  SmallPrefixes() {
    collection_.Write("a.jsonl",
                      JsonLine("a", "The fox and the FOXTROT of a fo.") +
                          JsonLine("b", "Fôxes; afox, 東京 x.") +
                          JsonLine("c", "Nothing here, nor there."));
    generation_ = collection_.BuildAndOpen();
  }

  SearchResult Ask(const std::string& query) {
    SearchOptions options;
    options.query = query;
    const auto result = Search(View(*generation_), options, {});
    EXPECT_THAT(result, IsOk());
    return result.ok() ? *result : SearchResult();
  }

  // Returns what is marked, by document, as "text=term".
  std::vector<std::string> Marks(const std::string& query) {
    std::vector<std::string> marks;
    const SearchResult result = Ask(query);
    for (const Passage& passage : result.passages) {
      for (const Highlight& mark : passage.highlights) {
        marks.push_back(
            passage.document.document_id + ": " +
            passage.text.substr(mark.span.start.bytes,
                                mark.span.end.bytes - mark.span.start.bytes) +
            "=" + mark.term);
      }
    }
    std::sort(marks.begin(), marks.end());
    return marks;
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(SmallPrefixes, MarkTheWordsThatBeginSo) {
  EXPECT_THAT(Marks("fox*"),
              ElementsAre("a: FOXTROT=fox", "a: fox=fox", "b: Fôxes=fox"));
  EXPECT_THAT(Marks("FÔX*"),
              ElementsAre("a: FOXTROT=fox", "a: fox=fox", "b: Fôxes=fox"));
  EXPECT_THAT(Marks("foxt*"), ElementsAre("a: FOXTROT=foxt"));
}

TEST_F(SmallPrefixes, MayBeOneLetter) {
  EXPECT_THAT(Marks("f*"),
              ElementsAre("a: FOXTROT=f", "a: fo=f", "a: fox=f", "b: Fôxes=f"));
  EXPECT_THAT(Marks("x*"), ElementsAre("b: x=x"));
}

TEST_F(SmallPrefixes, MayBeginNoWord) {
  const SearchResult result = Ask("zz*");
  EXPECT_THAT(result.passages, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_EQ(result.count->passages, 0U);
  EXPECT_EQ(result.executed_query, "zz*");
  EXPECT_EQ(Ask("zz* fox").count->passages, 1U);
}

// A star that is not right after a word is no sign.
TEST_F(SmallPrefixes, NeedTheirStarRightAfterTheWord) {
  EXPECT_EQ(Ask("fox *").executed_query, "fox");
  EXPECT_EQ(Ask("*fox").executed_query, "fox");
  EXPECT_EQ(Ask("fo*x").executed_query, "fo x");
  EXPECT_EQ(Ask("*").executed_query, "");
  EXPECT_EQ(Ask("東京*").executed_query, "東");
  EXPECT_EQ(Ask("fox* fox* fox").executed_query, "fox* fox");
  EXPECT_EQ(Ask("the* fox").executed_query, "the* fox");
}

}  // namespace
}  // namespace footnote::search
