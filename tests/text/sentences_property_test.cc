#include <chrono>

#include <gtest/gtest.h>

#include "indexer/text/sentences.h"
#include "indexer/text/utf8.h"
#include "tests/text/random_text.h"

namespace footnote::text {
namespace {

void ExpectTiles(std::string_view text, std::string_view language) {
  uint32_t at = 0;
  const std::vector<Sentence> sentences = SplitSentences(text, language);
  ASSERT_EQ(sentences.empty(), text.empty());
  for (const Sentence& sentence : sentences) {
    ASSERT_EQ(sentence.start, at);
    ASSERT_GT(sentence.end, at);
    ASSERT_LE(sentence.end - sentence.start, kMaxSentenceBytes);
    ASSERT_TRUE(IsGraphemeBoundary(text, sentence.end))
        << "at " << sentence.end << " after " << sentence.start << " in "
        << testing::PrintToString(text.substr(0, 80));
    at = sentence.end;
  }
  ASSERT_EQ(at, text.size());
  if (!sentences.empty()) {
    EXPECT_EQ(sentences.back().after, BreakKind::kParagraph);
  }
}

TEST(SentencesProperty, TileAnyText) {
  constexpr std::string_view kLanguages[] = {"und", "en", "de", "el", "th"};
  RandomText random(41);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random.Make(MixedPieces(), 80);
    ExpectTiles(text, kLanguages[random.Below(std::size(kLanguages))]);
  }
}

TEST(SentencesProperty, TileLongTextsOfFewCharacters) {
  RandomText random(42);
  for (int i = 0; i < 200; ++i) {
    std::string text;
    const std::string_view a =
        MixedPieces()[random.Below(MixedPieces().size())];
    const std::string_view b =
        MixedPieces()[random.Below(MixedPieces().size())];
    while (text.size() < 5000) {
      text += random.Below(4) == 0 ? b : a;
    }
    ExpectTiles(text, "en");
  }
}

TEST(SentencesProperty, IsLinearWithoutAnyEnd) {
  constexpr size_t kSize = 5 << 20;
  for (const std::string_view piece : {"x", " ", "word ", ".", ". ", "1. ",
                                       ".)", "漢", "\u0301", "a. b ", "[1"}) {
    std::string text;
    while (text.size() < kSize / 10) {
      text += piece;
    }
    const auto start = std::chrono::steady_clock::now();
    ExpectTiles(text, "en");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2))
        << piece;
  }
}

}  // namespace
}  // namespace footnote::text
