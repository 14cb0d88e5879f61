// Damaged segments are left out; the rest is served.

#include "server/search/quarantine.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "server/search/catalog.h"
#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::Pair;

// A collection of two segments: one with "a" and "b", one with "c".
class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest()
      : catalog_(std::make_unique<Catalog>(collection_.data_dir(), options_)) {
    collection_.Write("a", "The fox.");
    collection_.Write("b", "The fox and the owl.");
    EXPECT_THAT(collection_.Build(), IsOk());
    collection_.Write("c", "Der Fuchs und die Eule.");
    EXPECT_THAT(collection_.Build(), IsOk());
    catalog_->Refresh();
  }

  std::shared_ptr<const View> Get() { return *catalog_->Get("test", 0); }
  std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    const auto documents = *ListDocuments(*Get(), "", 100);
    ids.reserve(documents.size());
    for (const index::DocumentRecord& document : documents) {
      ids.push_back(document.document_id);
    }
    return ids;
  }
  // Returns the folder of the segment that has a document.
  std::string FolderOf(const std::string& document) {
    for (const auto& segment : Get()->generation().segments()) {
      if (segment->FindDocument(document)) {
        return segment->folder();
      }
    }
    return "";
  }
  void Restart() {
    catalog_ = std::make_unique<Catalog>(collection_.data_dir(), options_);
    catalog_->Refresh();
  }

  const CatalogOptions options_{.retry_interval = std::chrono::milliseconds(0)};
  GrowingCollection collection_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(QuarantineTest, KeepsASegmentOutFromTheNextRefreshOn) {
  const auto before = Get();
  EXPECT_THAT(catalog_->Health(), ElementsAre(Pair("test", true)));
  catalog_->Exclude(FolderOf("a"), "a byte is wrong");
  EXPECT_THAT(Ids(), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(catalog_->Refresh());
  EXPECT_FALSE(catalog_->Refresh());
  EXPECT_THAT(Ids(), ElementsAre("c"));
  EXPECT_THAT(catalog_->Health(), ElementsAre(Pair("test", false)));
  const auto& missing = Get()->generation().missing();
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ(missing[0].documents, 2U);
  EXPECT_EQ(ErrorReason(missing[0].error), "SEGMENT_QUARANTINED");
  // Answers are not mistaken for those of the whole.
  EXPECT_NE(Get()->epoch(), before->epoch());
}

TEST_F(QuarantineTest, CountsWhatRemains) {
  catalog_->Exclude(FolderOf("a"), "a byte is wrong");
  catalog_->Refresh();
  GrowingCollection twin;
  twin.Write("c", "Der Fuchs und die Eule.");
  const View rest(twin.BuildAndOpen());
  EXPECT_EQ(Get()->documents(), rest.documents());
  EXPECT_EQ(Get()->passages(), rest.passages());
  EXPECT_EQ(Get()->words(), rest.words());
  EXPECT_EQ(Get()->text_bytes(), rest.text_bytes());
  EXPECT_EQ(Get()->languages(), rest.languages());
}

TEST_F(QuarantineTest, LastsOverARestart) {
  catalog_->Exclude(FolderOf("c"), "a byte is wrong");
  Restart();
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
  EXPECT_NE(ErrorMessage(Get()->generation().missing().at(0).error)
                .find("a byte is wrong"),
            std::string::npos);
}

TEST_F(QuarantineTest, HoldsForRetainedGenerations) {
  EXPECT_THAT(catalog_->Get("test", 1), IsOk());
  catalog_->Exclude(FolderOf("a"), "a byte is wrong");
  catalog_->Refresh();
  // The only segment of generation 1.
  EXPECT_THAT(catalog_->Get("test", 1),
              FailsWith(StatusCode::kDataLoss, "SEGMENT_QUARANTINED"));
}

TEST_F(QuarantineTest, OfAllSegmentsLeavesNothingToServe) {
  const std::string first = FolderOf("a");
  const std::string second = FolderOf("c");
  catalog_->Exclude(first, "a byte is wrong");
  catalog_->Exclude(second, "a byte is wrong");
  catalog_->Refresh();
  EXPECT_THAT(catalog_->Get("test", 0),
              FailsWith(StatusCode::kDataLoss, "SEGMENT_QUARANTINED"));
  EXPECT_THAT(catalog_->Health(), ElementsAre(Pair("test", false)));
}

// A folder made anew is another one, also under the same name.
TEST_F(QuarantineTest, EndsWhereTheSegmentIsMadeAnew) {
  const std::string folder = FolderOf("a");
  catalog_->Exclude(folder, "a byte is wrong");
  catalog_->Refresh();
  std::filesystem::copy(folder, folder + ".new");
  std::filesystem::remove(folder + ".new/QUARANTINE");
  std::filesystem::rename(folder, folder + ".old");
  std::filesystem::rename(folder + ".new", folder);
  EXPECT_TRUE(catalog_->Refresh());
  EXPECT_THAT(Ids(), ElementsAre("a", "b", "c"));
}

TEST_F(QuarantineTest, EndsWithTheSegment) {
  catalog_->Exclude(FolderOf("c"), "a byte is wrong");
  catalog_->Refresh();
  collection_.from_scratch = true;
  collection_.Write("d", "A new document.");
  EXPECT_THAT(collection_.Build(), IsOk());
  catalog_->Refresh();
  EXPECT_THAT(Ids(), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(Get()->generation().missing().size(), 0U);
}

// What cannot be opened is left out as well, for as long as that is so.
TEST_F(QuarantineTest, IsNotNeededForWhatCannotBeOpened) {
  const std::string file = FolderOf("a") + "/tokens.col";
  std::filesystem::rename(file, file + ".away");
  Restart();
  EXPECT_THAT(Ids(), ElementsAre("c"));
  EXPECT_EQ(ErrorReason(Get()->generation().missing().at(0).error),
            "INDEX_CORRUPT");
  std::filesystem::rename(file + ".away", file);
  EXPECT_TRUE(catalog_->Refresh());
  EXPECT_THAT(Ids(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(catalog_->Health(), ElementsAre(Pair("test", true)));
}

// An older generation that is whole is better than a newer one that is not.
TEST_F(QuarantineTest, LeavesNothingOutOfANewGeneration) {
  collection_.Write("a", "The fox and its cubs.");
  EXPECT_THAT(collection_.Build(), IsOk());
  const auto newer = collection_.Open();
  const std::string file = newer->segments().back()->folder() + "/tokens.col";
  std::filesystem::rename(file, file + ".away");
  EXPECT_FALSE(catalog_->Refresh());
  EXPECT_EQ(Get()->generation().info().number, 2U);
  EXPECT_THAT(catalog_->Health(), ElementsAre(Pair("test", false)));
  std::filesystem::rename(file + ".away", file);
  EXPECT_TRUE(catalog_->Refresh());
  EXPECT_EQ(Get()->generation().info().number, 3U);
  EXPECT_THAT(catalog_->Health(), ElementsAre(Pair("test", true)));
}

TEST_F(QuarantineTest, DoesNotHoldUpNewGenerations) {
  catalog_->Exclude(FolderOf("c"), "a byte is wrong");
  catalog_->Refresh();
  collection_.Write("a", "The fox and its cubs.");
  EXPECT_THAT(collection_.Build(), IsOk());
  EXPECT_TRUE(catalog_->Refresh());
  EXPECT_EQ(Get()->generation().info().number, 3U);
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
}

TEST_F(QuarantineTest, WorksWithoutAMarker) {
  Quarantine quarantine;
  const std::string folder = FolderOf("a");
  EXPECT_THAT(quarantine.Check(folder), IsOk());
  std::filesystem::create_directories(folder + "/QUARANTINE.tmp/x");
  EXPECT_FALSE(quarantine.Add(folder, "wrong").ok());
  EXPECT_THAT(quarantine.Check(folder),
              FailsWith(StatusCode::kDataLoss, "SEGMENT_QUARANTINED"));
  EXPECT_THAT(Quarantine().Check(folder), IsOk());
}

}  // namespace
}  // namespace footnote::search
