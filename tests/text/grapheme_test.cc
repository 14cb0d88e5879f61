#include <chrono>
#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include "indexer/text/utf8.h"
#include "tests/text/random_text.h"

namespace footnote::text {
namespace {

using testing::ElementsAre;

// Returns the boundaries that ICU finds going over all of `text`.
std::set<size_t> IcuBoundaries(std::string_view text) {
  static const std::unique_ptr<icu::BreakIterator> kIterator = [] {
    UErrorCode error = U_ZERO_ERROR;
    return std::unique_ptr<icu::BreakIterator>(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(),
                                                    error));
  }();
  UErrorCode error = U_ZERO_ERROR;
  UText utext = UTEXT_INITIALIZER;
  utext_openUTF8(&utext, text.data(), static_cast<int64_t>(text.size()),
                 &error);
  kIterator->setText(&utext, error);
  std::set<size_t> boundaries = {0};
  kIterator->first();
  for (int32_t at = kIterator->next(); at != icu::BreakIterator::DONE;
       at = kIterator->next()) {
    boundaries.insert(static_cast<size_t>(at));
  }
  utext_close(&utext);
  return boundaries;
}

std::vector<size_t> Boundaries(std::string_view text) {
  std::vector<size_t> found;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (IsGraphemeBoundary(text, at)) {
      found.push_back(at);
    }
  }
  return found;
}

TEST(IsGraphemeBoundary, KeepsClustersWhole) {
  EXPECT_THAT(Boundaries(""), ElementsAre(0));
  EXPECT_THAT(Boundaries("ab"), ElementsAre(0, 1, 2));
  EXPECT_THAT(Boundaries("e\u0301x"), ElementsAre(0, 3, 4));
  EXPECT_THAT(Boundaries("\r\n\n"), ElementsAre(0, 2, 3));
  EXPECT_THAT(Boundaries("🇩🇪🇫🇷"), ElementsAre(0, 8, 16));
  EXPECT_THAT(Boundaries("👩‍👩‍👧"), ElementsAre(0, 18));
  EXPECT_THAT(Boundaries("\u1100\u1161\u11a8a"), ElementsAre(0, 9, 10));
  EXPECT_THAT(Boundaries("क्षि"), ElementsAre(0, 12));
  EXPECT_THAT(Boundaries("\u0600a"), ElementsAre(0, 3));
  EXPECT_THAT(Boundaries("กำ"), ElementsAre(0, 6));
}

TEST(IsGraphemeBoundary, IsFalsePastTheEnd) {
  EXPECT_FALSE(IsGraphemeBoundary("ab", 3));
}

TEST(IsGraphemeBoundary, AgreesWithIcuOverAllOfTheText) {
  RandomText random(11);
  for (int i = 0; i < 1200; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    const std::set<size_t> expected = IcuBoundaries(text);
    for (size_t at = 0; at <= text.size(); ++at) {
      ASSERT_EQ(IsGraphemeBoundary(text, at), expected.contains(at))
          << "at " << at << " of " << testing::PrintToString(text);
      ASSERT_EQ(FloorToGrapheme(text, at), *--expected.upper_bound(at));
      ASSERT_EQ(CeilToGrapheme(text, at), *expected.lower_bound(at));
    }
  }
}

TEST(FloorToGrapheme, TakesOffsetsPastTheEnd) {
  EXPECT_EQ(FloorToGrapheme("ab", 9), 2U);
  EXPECT_EQ(CeilToGrapheme("ab", 9), 2U);
}

// Whether the three functions tell one story of `text`, at `at`.
void ExpectConsistent(std::string_view text, size_t at) {
  const size_t floor = FloorToGrapheme(text, at);
  const size_t ceil = CeilToGrapheme(text, at);
  EXPECT_LE(floor, at);
  EXPECT_GE(ceil, at);
  EXPECT_TRUE(IsGraphemeBoundary(text, floor));
  EXPECT_TRUE(IsGraphemeBoundary(text, ceil));
  EXPECT_EQ(floor == at, IsGraphemeBoundary(text, at));
  EXPECT_EQ(ceil == at, IsGraphemeBoundary(text, at));
  EXPECT_LE(ceil - floor, 1024U);
}

std::string Repeat(std::string_view piece, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += piece;
  }
  return text;
}

TEST(FloorToGrapheme, IsBoundedAndConsistentInEndlessClusters) {
  for (const std::string_view piece :
       {"\u0301", "🇩", "क्", "\u1100", "\u200d👩", "\u0600"}) {
    const std::string text = Repeat(piece, 3000);
    for (size_t at = 0; at < text.size(); at += 1201) {
      ExpectConsistent(text, at);
    }
  }
}

TEST(FloorToGrapheme, CostsTheSameInALongText) {
  const std::string text = Repeat(
      "The é 漢 👩‍👩‍👧 🇩🇪🇫🇷 क्षि. ", 200000);
  const auto start = std::chrono::steady_clock::now();
  size_t sum = 0;
  for (size_t at = 1; at < text.size(); at += text.size() / 2000) {
    sum += FloorToGrapheme(text, at);
  }
  EXPECT_GT(sum, 0U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace footnote::text
