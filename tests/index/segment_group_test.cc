#include "indexer/index/segment_group.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/schema.h"
#include "tests/index/small_segment.h"

namespace footnote::index {
namespace {

using Segments = std::vector<std::unique_ptr<const Segment>>;

// Segments of so many passages; each passage is the one word "s1p2", say.
Segments Make(SmallSegments* folder, const std::vector<uint32_t>& sizes) {
  Segments segments;
  for (size_t i = 0; i < sizes.size(); ++i) {
    SmallDocument document{"d" + std::to_string(i), {}};
    for (uint32_t k = 0; k < sizes[i]; ++k) {
      document.passages.push_back("s" + std::to_string(i) + "p" +
                                  std::to_string(k));
    }
    segments.push_back(folder->Open(folder->Write({document})));
  }
  return segments;
}

TEST(SegmentGroup, FindsThePassageOfEveryDocid) {
  SmallSegments folder;
  const Segments segments = Make(&folder, {3, 1, 7, 2, 5});
  for (uint32_t first = 0; first < segments.size(); ++first) {
    for (uint32_t end = first + 1; end <= segments.size(); ++end) {
      const SegmentGroup group(segments, first, end);
      EXPECT_EQ(group.first(), first);
      EXPECT_EQ(group.end(), end);
      DatabasePool::Lease database = group.databases().Get();
      for (uint32_t i = first; i < end; ++i) {
        for (uint32_t k = 0; k < segments[i]->passage_count(); ++k) {
          const std::string term =
              MakeTerm(TermField::kWord,
                       "s" + std::to_string(i) + "p" + std::to_string(k));
          ASSERT_EQ(database->get_termfreq(term), 1U) << term;
          const auto place = group.Locate(*database->postlist_begin(term));
          EXPECT_EQ(place.segment, i) << term;
          EXPECT_EQ(place.passage, k) << term;
        }
      }
      // Words of the segments around it are not in it.
      EXPECT_EQ(database->term_exists("s0p0"), first == 0);
      EXPECT_EQ(database->term_exists("s4p0"), end == 5);
    }
  }
}

TEST(GroupSegments, PutsSmallOnesTogether) {
  SmallSegments folder;
  const Segments segments = Make(&folder, {3, 1, 7});
  const std::vector<SegmentGroup> groups = GroupSegments(segments);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].first(), 0U);
  EXPECT_EQ(groups[0].end(), 3U);
}

TEST(GroupSegments, MakesNoGroupOfNothing) {
  EXPECT_TRUE(GroupSegments({}).empty());
}

TEST(GroupSegments, TellsSegmentsApartByTheirPostings) {
  SmallSegments folder;
  const Segments segments = Make(&folder, {2, 2, 2});
  std::map<std::string, int> uuids;
  for (const auto& segment : segments) {
    EXPECT_EQ(segment->databases().Get()->get_uuid(), segment->postings_uuid());
    ++uuids[segment->postings_uuid()];
  }
  EXPECT_EQ(uuids.size(), 3U);
}

}  // namespace
}  // namespace footnote::index
