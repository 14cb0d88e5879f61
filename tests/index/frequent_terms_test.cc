#include "indexer/index/frequent_terms.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/schema.h"
#include "tests/index/small_segment.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

std::string Stem(const std::string& word) {
  return MakeTerm(TermField::kStem, StemKey("en", word));
}

// A segment of `count` passages; "d<n>" stands in every n-th of them.
std::unique_ptr<Segment> Make(SmallSegments* folder, uint32_t count,
                              SegmentEntry* entry) {
  SmallDocument document{"a", {}};
  for (uint32_t i = 0; i < count; ++i) {
    std::string text = "p" + std::to_string(i);
    for (const uint32_t n : {1U, 2U, 5U, 12U, 13U, 100U}) {
      text += i % n == 0 ? " d" + std::to_string(n) : "";
    }
    document.passages.push_back(text);
  }
  *entry = folder->Write({document});
  return folder->Open(*entry);
}

TEST(FrequentTerms, HaveTheSetsOfTheirPostings) {
  for (const uint32_t count : {1024U, 1025U, 1200U, 1344U}) {
    SmallSegments folder;
    SegmentEntry entry;
    const auto segment = Make(&folder, count, &entry);
    ASSERT_NE(segment, nullptr);
    for (const uint32_t n : {1U, 2U, 5U, 12U}) {
      const uint64_t* words =
          segment->frequent_terms().Find(Stem("d" + std::to_string(n)));
      ASSERT_NE(words, nullptr) << n << " of " << count;
      for (uint32_t i = 0; i < SetWords(count) * 64; ++i) {
        const bool is_in = (words[i / 64] >> (i % 64) & 1) != 0;
        ASSERT_EQ(is_in, i < count && i % n == 0) << i;
      }
    }
    DatabasePool::Lease database = segment->databases().Get();
    EXPECT_EQ(database->get_termfreq(Stem("d12")), (count + 11) / 12);
  }
}

TEST(FrequentTerms, AreStemsThatOneInTwelveHas) {
  SmallSegments folder;
  SegmentEntry entry;
  const auto segment = Make(&folder, 1344, &entry);
  ASSERT_NE(segment, nullptr);
  const FrequentTerms& terms = segment->frequent_terms();
  EXPECT_NE(terms.Find(Stem("d12")), nullptr);   // 112 of 1344
  EXPECT_EQ(terms.Find(Stem("d13")), nullptr);   // 104
  EXPECT_EQ(terms.Find(Stem("d100")), nullptr);  // 14
  EXPECT_EQ(terms.Find(MakeTerm(TermField::kWord, "d1")), nullptr);
  for (const std::string& other : {Stem(""), Stem("d"), Stem("d10"),
                                   Stem("zzz"), std::string(), Stem("d1x")}) {
    EXPECT_EQ(terms.Find(other), nullptr) << other;
  }
}

TEST(FrequentTerms, AreNoneInSmallSegments) {
  SmallSegments folder;
  SegmentEntry entry;
  const auto segment = Make(&folder, kMinPassagesForSets - 1, &entry);
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->frequent_terms().Find(Stem("d1")), nullptr);
}

TEST(FrequentTerms, MustFitTheirSegment) {
  SmallSegments folder;
  SegmentEntry entry;
  ASSERT_NE(Make(&folder, 1100, &entry), nullptr);
  const std::string path = SegmentPath(folder.folder(), entry.segment.id) + "/";
  const std::string terms = path + std::string(kFrequentTermsFile);
  const std::string sets = path + std::string(kFrequentSetsFile);
  EXPECT_THAT(FrequentTerms::Open(terms, sets, 1100), IsOk());
  EXPECT_THAT(FrequentTerms::Open(terms, sets, 2000),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(FrequentTerms::Open(terms, sets, 0),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

}  // namespace
}  // namespace footnote::index
