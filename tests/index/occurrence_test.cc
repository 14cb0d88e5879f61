#include "indexer/index/occurrence.h"

#include <cmath>

#include <gtest/gtest.h>

namespace footnote::index {
namespace {

constexpr uint32_t kExact = 16;     // lengths below are exact
constexpr uint32_t kLongest = 960;  // the first length of the last class

TEST(LengthClass, IsExactForShortPassages) {
  for (uint32_t words = 0; words < kExact; ++words) {
    EXPECT_EQ(LengthClassOf(words), words);
    EXPECT_EQ(LengthOfClass(LengthClassOf(words)), words);
  }
}

TEST(LengthClass, NeverFallsAndLeavesNoneOut) {
  uint32_t last = 0;
  for (uint32_t words = 0; words <= 100000; ++words) {
    const uint32_t length_class = LengthClassOf(words);
    ASSERT_GE(length_class, last) << words;
    ASSERT_LE(length_class, last + 1) << words;
    ASSERT_LT(length_class, Occurrence::kLengthClasses) << words;
    last = length_class;
  }
  EXPECT_EQ(last, Occurrence::kLengthClasses - 1);
}

TEST(LengthClass, StandsForALengthWithinASixteenth) {
  for (uint32_t words = kExact; words < kLongest; ++words) {
    const double length = LengthOfClass(LengthClassOf(words));
    ASSERT_LE(std::abs(length - words), words / 16.0) << words;
  }
}

// The middle of the lengths of a class, found by looking at each length.
TEST(LengthClass, StandsForTheMiddleOfItsLengths) {
  uint32_t first = 0;
  for (uint32_t words = 1; words <= kLongest; ++words) {
    if (LengthClassOf(words) != LengthClassOf(first)) {
      ASSERT_EQ(LengthOfClass(LengthClassOf(first)), (first + words - 1) / 2.0)
          << first;
      first = words;
    }
  }
  EXPECT_EQ(first, kLongest);
}

TEST(LengthClass, IsTheLastForEverythingLonger) {
  EXPECT_LT(LengthClassOf(kLongest - 1), Occurrence::kLengthClasses - 1);
  for (const uint32_t words : {kLongest, 2048U, 4096U, 65535U, UINT32_MAX}) {
    EXPECT_EQ(LengthClassOf(words), Occurrence::kLengthClasses - 1) << words;
  }
  EXPECT_GE(LengthOfClass(Occurrence::kLengthClasses - 1), kLongest);
}

TEST(Occurrence, ComesBackAsItWent) {
  for (uint32_t frequency = 1; frequency < 3000; frequency += 7) {
    for (uint32_t i = 0; i < Occurrence::kLengthClasses; ++i) {
      const Occurrence back =
          Occurrence::Decode(Occurrence{frequency, i}.Encode());
      ASSERT_EQ(back.frequency, frequency);
      ASSERT_EQ(back.length_class, i);
    }
  }
}

// Words that a passage has once or twice take a byte of a posting.
TEST(Occurrence, IsSmallForTheMostFrequentCase) {
  constexpr uint32_t kOneByte = 128;
  for (uint32_t i = 0; i < Occurrence::kLengthClasses; ++i) {
    EXPECT_LT((Occurrence{1, i}.Encode()), kOneByte);
    EXPECT_LT((Occurrence{2, i}.Encode()), kOneByte);
  }
}

}  // namespace
}  // namespace footnote::index
