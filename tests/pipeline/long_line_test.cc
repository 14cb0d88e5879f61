// Texts of megabytes without the end of a sentence or a line.

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "indexer/pipeline/passage_splitter.h"
#include "indexer/text/sentences.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::pipeline {
namespace {

constexpr size_t kMegabyte = 1 << 20;

std::string LongText(std::string_view piece, size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) {
    text += piece;
  }
  return text;
}

// Builds a collection of one document; returns the CPU seconds that took.
double BuildOf(const std::string& text, GrowingCollection* collection) {
  collection->Write("long.txt", text);
  const std::clock_t start = std::clock();
  EXPECT_THAT(collection->Build(), IsOk());
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// Checks that the passages of the one document tile `text` and are within
// bounds.
void ExpectBoundedTiling(const std::string& text,
                         GrowingCollection* collection) {
  const auto generation = collection->Open();
  ASSERT_NE(generation, nullptr);
  ASSERT_EQ(generation->segments().size(), 1U);
  const index::Segment& segment = *generation->segments()[0];
  const PassageLimits limits;
  const uint64_t bound = std::max(limits.max_bytes, text::kMaxSentenceBytes);
  uint64_t at = 0;
  for (uint32_t i = 0; i < segment.passage_count(); ++i) {
    const index::PassagePlace& place = segment.passage_place(i);
    ASSERT_EQ(place.start, at);
    ASSERT_GT(place.end, place.start);
    ASSERT_LE(place.end - place.start, bound);
    const std::vector<uint32_t> sentences = segment.ReadSentenceBytes(i);
    for (const uint32_t bytes : sentences) {
      ASSERT_LE(bytes, text::kMaxSentenceBytes);
    }
    // Where words are characters, each counts as half a word.
    if (sentences.size() > 1) {
      ASSERT_LE(place.words, 2 * limits.max_words);
    }
    at = place.end;
  }
  EXPECT_EQ(at, text.size());
  const auto read = segment.ReadText(0, 0, text.size());
  ASSERT_THAT(read, IsOk());
  EXPECT_TRUE(*read == text);
}

TEST(LongLine, OfFiveMegabytesIsCutIntoPassages) {
  GrowingCollection collection;
  const std::string text =
      LongText("a line of many words, no end ", 5 * kMegabyte);
  EXPECT_LT(BuildOf(text, &collection), 20);
  ExpectBoundedTiling(text, &collection);
}

class LongPieces : public testing::TestWithParam<const char*> {};

TEST_P(LongPieces, TakeTimeLinearInTheirLength) {
  GrowingCollection small;
  GrowingCollection large;
  const double once = BuildOf(LongText(GetParam(), kMegabyte / 32), &small);
  const std::string text = LongText(GetParam(), kMegabyte / 4);
  const double seconds = BuildOf(text, &large);
  EXPECT_LT(seconds, 24 * once + 1);
  ExpectBoundedTiling(text, &large);
}

INSTANTIATE_TEST_SUITE_P(Of, LongPieces,
                         testing::Values("x", "漢", "word ", ".\n", ".", "a\n",
                                         "\u0301", "👩🏽‍🚀", "ภาษาไทย",
                                         "- "));

}  // namespace
}  // namespace footnote::pipeline
