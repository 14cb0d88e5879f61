#include "indexer/index/collection_info.h"

#include <filesystem>
#include <fstream>

#include "indexer/base/file.h"
#include "indexer/index/data_folder.h"
#include "tests/index/small_segment.h"

namespace footnote::index {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// The folder of SmallSegments as a data folder: collections stand in it.
class CollectionInfoTest : public ::testing::Test {
 protected:
  void Publish(const std::string& name, uint64_t number) {
    std::filesystem::create_directories(data_ / (name + "/generations"));
    Manifest manifest;
    manifest.info.collection = "another name";
    manifest.info.number = number;
    manifest.parent = number - 1;
    manifest.info.documents = 5;
    ASSERT_THAT(PublishManifest(data_ / name, manifest), IsOk());
  }
  void Link(const std::string& target, const std::string& name) {
    std::filesystem::create_symlink(target, data_ / name);
  }

  TempFolder data_;
};

TEST_F(CollectionInfoTest, NamesCollectionsAndAliases) {
  Publish("b", 1);
  Publish("a", 1);
  std::filesystem::create_directory(data_ / ".hidden");
  std::ofstream(data_ / "file") << "x";
  TempFolder elsewhere;
  Link(elsewhere.path(), "linked");
  Link("b", "one");
  Link("one", "two");
  Link("nothing", "gone");
  const auto folder = ReadDataFolder(data_.path());
  ASSERT_THAT(folder, IsOk());
  EXPECT_THAT(folder->collections, ElementsAre("a", "b", "linked"));
  EXPECT_THAT(folder->aliases,
              UnorderedElementsAre(Pair("one", "b"), Pair("two", "one"),
                                   Pair("gone", "nothing")));
  EXPECT_THAT(AliasesOf(*folder, "b"), ElementsAre("one", "two"));
  EXPECT_THAT(AliasesOf(*folder, "a"), IsEmpty());
  EXPECT_EQ(ResolveAlias(data_ / "two"), data_ / "b");
  EXPECT_EQ(ResolveAlias(data_ / "linked"), data_ / "linked");
  EXPECT_EQ(ResolveAlias(data_ / "none"), data_ / "none");
  EXPECT_THAT(ReadDataFolder(data_ / "none"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

TEST_F(CollectionInfoTest, ARingOfAliasesLeadsNowhere) {
  Link("one", "two");
  Link("two", "one");
  EXPECT_THAT(FindCollection(data_.path(), "one"),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(AliasesOf(*ReadDataFolder(data_.path()), "three"), IsEmpty());
}

TEST_F(CollectionInfoTest, DescribesByAnyName) {
  Publish("real", 9);
  Publish("real", 10);
  std::ofstream(ManifestPath(data_ / "real", 11)) << "never made current";
  Link("real", "alias");
  for (const char* name : {"real", "alias"}) {
    const auto info = DescribeCollection(data_.path(), name);
    ASSERT_THAT(info, IsOk());
    EXPECT_EQ(info->name, "real");
    EXPECT_EQ(info->manifest.info.collection, "real");
    EXPECT_EQ(info->manifest.info.number, 10U);
    EXPECT_EQ(info->manifest.info.documents, 5U);
    EXPECT_THAT(info->aliases, ElementsAre("alias"));
    EXPECT_THAT(info->generations, ElementsAre(9, 10));
    EXPECT_EQ(info->log_bytes, 0U);
  }
}

TEST_F(CollectionInfoTest, CountsBytes) {
  SmallSegments segments;
  const std::string name =
      std::filesystem::path(segments.folder()).filename().string();
  Manifest manifest;
  manifest.info.number = 1;
  manifest.segments = {segments.Write({{"a", {"red fox"}}})};
  ASSERT_THAT(PublishManifest(segments.folder(), manifest), IsOk());
  std::filesystem::create_directory(segments.folder() + "/wal");
  std::ofstream(segments.folder() + "/wal/1.log") << "12345";
  uint64_t expected = 0;
  for (const FileEntry& file : manifest.segments[0].segment.files) {
    expected += file.bytes;
  }
  TempFolder data;
  std::filesystem::create_directory_symlink(segments.folder(), data / "test");
  const auto info = DescribeCollection(data.path(), "test");
  ASSERT_THAT(info, IsOk());
  EXPECT_THAT(info->segment_bytes, ElementsAre(expected));
  EXPECT_EQ(info->log_bytes, 5U);
  const uint64_t others = ReadFile(ManifestPath(segments.folder(), 1))->size() +
                          ReadFile(segments.folder() + "/CURRENT")->size();
  EXPECT_EQ(info->bytes, expected + others + 5);
}

TEST_F(CollectionInfoTest, SaysWhatIsWrong) {
  std::filesystem::create_directory(data_ / "empty");
  for (const char* name : {"none", "empty"}) {
    EXPECT_THAT(DescribeCollection(data_.path(), name),
                FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  }
  EXPECT_THAT(
      DescribeCollection(data_.path(), "../x"),
      FailsWith(StatusCode::kInvalidArgument, "COLLECTION_NAME_INVALID"));
  Publish("bad", 1);
  std::ofstream(ManifestPath(data_ / "bad", 1)) << "{";
  EXPECT_THAT(DescribeCollection(data_.path(), "bad"),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

}  // namespace
}  // namespace footnote::index
