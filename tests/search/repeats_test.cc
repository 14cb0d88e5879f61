#include "server/search/repeats.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/text/quote_words.h"

namespace footnote::search {
namespace {

// The texts of a test with their finder.
class Texts {
 public:
  explicit Texts(Collapse collapse) : collapse_(collapse), finder_(collapse) {}

  void Add(const std::string& text) {
    prints_.push_back(PrintOf(text, collapse_));
    finder_.Add(prints_.back());
  }
  auto Find(const std::string& text) const {
    return finder_.Find(PrintOf(text, collapse_));
  }
  bool Has(const std::string& text) const { return Find(text).has_value(); }

 private:
  const Collapse collapse_;
  std::deque<TextPrint> prints_;
  RepeatFinder finder_;
};

TEST(ExactRepeats, FoldCaseSpaceAndPunctuationButNothingElse) {
  Texts texts(Collapse::kExact);
  texts.Add("The price rose to 5 %, says the bank.");
  EXPECT_TRUE(texts.Has("the PRICE rose\n to 5 % - says “the bank”"));
  EXPECT_TRUE(texts.Has("Ｔhe price rose to 5 %, says the bank"));  // width
  EXPECT_FALSE(texts.Has("The price rose to 5, says the bank."));
  EXPECT_FALSE(texts.Has("The price rose to 6 %, says the bank."));
  EXPECT_FALSE(texts.Has("The price rose to 5 %, the bank says."));
  EXPECT_FALSE(texts.Has("The price rose to 5 %, says the bank. So."));
  texts.Add("a bc");
  EXPECT_FALSE(texts.Has("ab c"));
  texts.Add("résumé");
  EXPECT_FALSE(texts.Has("resume"));
}

TEST(Repeats, AreNoneWithoutWords) {
  for (const Collapse collapse : {Collapse::kExact, Collapse::kNear}) {
    Texts texts(collapse);
    texts.Add("* * *");
    texts.Add("");
    EXPECT_FALSE(texts.Has("* * *"));
    EXPECT_FALSE(texts.Has("word"));
  }
}

TEST(NearRepeats, OfShortTextsAreTheSame) {
  Texts texts(Collapse::kNear);
  texts.Add("Results and discussion");
  texts.Add("Red");
  texts.Add("In all of the nine first months profit rose to 5");
  EXPECT_TRUE(texts.Has("RESULTS and – discussion."));
  EXPECT_TRUE(texts.Has("red"));
  EXPECT_FALSE(texts.Has("Results and"));
  // In a longer text, they are no repeat of it, nor is it of them.
  EXPECT_FALSE(texts.Has("The results and discussion of the year follow."));
  EXPECT_FALSE(texts.Has("In all of the nine first months profit rose to 6"));
}

TEST(NearRepeats, SayHowMuchTheyShareOfTheLonger) {
  Texts texts(Collapse::kNear);
  // 22 words, 20 runs.
  const std::string text =
      "a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3 b4 b5 b6 b7 b8 b9 c1 c2 c3 c4";
  texts.Add(text);
  EXPECT_EQ(texts.Find(text)->resemblance, 1);
  EXPECT_EQ(texts.Find("x " + text)->resemblance, 20.0 / 21);
  EXPECT_EQ(texts.Find(text.substr(0, text.size() - 3))->resemblance,
            19.0 / 20);
  std::string changed = text;
  changed.replace(changed.find("b1"), 2, "x1");
  EXPECT_EQ(texts.Find(changed)->resemblance, 17.0 / 20);
  changed.replace(changed.find("b2"), 2, "x2");
  EXPECT_EQ(texts.Find(changed)->resemblance, 16.0 / 20);  // just enough
  changed.replace(changed.find("b3"), 2, "x3");
  EXPECT_FALSE(texts.Has(changed));
}

// The runs of words of a text.
using Runs = std::set<std::vector<std::string>>;

Runs PlainRuns(const std::string& text) {
  std::vector<std::string> words;
  for (const text::QuoteWord& word : text::ReadQuoteWords(text)) {
    words.push_back(word.word);
  }
  if (words.size() < 3) {
    return {words};
  }
  Runs runs;
  for (size_t i = 0; i + 3 <= words.size(); ++i) {
    runs.insert({words[i], words[i + 1], words[i + 2]});
  }
  return runs;
}

// Finds by a comparison with all, by the definition.
std::optional<RepeatFinder::Found> PlainFind(const std::vector<Runs>& added,
                                             const Runs& runs) {
  std::optional<RepeatFinder::Found> best;
  for (size_t i = 0; i < added.size(); ++i) {
    const auto shared = static_cast<size_t>(
        std::count_if(runs.begin(), runs.end(),
                      [&](const auto& run) { return added[i].contains(run); }));
    const size_t longer = std::max(runs.size(), added[i].size());
    const bool is_alike =
        longer < 10 ? shared == longer : shared * 5 >= longer * 4;
    const double resemblance =
        static_cast<double>(shared) / static_cast<double>(longer);
    if (is_alike && (!best || resemblance > best->resemblance)) {
      best = {i, resemblance};
    }
  }
  return best;
}

// A text of these words with up to three edits.
std::string Edited(std::vector<std::string> words, std::mt19937* random) {
  for (size_t edits = (*random)() % 4; edits > 0; --edits) {
    const size_t at = (*random)() % words.size();
    if ((*random)() % 2 == 0 && words.size() > 1) {
      words.erase(words.begin() + static_cast<ptrdiff_t>(at));
    } else {
      words[at] = "e" + std::to_string((*random)() % 3);
    }
  }
  std::string text;
  for (const std::string& word : words) {
    text += word + " ";
  }
  return text;
}

class NearRepeatsOf : public testing::TestWithParam<uint32_t> {};

TEST_P(NearRepeatsOf, RandomTextsAreWhatAComparisonOfAllFinds) {
  std::mt19937 random(GetParam());
  std::vector<std::string> words;
  for (size_t count = 3 + random() % 60; count > 0; --count) {
    words.push_back("w" + std::to_string(random() % 40));
  }
  Texts texts(Collapse::kNear);
  std::vector<Runs> added;
  for (int i = 0; i < 60; ++i) {
    const std::string text = Edited(words, &random);
    const Runs runs = PlainRuns(text);
    const auto expected = PlainFind(added, runs);
    const auto found = texts.Find(text);
    ASSERT_EQ(found.has_value(), expected.has_value()) << text;
    EXPECT_EQ(found.value_or(RepeatFinder::Found()).index,
              expected.value_or(RepeatFinder::Found()).index);
    EXPECT_EQ(found.value_or(RepeatFinder::Found()).resemblance,
              expected.value_or(RepeatFinder::Found()).resemblance);
    texts.Add(text);
    added.push_back(runs);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, NearRepeatsOf, testing::Range(0U, 30U));

}  // namespace
}  // namespace footnote::search
