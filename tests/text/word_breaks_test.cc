#include "indexer/text/word_breaks.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include "indexer/text/utf8.h"
#include "tests/text/random_text.h"

namespace footnote::text {
namespace {

using testing::ElementsAre;

std::vector<std::string> Segments(std::string_view text) {
  std::vector<std::string> segments;
  WordBreaks breaks(text);
  while (const std::optional<Segment> segment = breaks.Next()) {
    segments.emplace_back(
        text.substr(segment->start, segment->end - segment->start));
  }
  return segments;
}

// Returns the segments that ICU finds, boundaries inside graphemes left out.
std::vector<std::string> IcuSegments(std::string_view text) {
  static const std::unique_ptr<icu::BreakIterator> kIterator = [] {
    UErrorCode error = U_ZERO_ERROR;
    return std::unique_ptr<icu::BreakIterator>(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
  }();
  UErrorCode error = U_ZERO_ERROR;
  UText utext = UTEXT_INITIALIZER;
  utext_openUTF8(&utext, text.data(), static_cast<int64_t>(text.size()),
                 &error);
  kIterator->setText(&utext, error);
  std::vector<std::string> segments;
  size_t start = 0;
  kIterator->first();
  for (int32_t at = kIterator->next(); at != icu::BreakIterator::DONE;
       at = kIterator->next()) {
    const auto end = static_cast<size_t>(at);
    if (IsGraphemeBoundary(text, end)) {
      segments.emplace_back(text.substr(start, end - start));
      start = end;
    }
  }
  utext_close(&utext);
  return segments;
}

void ExpectLikeIcu(const std::vector<std::string_view>& pieces, uint32_t seed,
                   int rounds) {
  RandomText random(seed);
  for (int i = 0; i < rounds; ++i) {
    const std::string text = random.Make(pieces, 40);
    ASSERT_EQ(Segments(text), IcuSegments(text))
        << testing::PrintToString(text);
  }
}

TEST(WordBreaks, AgreesWithIcuOnAscii) {
  ExpectLikeIcu(
      {"a",  "b",  "Z", "word", "1", "23", " ", "  ", "\n", "\r\n", "\r", "\t",
       "\v", "\f", ".", ",",    "'", "\"", ":", ";",  "_",  "-",    "!",  "?",
       "(",  ")",  "/", "#",    "$", "%",  "&", "*",  "+",  "=",    "<",  ">",
       "[",  "]",  "{", "}",    "~", "^",  "|", "\\", "`"},
      21, 20000);
}

TEST(WordBreaks, AgreesWithIcuOnOtherScripts) {
  ExpectLikeIcu(
      {"a",      "1",          " ",      ".",      ",",       "'",
       "\"",     "_",          "\n",     "é",      "e\u0301", "\u0308",
       "’",      "·",          "‧",      "\u00ad", "\u200b",  "\u200c",
       "\u200d", "\ufeff",     "\u2060", "\u202f", "\u3000",  "\u2003",
       "\u00a0", "\u2028",     "\u0085", "Ж",      "ї",       "Σ",
       "א",      "ב",          "״",      "׳",      "ע\u05b8", "ع",
       "عَ",      "١",          "٫",      "٬",      "،",       "क",
       "्",       "ष",          "ि",      "।",      "১",       "க",
       "ா",      "አ",          "Ա",      "՛",      "ა",       "ꦲ",
       "👍",      "🏽",       "👩",      "❤",      "\ufe0f",  "🇩",
       "🇪",      "©",          "𝒳",      "𐐀",      "①",       "½",
       "²",      "Ⓜ",          "ª",      "ʼ",      "˸",       "\u0600",
       "\u06dd", "\U000110bd", "\u0300", "‿",      "．",      "，",
       "１",     "Ａ"},
      22, 20000);
}

TEST(WordBreaks, SplitsAddressesAndKeys) {
  EXPECT_THAT(Segments("a@b.org"), ElementsAre("a", "@", "b.org"));
  EXPECT_THAT(Segments("key:value"), ElementsAre("key", ":", "value"));
}

TEST(WordBreaks, TakesEachCharacterOfRunsWithoutSpaces) {
  EXPECT_THAT(Segments("東京タワー"),
              ElementsAre("東", "京", "タ", "ワ", "ー"));
  EXPECT_THAT(Segments("か\u3099a"), ElementsAre("か\u3099", "a"));
  EXPECT_THAT(Segments("\u1100\u1161\u11a8\u1100"),
              ElementsAre("\u1100\u1161\u11a8", "\u1100"));
}

TEST(WordBreaks, AsksADictionary) {
  EXPECT_THAT(Segments("ภาษาไทย"), ElementsAre("ภาษา", "ไทย"));
  EXPECT_THAT(Segments("abcไทย1"), ElementsAre("abc", "ไทย", "1"));
}

TEST(WordBreaks, TilesAnyText) {
  RandomText random(23);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    WordBreaks breaks(text);
    size_t at = 0;
    while (const std::optional<Segment> segment = breaks.Next()) {
      ASSERT_EQ(segment->start, at);
      ASSERT_GT(segment->end, at);
      ASSERT_TRUE(IsGraphemeBoundary(text, segment->end));
      at = segment->end;
    }
    ASSERT_EQ(at, text.size());
  }
}

}  // namespace
}  // namespace footnote::text
