#include "indexer/text/quote_words.h"

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace footnote::text {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string> words;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class QuoteWords : public testing::TestWithParam<Case> {};

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words;
  for (const QuoteWord& word : ReadQuoteWords(text)) {
    words.push_back(word.word);
  }
  return words;
}

TEST_P(QuoteWords, AreFolded) {
  EXPECT_EQ(WordsOf(GetParam().text), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    All, QuoteWords,
    testing::Values(
        Case{"Empty", "", {}}, Case{"Punctuation", " — [*]_ \u2026", {}},
        Case{"Case", "The RED Straße", {"the", "red", "strasse"}},
        Case{"Apostrophes",
             "Amazon\u2019s 'rock 'n' roll' it`s",
             {"amazon's", "rock", "n", "roll", "it's"}},
        Case{"Numbers", "3,000.5, 7. 1.x", {"3,000.5", "7", "1", "x"}},
        Case{"Hyphens",
             "open\u2011weight open-weight",
             {"open", "weight", "open", "weight"}},
        Case{"MinusSign", "+6 \u22123 =9", {"+", "6", "3", "=", "9"}},
        Case{"Signs",
             "$5 billion, 10% & @me \u20b9 500",
             {"$", "5", "billion", "10", "%", "&", "@", "me", "\u20b9", "500"}},
        Case{"SoftHyphens", "off\u00ader\u00ading", {"offering"}},
        Case{"MarkAfterInvisible", "e\u00ad\u0301", {"\u00e9"}},
        Case{"Decomposed",
             "cafe\u0301 Mi\u0142osz",
             {"caf\u00e9", "mi\u0142osz"}},
        Case{"FullWidth", "\uff26\uff45\uff44 \uff14", {"fed", "4"}},
        Case{"Ligatures", "\ufb01rst", {"first"}},
        Case{"Fractions", "2\u00bd", {"21", "\u2044", "2"}},
        Case{"Chinese",
             "\u541b\u5b50\u614e\u8a00\uff0c\u7bc0",
             {"\u541b", "\u5b50", "\u614e", "\u8a00", "\u7bc0"}},
        Case{"HalfWidthKana", "\uff8a\uff9f\uff97", {"\u30d1", "\u30e9"}},
        Case{"Devanagari",
             "\u0905\u0939\u093f\u0902\u0938\u093e \u092a\u0930",
             {"\u0905\u0939\u093f\u0902\u0938\u093e", "\u092a\u0930"}},
        Case{"DirectionMarks",
             "\u200f\u064a\u062c\u0628\u200f",
             {"\u064a\u062c\u0628"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(QuoteWord, SpansItsCharacters) {
  const std::string text = "  e\u00ad\u0301 \u2018Rock\u2019 $5";
  const auto words = ReadQuoteWords(text);
  ASSERT_EQ(words.size(), 4U);
  const auto slice = [&](size_t i) {
    return text.substr(words[i].start, words[i].end - words[i].start);
  };
  EXPECT_EQ(slice(0), "e\u00ad\u0301");
  EXPECT_EQ(slice(1), "Rock");
  EXPECT_EQ(slice(2), "$");
  EXPECT_EQ(slice(3), "5");
}

TEST(QuoteWord, ComesFromAnyBytes) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      text += static_cast<char>(byte(random));
    }
    uint32_t end = 0;
    for (const QuoteWord& word : ReadQuoteWords(text)) {
      EXPECT_FALSE(word.word.empty());
      EXPECT_LT(word.start, word.end);
      EXPECT_LE(word.end, text.size());
      EXPECT_GE(word.end, end);
      end = word.end;
    }
  }
}

}  // namespace
}  // namespace footnote::text
