#include "indexer/index/retention.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "indexer/index/writer_lock.h"
#include "tests/index/small_segment.h"
#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// Generations of one segment each: that of `a` in 1 and 2, where 2 has
// tombstones; that of `b` in 3 and 4.
class RetentionTest : public testing::Test {
 protected:
  void SetUp() override {
    a_ = segments_.Write({{"a", {"one"}}, {"b", {"two"}}});
    b_ = segments_.Write({{"c", {"three"}}});
    Publish(1, a_);
    Roaring gone;
    gone.add(0);
    SegmentEntry without = a_;
    without.tombstones = *WriteTombstones(
        Folder(), Tombstones::Of(*segments_.Open(a_), gone), 2, a_.segment.id);
    Publish(2, without);
    Publish(3, b_);
    Publish(4, b_);
  }

  std::string Folder() const { return segments_.folder(); }
  void Publish(uint64_t number, const SegmentEntry& entry,
               uint64_t parent = 0) const {
    Manifest manifest;
    manifest.info.collection = "test";
    manifest.info.number = number;
    manifest.parent = parent == 0 ? number - 1 : parent;
    manifest.segments = {entry};
    ASSERT_THAT(PublishManifest(Folder(), manifest), IsOk());
  }
  uint64_t RemoveOld(const Retention& retention) const {
    const auto removed = RemoveOldGenerations(Folder(), retention);
    EXPECT_THAT(removed, IsOk());
    return removed.ok() ? removed->generations : 0;
  }
  std::vector<std::string> Names(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(Folder() + "/" + folder)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  SmallSegments segments_;
  SegmentEntry a_;
  SegmentEntry b_;
};

TEST_F(RetentionTest, KeepsTheLastOnes) {
  EXPECT_EQ(RemoveOld({.keep = 4, .batch = 1}), 0U);
  EXPECT_EQ(RemoveOld({.keep = 3, .batch = 1}), 1U);
  EXPECT_THAT(ListGenerations(Folder()), ElementsAre(2, 3, 4));
  EXPECT_THAT(Names("segments"), SizeIs(2));  // 2 names the first as well
  EXPECT_EQ(RemoveOld({.keep = 2, .batch = 1}), 1U);
  EXPECT_THAT(Names("segments"), ElementsAre(b_.segment.id));
  EXPECT_THAT(Names("generations"), ElementsAre("000003.json", "000004.json"));
  EXPECT_EQ(RemoveOld({.keep = 0, .batch = 1}), 1U);  // never the current one
  EXPECT_THAT(Generation::Open(Folder(), 0), IsOk());
}

// What a manifest that cannot be read, or not be trusted, may name is no
// rubbish.
TEST_F(RetentionTest, DamagedManifestsCostNoSegments) {
  const auto segments = Names("segments");
  const std::string path = ManifestPath(Folder(), 4);
  const std::string whole = *ReadFile(path);
  std::string other = whole;
  other.replace(other.find(b_.segment.id), 4, "ffff");
  for (const std::string& damaged : {whole.substr(0, 300), other}) {
    std::ofstream(path) << damaged;
    RemoveUnusedSegments(Folder());
    EXPECT_EQ(Names("segments"), segments);
  }
}

TEST_F(RetentionTest, RemovesManyAtATime) {
  const Retention retention{.keep = 2, .batch = 3};
  EXPECT_EQ(RemoveOld(retention), 0U);
  Publish(5, b_);
  EXPECT_EQ(RemoveOld(retention), 3U);
  EXPECT_THAT(ListGenerations(Folder()), ElementsAre(4, 5));
}

TEST_F(RetentionTest, KeepsWhatSomebodyReads) {
  {
    const auto reader = Generation::Open(Folder(), 2);
    ASSERT_THAT(reader, IsOk());
    EXPECT_EQ(RemoveOld({.keep = 1, .batch = 1}), 2U);
    EXPECT_THAT(ListGenerations(Folder()), ElementsAre(2, 4));
    EXPECT_THAT(Generation::Open(Folder(), 2), IsOk());
  }
  EXPECT_EQ(RemoveOld({.keep = 1, .batch = 1}), 1U);
  EXPECT_THAT(Names("generations"), ElementsAre("000004.json"));
}

// Left by a crash between a manifest and CURRENT.
TEST_F(RetentionTest, RemovesWhatWasNeverMadeCurrent) {
  std::filesystem::copy(Folder() + "/CURRENT", Folder() + "/before");
  Publish(5, a_);
  std::filesystem::rename(Folder() + "/before", Folder() + "/CURRENT");
  EXPECT_EQ(RemoveOld({.keep = 10, .batch = 1}), 1U);
  EXPECT_THAT(ListGenerations(Folder()), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Names("segments"), SizeIs(2));
}

// What it may name stays: here all that generation 2 had.
TEST_F(RetentionTest, GoesOnWhereAManifestCannotBeRead) {
  std::ofstream(ManifestPath(Folder(), 3)) << "{";
  const auto removed = RemoveOldGenerations(Folder(), {.keep = 2, .batch = 1});
  ASSERT_THAT(removed, IsOk());
  EXPECT_EQ(removed->generations, 2U);
  ASSERT_THAT(removed->unreadable, SizeIs(1));
  EXPECT_EQ(removed->unreadable[0].generation, 3U);
  EXPECT_THAT(removed->unreadable[0].status,
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(ListGenerations(Folder()), ElementsAre(3, 4));
  EXPECT_THAT(Names("segments"), SizeIs(2));
  EXPECT_THAT(Names("generations"), SizeIs(3));  // its tombstones too
  EXPECT_THAT(RemoveUnnamed(Folder()),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(Names("segments"), SizeIs(2));
}

// A manifest that cannot be read may name what one of those next to it has that
// was current, or what nobody knows; other things are removed as ever.
TEST_F(RetentionTest, RemovesWhatAnUnreadableManifestCannotName) {
  const SegmentEntry c = segments_.Write({{"d", {"four"}}});
  const SegmentEntry d = segments_.Write({{"e", {"five"}}});
  const SegmentEntry e = segments_.Write({{"f", {"six"}}});
  Publish(5, c);
  Publish(6, c);
  Publish(7, d);
  Publish(8, d);  // cannot be read
  Publish(9, e);
  Publish(10, e);
  std::ofstream(ManifestPath(Folder(), 8)) << "{";
  const std::string unknown = segments_.Write({{"g", {"seven"}}}).segment.id;
  const auto removed = RemoveOldGenerations(Folder(), {.keep = 3, .batch = 1});
  ASSERT_THAT(removed, IsOk());
  EXPECT_EQ(removed->generations, 7U);
  EXPECT_THAT(removed->unreadable, SizeIs(1));
  EXPECT_THAT(ListGenerations(Folder()), ElementsAre(8, 9, 10));
  EXPECT_THAT(Names("segments"),
              testing::UnorderedElementsAre(c.segment.id, d.segment.id,
                                            e.segment.id, unknown));
  EXPECT_THAT(Names("generations"), SizeIs(3));
}

// One that was written and never made current says nothing of others.
TEST_F(RetentionTest, PassesOverWhatWasNeverCurrent) {
  const SegmentEntry c = segments_.Write({{"d", {"four"}}});
  Publish(5, c);
  Publish(6, b_, 4);  // beside 5, which a crash left; cannot be read
  Publish(7, c);
  Publish(8, c);
  std::ofstream(ManifestPath(Folder(), 6)) << "{";
  EXPECT_EQ(RemoveOld({.keep = 3, .batch = 1}), 5U);
  EXPECT_THAT(Names("segments"),
              testing::UnorderedElementsAre(b_.segment.id, c.segment.id));
}

TEST_F(RetentionTest, RemovesWhatNothingNames) {
  const SegmentEntry stray = segments_.Write({{"x", {"stray"}}});
  const std::string segments = Folder() + "/segments/";
  std::filesystem::create_directories(segments + "building-abcdef");
  std::ofstream(segments + "journal.json") << "{}";
  std::ofstream(Folder() + "/generations/9-x.tombstones") << "x";
  std::ofstream(Folder() + "/generations/9.entities") << "x";
  EXPECT_EQ(RemoveOld({.keep = 10, .batch = 1}), 0U);
  EXPECT_THAT(Names("segments"), SizeIs(5));  // somebody may write them
  ASSERT_THAT(RemoveUnnamed(Folder()), IsOk());
  EXPECT_THAT(Names("segments"),
              testing::UnorderedElementsAre(a_.segment.id, b_.segment.id));
  EXPECT_THAT(Names("generations"), SizeIs(5));
  EXPECT_THAT(Generation::Open(Folder(), 2), IsOk());
}

TEST(Retention, OfNoCollectionIsAnError) {
  SmallSegments segments;
  EXPECT_THAT(RemoveOldGenerations(segments.folder(), {.keep = 1, .batch = 1}),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::index
