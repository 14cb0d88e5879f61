#include "server/search/catalog.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/base/file.h"
#include "indexer/index/manifest.h"
#include "indexer/pipeline/collection_writer.h"
#include "server/search/documents.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

// Replaces `from` in a file of text.
void Edit(const std::string& path, const std::string& from,
          const std::string& to) {
  std::string text = *ReadFile(path);
  ASSERT_NE(text.find(from), std::string::npos);
  text.replace(text.find(from), from.size(), to);
  ASSERT_THAT(WriteFileDurably(path, text), IsOk());
}

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() : catalog_(collection_.data_dir()) {}

  // Publishes a generation with one document "a" of this text.
  void Publish(const std::string& text) {
    collection_.Write("a", text);
    ASSERT_THAT(collection_.Build(), IsOk());
  }
  std::string ManifestOf(uint64_t number) const {
    return index::ManifestPath(collection_.folder(), number);
  }
  std::string TextOf(uint64_t number) {
    const auto view = catalog_.Get("test", number);
    return view.ok() ? GetDocument(**view, "a", 0, 0)->content.text
                     : ErrorReason(view.status());
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& view : catalog_.List()) {
      const index::GenerationInfo& info = view->generation().info();
      names.push_back(info.collection + " " + std::to_string(info.number));
    }
    return names;
  }

  GrowingCollection collection_;
  Catalog catalog_;
};

TEST_F(CatalogTest, IsEmptyBeforeAnythingIsPublished) {
  EXPECT_FALSE(catalog_.Refresh());
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(catalog_.Get("test", 0),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST_F(CatalogTest, ServesWhatWasThereAtItsLastRefresh) {
  Publish("one");
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_FALSE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "one");
  Publish("two");
  EXPECT_EQ(TextOf(0), "one");
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "two");
  EXPECT_THAT(Names(), ElementsAre("test 2"));
}

TEST_F(CatalogTest, KeepsAGenerationForWhomHoldsIt) {
  Publish("one");
  catalog_.Refresh();
  const auto held = catalog_.Get("test", 0);
  Publish("two");
  catalog_.Refresh();
  EXPECT_EQ(GetDocument(**held, "a", 0, 0)->content.text, "one");
}

TEST_F(CatalogTest, ServesOlderGenerationsByNumber) {
  for (const char* text : {"1", "2", "3", "4", "5", "6", "7"}) {
    Publish(text);
  }
  catalog_.Refresh();
  for (int round = 0; round < 2; ++round) {
    for (uint64_t number = 1; number <= 7; ++number) {
      EXPECT_EQ(TextOf(number), std::to_string(number));
    }
  }
  EXPECT_THAT(catalog_.Get("test", 8),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
  EXPECT_THAT(catalog_.Get("test", UINT64_MAX),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
}

TEST_F(CatalogTest, KnowsNoOtherCollections) {
  Publish("one");
  catalog_.Refresh();
  for (const std::string& name :
       {std::string("other"), std::string(), std::string("../data/test"),
        std::string("test/"), std::string("TEST"), std::string("te\0st", 5)}) {
    EXPECT_THAT(catalog_.Get(name, 0),
                FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
    EXPECT_THAT(catalog_.Get(name, 1),
                FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  }
}

TEST_F(CatalogTest, ForgetsCollectionsThatAreGone) {
  Publish("one");
  catalog_.Refresh();
  std::filesystem::rename(collection_.folder(),
                          collection_.data_dir() + "/moved");
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_THAT(catalog_.Get("test", 0),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(catalog_.Get("moved", 0), IsOk());
}

TEST_F(CatalogTest, StaysAsItWasWhereTheFolderIsAway) {
  Publish("one");
  catalog_.Refresh();
  std::filesystem::rename(collection_.data_dir(),
                          collection_.data_dir() + ".away");
  EXPECT_FALSE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "one");
}

TEST_F(CatalogTest, RefusesAnotherAnalyzer) {
  Publish("one");
  Edit(ManifestOf(1), R"("analyzer": ")", R"("analyzer": "another-)");
  EXPECT_FALSE(catalog_.Refresh());
  EXPECT_THAT(catalog_.Get("test", 0),
              FailsWith(StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH"));
  EXPECT_THAT(Names(), IsEmpty());
  // And serves the collection once it is built by this one.
  Publish("two");
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "two");
  EXPECT_EQ(TextOf(1), "ANALYZER_MISMATCH");
}

TEST_F(CatalogTest, KeepsTheOldGenerationWhereTheNewOneIsBad) {
  Publish("one");
  catalog_.Refresh();
  Publish("two");
  const std::string good = *ReadFile(ManifestOf(2));
  const std::vector<std::string> bad = {
      "", "{", good.substr(0, good.size() / 2), "{\"format_version\": 99}"};
  for (const std::string& manifest : bad) {
    ASSERT_THAT(WriteFileDurably(ManifestOf(2), manifest), IsOk());
    EXPECT_FALSE(catalog_.Refresh());
    EXPECT_EQ(TextOf(0), "one");
    EXPECT_THAT(Names(), ElementsAre("test 1"));
  }
  ASSERT_THAT(WriteFileDurably(ManifestOf(2), good), IsOk());
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "two");
}

TEST_F(CatalogTest, KeepsTheOldGenerationWhereCurrentIsBad) {
  Publish("one");
  catalog_.Refresh();
  Publish("two");
  const std::string current = collection_.folder() + "/CURRENT";
  for (const char* text : {"", "two\n", "000009\n"}) {
    ASSERT_THAT(WriteFileDurably(current, text), IsOk());
    EXPECT_FALSE(catalog_.Refresh());
    EXPECT_EQ(TextOf(0), "one");
  }
}

TEST_F(CatalogTest, ForgetsACollectionThatIsNoLongerPublished) {
  Publish("one");
  catalog_.Refresh();
  std::filesystem::remove(collection_.folder() + "/CURRENT");
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "COLLECTION_NOT_FOUND");
  EXPECT_FALSE(catalog_.Refresh());
}

// Which generations stay open shows in who else holds them.
TEST_F(CatalogTest, KeepsTheOlderGenerationsOpenThatWereUsedLast) {
  for (const char* text : {"1", "2", "3", "4", "5", "6"}) {
    Publish(text);
  }
  catalog_.Refresh();
  std::vector<std::weak_ptr<const View>> used(7);
  for (const uint64_t number : {1, 2, 3, 4, 1, 5}) {
    used[number] = *catalog_.Get("test", number);
  }
  std::vector<bool> open;
  for (uint64_t number = 1; number <= 5; ++number) {
    open.push_back(!used[number].expired());
  }
  EXPECT_THAT(open, ElementsAre(true, false, true, true, true));
}

// Opening a generation reads a good deal of it.
TEST_F(CatalogTest, TriesABrokenGenerationAgainAfterAWhileOnly) {
  Publish("one");
  Catalog patient(collection_.data_dir(),
                  {.retry_interval = std::chrono::hours(1)});
  Catalog eager(collection_.data_dir(),
                {.retry_interval = std::chrono::milliseconds(0)});
  const std::string segments = collection_.folder() + "/segments";
  std::filesystem::rename(segments, segments + ".away");
  EXPECT_FALSE(patient.Refresh());
  EXPECT_FALSE(eager.Refresh());
  std::filesystem::rename(segments + ".away", segments);
  EXPECT_FALSE(patient.Refresh());
  EXPECT_THAT(patient.Get("test", 0),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_TRUE(eager.Refresh());
  Publish("two");
  EXPECT_TRUE(patient.Refresh());
  EXPECT_THAT(patient.Get("test", 0), IsOk());
}

// As a collection has that was removed and built anew.
TEST_F(CatalogTest, NoticesAnotherGenerationOfTheSameNumber) {
  Publish("one");
  catalog_.Refresh();
  std::filesystem::remove_all(collection_.folder());
  Publish("two");
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_EQ(TextOf(0), "two");
  EXPECT_THAT(Names(), ElementsAre("test 1"));
}

// A manifest that CURRENT never named is not there for readers.
// Erased documents go from older generations that are open as well.
TEST_F(CatalogTest, NoticesAPurge) {
  collection_.Write("b", "stays");
  Publish("one");
  Publish("two");
  catalog_.Refresh();
  EXPECT_EQ(TextOf(1), "one");
  EXPECT_EQ(TextOf(2), "two");
  {
    auto writer =
        pipeline::CollectionWriter::Open(collection_.data_dir(), "test", {});
    ASSERT_THAT(writer, IsOk());
    ASSERT_THAT((*writer)->Purge({"a"}), IsOk());
  }
  EXPECT_TRUE(catalog_.Refresh());
  for (const uint64_t number : {1, 2, 0}) {
    const auto view = catalog_.Get("test", number);
    ASSERT_THAT(view, IsOk());
    EXPECT_THAT(GetDocument(**view, "a", 0, 0),
                FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
    EXPECT_THAT(GetDocument(**view, "b", 0, 0), IsOk());
  }
}

TEST_F(CatalogTest, HidesGenerationsThatWereNeverPublished) {
  Publish("one");
  Publish("two");
  ASSERT_THAT(WriteFileDurably(collection_.folder() + "/CURRENT", "000001\n"),
              IsOk());
  catalog_.Refresh();
  EXPECT_EQ(TextOf(0), "one");
  EXPECT_EQ(TextOf(2), "GENERATION_NOT_FOUND");
}

TEST_F(CatalogTest, SaysWhyItCannotServe) {
  Publish("one");
  ASSERT_THAT(WriteFileDurably(ManifestOf(1), "{"), IsOk());
  catalog_.Refresh();
  EXPECT_THAT(catalog_.Get("test", 0),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  ASSERT_THAT(WriteFileDurably(ManifestOf(1), "{\"format_version\": 99}"),
              IsOk());
  catalog_.Refresh();
  EXPECT_THAT(catalog_.Get("test", 0),
              FailsWith(StatusCode::kFailedPrecondition, "INDEX_VERSION"));
}

TEST_F(CatalogTest, PassesOverWhatIsNoCollection) {
  Publish("one");
  std::filesystem::create_directories(collection_.data_dir() + "/Not A Name");
  std::filesystem::create_directories(collection_.data_dir() + "/empty");
  ASSERT_THAT(WriteFileDurably(collection_.data_dir() + "/file", "x"), IsOk());
  EXPECT_TRUE(catalog_.Refresh());
  EXPECT_THAT(Names(), ElementsAre("test 1"));
}

}  // namespace
}  // namespace footnote::search
