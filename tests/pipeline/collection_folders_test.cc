#include "indexer/pipeline/collection_folders.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/build.h"
#include "indexer/pipeline/diff.h"
#include "indexer/pipeline/synonyms.h"
#include "indexer/pipeline/verify.h"
#include "tests/testing/damage.h"
#include "tests/testing/temp_folder.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CollectionFoldersTest : public ::testing::Test {
 protected:
  CollectionFoldersTest() {
    std::filesystem::create_directory(sources_);
    std::filesystem::create_directory(data_);
  }

  // Builds `name` from documents "a", "b", … of these texts, or from another
  // letter on.
  void Build(const std::string& name, const std::vector<std::string>& texts,
             char first = 'a') {
    std::string lines;
    for (size_t i = 0; i < texts.size(); ++i) {
      lines += R"({"_id":")" + std::string(1, static_cast<char>(first + i)) +
               R"(","text":")" + texts[i] + "\"}\n";
    }
    WriteBytes(sources_ + "/x.jsonl", lines);
    BuildOptions options;
    options.data_dir = data_;
    options.collection = name;
    options.paths = {sources_};
    ASSERT_THAT(BuildCollection(options), IsOk());
  }
  uint64_t Documents(const std::string& name) {
    const auto info = index::DescribeCollection(data_, name);
    EXPECT_THAT(info, IsOk());
    return info.ok() ? info->manifest.info.documents : UINT64_MAX;
  }
  void ExpectWhole(const std::string& name) {
    VerifyOptions options;
    options.data_dir = data_;
    options.collection = name;
    const auto summary = VerifyCollection(options);
    ASSERT_THAT(summary, IsOk());
    EXPECT_EQ(summary->findings.count(), 0U);
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(data_)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  TempFolder scratch_;
  const std::string sources_ = scratch_ / "sources";
  const std::string data_ = scratch_ / "data";
};

TEST_F(CollectionFoldersTest, CreatesAnEmptyCollection) {
  ASSERT_THAT(CreateCollection(data_, "new"), IsOk());
  EXPECT_EQ(Documents("new"), 0U);
  EXPECT_THAT(index::Generation::Open(data_ + "/new", 0), IsOk());
  ExpectWhole("new");
  Build("new", {"one"});
  EXPECT_EQ(Documents("new"), 1U);
  EXPECT_THAT(CreateCollection(data_, "new"),
              FailsWith(StatusCode::kAlreadyExists, "COLLECTION_EXISTS"));
  ASSERT_THAT(SetAlias(data_, "other", "new"), IsOk());
  EXPECT_THAT(CreateCollection(data_, "other"),
              FailsWith(StatusCode::kAlreadyExists, "COLLECTION_EXISTS"));
  EXPECT_THAT(
      CreateCollection(data_, "../x"),
      FailsWith(StatusCode::kInvalidArgument, "COLLECTION_NAME_INVALID"));
}

TEST_F(CollectionFoldersTest, DropsWhatNobodyUses) {
  Build("c", {"one"});
  {
    const auto open = index::Generation::Open(data_ + "/c", 0);
    EXPECT_THAT(
        DropCollection(data_, "c", false),
        FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_IN_USE"));
  }
  {
    const auto lock = index::WriterLock::Take(data_ + "/c");
    EXPECT_THAT(
        DropCollection(data_, "c", false),
        FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_LOCKED"));
  }
  ASSERT_THAT(SetAlias(data_, "live", "c"), IsOk());
  for (const bool force : {false, true}) {
    EXPECT_THAT(
        DropCollection(data_, "c", force),
        FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_IN_USE"));
  }
  EXPECT_THAT(DropCollection(data_, "live", false),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  ASSERT_THAT(RemoveAlias(data_, "live"), IsOk());
  ASSERT_THAT(DropCollection(data_, "c", false), IsOk());
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(DropCollection(data_, "c", false),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST_F(CollectionFoldersTest, DropsByForceAndCleansUpAfterCrashes) {
  Build("c", {"one"});
  const auto open = index::Generation::Open(data_ + "/c", 0);
  std::filesystem::create_directories(data_ + "/.dropped-x-1/segments");
  std::filesystem::create_directories(data_ + "/.copying-x-1/segments");
  ASSERT_THAT(DropCollection(data_, "c", true), IsOk());
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(CollectionFoldersTest, CopiesTheCurrentGeneration) {
  Build("c", {"one", "two"});
  Build("c", {"one", "two changed"});
  ASSERT_THAT(CopyCollection(data_, "c", "copy"), IsOk());
  EXPECT_EQ(Documents("copy"), 2U);
  ExpectWhole("copy");
  const auto manifest = index::ReadManifest(data_ + "/copy", 2);
  ASSERT_THAT(manifest, IsOk());
  EXPECT_EQ(manifest->info.collection, "copy");
  EXPECT_EQ(manifest->parent, 0U);
  const std::string file =
      index::SegmentPath(data_ + "/copy", manifest->segments[0].segment.id) +
      "/texts.zst";
  EXPECT_EQ(std::filesystem::hard_link_count(file), 2U);
  // Each goes its own way.
  Build("copy", {"one", "two", "three"});
  EXPECT_EQ(Documents("copy"), 3U);
  EXPECT_EQ(Documents("c"), 2U);
  ASSERT_THAT(DropCollection(data_, "c", false), IsOk());
  ExpectWhole("copy");
  EXPECT_THAT(CopyCollection(data_, "copy", "copy"),
              FailsWith(StatusCode::kAlreadyExists, "COLLECTION_EXISTS"));
  EXPECT_THAT(CopyCollection(data_, "none", "x"),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(Names(), ElementsAre("copy"));
}

TEST_F(CollectionFoldersTest, LeavesNothingOfACopyThatFails) {
  Build("c", {"one"});
  std::filesystem::remove_all(data_ + "/c/segments");
  EXPECT_FALSE(CopyCollection(data_, "c", "copy").ok());
  EXPECT_THAT(Names(), ElementsAre("c"));
}

TEST_F(CollectionFoldersTest, JoinsPartsAsIfBuiltTogether) {
  Build("whole", {"one", "two", "three"});
  Build("left", {"one", "two", "three", "four"});
  Build("left", {"one"});  // leaves tombstones
  Build("right", {"two", "three"}, 'b');
  ASSERT_THAT(JoinCollections(data_, {"left", "right"}, "joined"), IsOk());
  ExpectWhole("joined");
  EXPECT_EQ(Documents("joined"), 3U);
  const auto digest = [&](const std::string& name) {
    const auto info = index::DescribeCollection(data_, name);
    return info.ok() ? info->manifest.info.content_sha256 : Digest();
  };
  EXPECT_EQ(digest("joined"), digest("whole"));
  EXPECT_NE(digest("joined"), Digest());
}

TEST_F(CollectionFoldersTest, JoinsPartsWithTheirSynonyms) {
  Build("left", {"one"});
  Build("right", {"two"}, 'b');
  ASSERT_THAT(SetSynonyms(data_, "left", "car, auto\n"), IsOk());
  EXPECT_THAT(
      JoinCollections(data_, {"left", "right"}, "joined"),
      FailsWith(StatusCode::kFailedPrecondition, "COLLECTION_DIVERGED"));
  ASSERT_THAT(SetSynonyms(data_, "right", "car, auto\n"), IsOk());
  ASSERT_THAT(JoinCollections(data_, {"left", "right"}, "joined"), IsOk());
  ExpectWhole("joined");
  EXPECT_EQ(ReadSynonyms(data_, "joined").value(), "car, auto\n");
}

TEST_F(CollectionFoldersTest, JoinsNoDocumentTwice) {
  Build("left", {"one"});
  Build("right", {"other"});
  EXPECT_THAT(JoinCollections(data_, {"left", "right"}, "joined"),
              FailsWith(StatusCode::kAlreadyExists, "DOCUMENT_ID_DUPLICATE"));
  EXPECT_THAT(JoinCollections(data_, {"left", "none"}, "joined"),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(JoinCollections(data_, {"left"}, "right"),
              FailsWith(StatusCode::kAlreadyExists, "COLLECTION_EXISTS"));
  WriteBytes(sources_ + "/entities.tsv", "ORG\tacme\tAcme\t\n");
  Build("third", {"x", "y"});
  EXPECT_THAT(
      JoinCollections(data_, {"left", "third"}, "joined"),
      FailsWith(StatusCode::kFailedPrecondition, "GAZETTEER_NOT_TAKEN"));
  EXPECT_THAT(Names(), ElementsAre("left", "right", "third"));
}

TEST_F(CollectionFoldersTest, SwitchesAliases) {
  Build("old", {"one"});
  Build("new", {"one", "two"});
  ASSERT_THAT(SetAlias(data_, "live", "old"), IsOk());
  EXPECT_EQ(Documents("live"), 1U);
  ASSERT_THAT(SetAlias(data_, "more", "live"), IsOk());
  ASSERT_THAT(SetAlias(data_, "live", "new"), IsOk());
  EXPECT_EQ(Documents("live"), 2U);
  EXPECT_EQ(Documents("more"), 1U) << "it leads to the collection";
  EXPECT_THAT(Names(), ElementsAre("live", "more", "new", "old"));
  EXPECT_THAT(SetAlias(data_, "old", "new"),
              FailsWith(StatusCode::kAlreadyExists, "COLLECTION_EXISTS"));
  EXPECT_THAT(SetAlias(data_, "x", "none"),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(RemoveAlias(data_, "old"),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  ASSERT_THAT(RemoveAlias(data_, "live"), IsOk());
  EXPECT_THAT(Names(), ElementsAre("more", "new", "old"));
}

TEST_F(CollectionFoldersTest, ComparesGenerations) {
  Build("c", {"one", "two", "three"});
  Build("c", {"one", "other", "three", "four"});
  Build("c", {"one"});
  std::vector<std::string> seen;
  const auto is_zero = [](const Digest& digest) {
    return std::all_of(digest.begin(), digest.end(),
                       [](uint8_t byte) { return byte == 0; });
  };
  const auto diff = [&](const GenerationName& from, const GenerationName& to) {
    seen.clear();
    auto summary =
        DiffGenerations(data_, from, to, [&](const DocumentDifference& d) {
          seen.push_back(d.document_id + (is_zero(d.from) ? "+" : "") +
                         (is_zero(d.to) ? "-" : ""));
        });
    EXPECT_THAT(summary, IsOk());
    return *summary;
  };
  DiffSummary summary = diff({"c", 1}, {"c", 2});
  EXPECT_THAT(seen, ElementsAre("b", "d+"));
  EXPECT_EQ(summary.unchanged, 2U);
  summary = diff({"c", 2}, {"c", 0});
  EXPECT_THAT(seen, ElementsAre("b-", "c-", "d-"));
  EXPECT_EQ(summary.removed, 3U);
  EXPECT_EQ(summary.to_generation, 3U);
  Build("other", {"one", "two"});
  diff({"c", 0}, {"other", 0});
  EXPECT_THAT(seen, ElementsAre("b+"));
  EXPECT_THAT(DiffGenerations(data_, {"c", 9}, {"c", 1}, nullptr),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::pipeline
