#include <algorithm>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/text/analyzer.h"
#include "indexer/text/utf8.h"
#include "tests/text/random_text.h"

namespace footnote::text {
namespace {

constexpr std::string_view kLanguages[] = {"und", "en", "fr", "tr", "ja", "ar"};

void ExpectWellFormed(const std::string& folded) {
  EXPECT_FALSE(folded.empty());
  EXPECT_EQ(FindInvalidUtf8(folded), std::string_view::npos);
  EXPECT_TRUE(std::none_of(folded.begin(), folded.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
  })) << testing::PrintToString(folded);
}

TEST(AnalyzerProperty, TokensAreOrderedOnGraphemesAndWellFormed) {
  RandomText random(31);
  Analyzer analyzer;
  for (int i = 0; i < 1500; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    const std::string_view language =
        kLanguages[random.Below(std::size(kLanguages))];
    size_t end = 0;
    for (const Token& token : analyzer.Analyze(text, language)) {
      ASSERT_LE(end, token.start);
      ASSERT_LT(token.start, token.end);
      ASSERT_LE(token.end, text.size());
      ASSERT_TRUE(IsGraphemeBoundary(text, token.start));
      ASSERT_TRUE(IsGraphemeBoundary(text, token.end));
      ExpectWellFormed(token.word);
      ExpectWellFormed(token.stem);
      end = token.end;
    }
  }
}

// Characters that stand together in the texts of one language or another.
const std::vector<std::vector<std::string_view>>& Families() {
  static const std::vector<std::vector<std::string_view>> kFamilies = {
      {"a",      "B",      "s",      "t",  "it",   "1",     "23", "000",
       " ",      "\n",     ".",      ",",  "'",    "’",     "s ", "!",
       ":",      "_",      "-",      "é",  "ß",    "İ",     "ı",  "\u00ad",
       "\u2060", "\ufeff", "l'",     "D’", "U.S.", "1,400", "x²", "½",
       "①",      "ﬁ",      "Ａ",     "·",  "ø",    "Æ",     "ǆ",  "𝒳",
       "\u00a0", "\u202f", "e\u0301"},
      {"Ж", "й", "ё", "ї", "Σ", "ς", "ά", "ΐ", "a", "1", " ", ".", "'", "’"},
      {"א", "שׁ", "״", "׳", "ע", "عَ", "أ", "مـد", "ﷲ", "١", " ", ".", "1"},
      {"क", "क्ष", "हि", "क़", "।", "কি", "கா", "१", " ", ".", "1", "a"},
      {"漢", "字", "。", "か", "が", "カ", "ー", "ｶ", "ﾞ", "한", "각", "㍿",
       "Ａ", "a", "1", " "},
      {"👍", "🏽", "👩", "👩‍👧", "❤️", "🇩🇪", "5️⃣", "©", "a",
       "1", " "}};
  return kFamilies;
}

TEST(AnalyzerProperty, WordsAreFoldedAlready) {
  RandomText random(32);
  Analyzer analyzer;
  for (int i = 0; i < 3000; ++i) {
    const std::string text =
        random.Make(Families()[random.Below(Families().size())], 30);
    for (const Token& token : analyzer.Analyze(text, "und")) {
      std::string again;
      for (const Token& part : analyzer.Analyze(token.word, "und")) {
        again += part.word;
      }
      ASSERT_EQ(again, token.word) << testing::PrintToString(text);
    }
  }
}

TEST(AnalyzerProperty, IsTheSameWithACacheThatIsFull) {
  RandomText random(33);
  Analyzer used;
  for (int i = 0; i < 300; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    Analyzer fresh;
    const std::vector<Token> expected = fresh.Analyze(text, "en");
    const std::vector<Token> tokens = used.Analyze(text, "en");
    ASSERT_EQ(tokens.size(), expected.size());
    for (size_t k = 0; k < tokens.size(); ++k) {
      ASSERT_EQ(tokens[k].word, expected[k].word);
      ASSERT_EQ(tokens[k].stem, expected[k].stem);
    }
  }
}

TEST(AnalyzerProperty, JoiningTokensTouchTheNext) {
  RandomText random(34);
  Analyzer analyzer;
  for (int i = 0; i < 500; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    const std::vector<Token> tokens = analyzer.Analyze(text, "ja");
    for (size_t k = 0; k < tokens.size(); ++k) {
      if (!tokens[k].joins_next) {
        continue;
      }
      ASSERT_LT(k + 1, tokens.size());
      ASSERT_EQ(tokens[k].end, tokens[k + 1].start);
      ASSERT_EQ(tokens[k].stem, tokens[k].word + tokens[k + 1].word);
    }
  }
}

}  // namespace
}  // namespace footnote::text
