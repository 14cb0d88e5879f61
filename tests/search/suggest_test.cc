// Completions and spellings against plain counts over what a view shows.

#include "server/search/suggest.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/text/utf8.h"
#include "server/search/searcher.h"
#include "server/search/spelling.h"
#include "server/search/word_completion.h"
#include "tests/search/brute_force.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/edits.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Returns "value passages" of completions.
std::vector<std::string> Shown(const std::vector<Completion>& completions) {
  std::vector<std::string> shown;
  shown.reserve(completions.size());
  for (const Completion& completion : completions) {
    shown.push_back(completion.value + " " +
                    std::to_string(completion.passages));
  }
  return shown;
}

Suggestions MustSuggest(const View& view, const std::string& text,
                        uint32_t limit = kDefaultSuggestions) {
  const auto suggestions = Suggest(view, {text, limit}, {});
  EXPECT_THAT(suggestions, IsOk());
  return suggestions.ok() ? *suggestions : Suggestions();
}

class SplitViews : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    corpus_ = new SplitCorpus(29, 90);
    collection_ = new GrowingCollection;
    generation_ = corpus_->BuildSplit(4, collection_);
  }
  static void TearDownTestSuite() {
    generation_.reset();
    delete collection_;
    delete corpus_;
  }

  // Hides the documents whose ids have one of these characters at their end.
  static std::vector<Roaring> Hidden(const std::string& ends) {
    std::vector<Roaring> hidden(generation_->segments().size());
    for (size_t i = 0; i < hidden.size(); ++i) {
      const index::Segment& segment = *generation_->segments()[i];
      for (uint32_t k = 0; k < segment.document_count(); ++k) {
        if (ends.find(segment.document_id(k).back()) != std::string::npos) {
          hidden[i].add(k);
        }
      }
    }
    return hidden;
  }

  static BruteForce Plain(const std::string& ends) {
    return BruteForce(*generation_, [&](const PlainPassage& passage) {
      return ends.find(passage.passage.document.document_id.back()) ==
             std::string::npos;
    });
  }

  static SplitCorpus* corpus_;
  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
};

SplitCorpus* SplitViews::corpus_ = nullptr;
GrowingCollection* SplitViews::collection_ = nullptr;
std::shared_ptr<const index::Generation> SplitViews::generation_;

// What completes a prefix, by the book.
std::vector<std::string> Completed(const BruteForce& plain,
                                   const std::string& prefix, uint32_t limit) {
  std::vector<std::string> completed;
  for (const auto& [word, passages] : plain.WordsFrom(prefix)) {
    if (word != prefix && completed.size() < limit) {
      completed.push_back(word + " " + std::to_string(passages));
    }
  }
  return completed;
}

TEST_F(SplitViews, CompleteWordsByWhatTheyShow) {
  size_t found = 0;
  for (const std::string ends : {"", "z", "amc"}) {
    const View view(*generation_, Hidden(ends));
    const BruteForce plain = Plain(ends);
    for (const char* prefix : {"r", "ra", "rare", "rare1", "f", "fox", "p", "b",
                               "s", "東", "ре", "x", "rare39", "m"}) {
      for (const uint32_t limit : {1U, 3U, 50U}) {
        const auto expected = Completed(plain, prefix, limit);
        EXPECT_EQ(Shown(MustSuggest(view, prefix, limit).words), expected)
            << prefix << " " << limit << " " << ends;
        found += expected.size();
      }
    }
  }
  EXPECT_GT(found, 300U);
}

// A word with one or two letters too many; it may not be UTF-8.
std::string Misspell(std::string word, RandomDocuments* random) {
  for (size_t edits = 1 + random->Below(2); edits > 0; --edits) {
    const size_t at = random->Below(word.size() + 1);
    const std::vector<std::string> letters = {"a", "e", "x", "р", "g"};
    word.insert(at, letters[random->Below(letters.size())]);
  }
  return word;
}

// The nearest of other words within reach, the most frequent of those; "" for
// none.
std::string Nearest(
    const std::string& word,
    const std::vector<std::pair<std::string, uint64_t>>& by_frequency) {
  const size_t letters = CodePoints(word).size();
  const uint32_t reach = letters < 3 ? 0 : letters < 5 ? 1 : 2;
  std::string best;
  uint32_t best_distance = reach + 1;
  for (const auto& [other, passages] : by_frequency) {
    const uint32_t distance = EditsByTable(word, other);
    if (distance > 0 && distance < best_distance) {
      best = other;
      best_distance = distance;
    }
  }
  return best;
}

TEST_F(SplitViews, FindTheNearestWordTheyShow) {
  RandomDocuments random(3);
  int found = 0;
  for (const std::string ends : {"", "z", "acm"}) {
    const View view(*generation_, Hidden(ends));
    const auto words = Plain(ends).WordsFrom("");
    for (int i = 0; i < 150; ++i) {
      const std::string word =
          Misspell(words[random.Below(words.size())].first, &random);
      if (text::FindInvalidUtf8(word) != std::string::npos) {
        continue;
      }
      const std::string best = Nearest(word, words);
      const auto near = FindNearWord(view, word, {});
      ASSERT_THAT(near, IsOk());
      EXPECT_EQ(*near ? (*near)->proposal : "", best) << word << " " << ends;
      found += best.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(found, 200);
}

class Suggesting : public testing::Test {
 protected:
  Suggesting() {
    collection_.Write("entities.tsv",
                      "ORG\tanthropic\tAnthropic\t\nORG\tant\tAnt Group\t\n"
                      "PLACE\tny\tNew York City\tNYC\n");
    const auto line = [](const char* id, const char* title, const char* text) {
      return nlohmann::json{{"_id", id}, {"title", title}, {"text", text}}
                 .dump() +
             "\n";
    };
    collection_.Write(
        "a.jsonl",
        line("a", "Ants at work", "Anthropic makes models. Ants carry.") +
            line("b", "Ants at work", "Anthropic again, in New York City.") +
            line("c", "Étude", "The Ant Group grew in New York City.") +
            JsonLine("d", "Anthropologists study antique café culture."));
    generation_ = collection_.BuildAndOpen();
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(Suggesting, CompletesWordsNamesAndTitles) {
  const View view(*generation_);
  const Suggestions ant = MustSuggest(view, "the ant");
  EXPECT_THAT(Shown(ant.words), ElementsAre("anthropic 2", "anthropologists 1",
                                            "antique 1", "ants 1"));
  EXPECT_EQ(ant.words.front().text, "the anthropic");
  EXPECT_THAT(Shown(ant.entities), ElementsAre("Anthropic 2", "Ant Group 1"));
  EXPECT_EQ(ant.entities.front().text, "the Anthropic");
  EXPECT_EQ(ant.entities.front().entity, "ORG/anthropic");
  EXPECT_THAT(ant.titles, IsEmpty());
  EXPECT_FALSE(ant.spelling);
  EXPECT_THAT(Shown(MustSuggest(view, "ANTS A").titles),
              ElementsAre("Ants at work 2"));
  EXPECT_THAT(Shown(MustSuggest(view, "hotels in new yo").entities),
              ElementsAre("New York City 2"));
  EXPECT_THAT(MustSuggest(view, "ant ").words, IsEmpty());
  EXPECT_THAT(Shown(MustSuggest(view, "ant", 1).words),
              ElementsAre("anthropic 2"));
}

TEST_F(Suggesting, ProposesOtherSpellings) {
  const View view(*generation_);
  const Suggestions wrong = MustSuggest(view, "Antropic moodels, CAFÉ!");
  ASSERT_TRUE(wrong.spelling);
  EXPECT_EQ(wrong.spelling->text, "anthropic models, CAFÉ!");
  ASSERT_EQ(wrong.spelling->words.size(), 2U);
  EXPECT_EQ(wrong.spelling->words[1].start, 9U);
  EXPECT_EQ(wrong.spelling->words[1].end, 16U);
  EXPECT_EQ(wrong.spelling->words[1].passages, 1U);
  // Two neighbours in the other order are one edit; a beginning is none.
  EXPECT_EQ(MustSuggest(view, "nat the").spelling->text, "ant the");
  EXPECT_FALSE(MustSuggest(view, "anthropol").spelling);
  // Names of fields and abbreviations are meant as they are.
  EXPECT_FALSE(MustSuggest(view, "ment:x ANTZ").spelling);
  EXPECT_EQ(MustSuggest(view, "MOODELS antz").spelling->text, "models ant");
  EXPECT_FALSE(MustSuggest(view, "qqqqqqqqqq x1y2 zz").spelling);
}

TEST_F(Suggesting, TellsSearchesOfOtherSpellings) {
  SearchOptions options;
  options.query = "antropic models";
  const auto result = Search(View(*generation_), options, {});
  ASSERT_THAT(result, IsOk());
  ASSERT_TRUE(result->spelling);
  EXPECT_EQ(result->spelling->text, "anthropic models");
  ASSERT_EQ(result->warnings.size(), 1U);
  EXPECT_EQ(result->warnings[0].code, "SPELLING");
  EXPECT_EQ(result->passages.size(), 1U);  // those with "models" alone
  options.query = "anthropic models";
  EXPECT_FALSE(Search(View(*generation_), options, {})->spelling);
}

TEST_F(Suggesting, HasLimits) {
  const View view(*generation_);
  EXPECT_THAT(Suggest(view, {" \n"}, {}),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  EXPECT_THAT(Suggest(view, {std::string(kMaxSuggestBytes + 1, 'x')}, {}),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_LONG"));
  EXPECT_THAT(Suggest(view, {"\xFF"}, {}),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_NOT_UTF8"));
  EXPECT_THAT(MustSuggest(view, "!?").words, IsEmpty());
}

}  // namespace
}  // namespace footnote::search
