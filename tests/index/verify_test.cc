#include "indexer/index/verify.h"

#include <filesystem>
#include <fstream>
#include <random>

#include "indexer/base/file.h"
#include "indexer/index/tombstones.h"
#include "tests/index/small_segment.h"

namespace footnote::index {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A segment with tombstones.
class VerifyDigestsTest : public ::testing::Test {
 protected:
  VerifyDigestsTest() {
    entry_ = segments_.Write(
        {{"a", {"red fox . ", "@london calling"}}, {"b", {"blue whale"}}});
    const auto segment = segments_.Open(entry_);
    TombstonesEntry tombstones;
    tombstones.file.name = "1-x.tombstones";
    const std::string path =
        GenerationFilePath(segments_.folder(), tombstones.file.name);
    EXPECT_THAT(Tombstones::Of(*segment, Roaring::bitmapOf(1, 1)).Write(path),
                IsOk());
    const std::string bytes = *ReadFile(path);
    tombstones.file.bytes = bytes.size();
    tombstones.file.sha256 = Sha256Of(bytes);
    entry_.tombstones = tombstones;
  }

  std::vector<Finding> Verify() {
    auto findings = VerifyDigests(segments_.folder(), entry_, nullptr);
    EXPECT_THAT(findings, IsOk());
    return findings.ok() ? *std::move(findings) : std::vector<Finding>();
  }

  // Names of all files, relative to the collection's folder.
  std::vector<std::string> Files() const {
    std::vector<std::string> files = {"generations/1-x.tombstones"};
    for (const FileEntry& file : entry_.segment.files) {
      files.push_back("segments/" + entry_.segment.id + "/" + file.name);
    }
    return files;
  }

  SmallSegments segments_;
  SegmentEntry entry_;
};

TEST_F(VerifyDigestsTest, FindsNothingWhereAllIsWell) {
  EXPECT_THAT(Verify(), IsEmpty());
}

TEST_F(VerifyDigestsTest, FindsAFlippedBitInAnyFile) {
  std::mt19937 random(20261126);
  for (const std::string& file : Files()) {
    const std::string path = segments_.folder() + "/" + file;
    const std::string whole = *ReadFile(path);
    for (const size_t at :
         {size_t{0}, whole.size() - 1, random() % whole.size()}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      std::ofstream(path) << damaged;
      EXPECT_THAT(Verify(), ElementsAre(Field(&Finding::file, file)))
          << file << " at " << at;
    }
    std::ofstream(path) << whole;
  }
  EXPECT_THAT(Verify(), IsEmpty());
}

TEST_F(VerifyDigestsTest, FindsMissingShortAndUnreadableFiles) {
  for (const std::string& file : Files()) {
    const std::string path = segments_.folder() + "/" + file;
    const std::string whole = *ReadFile(path);
    std::ofstream(path) << whole.substr(1);
    EXPECT_THAT(Verify(), ElementsAre(Field(&Finding::file, file)));
    std::filesystem::remove(path);
    EXPECT_THAT(Verify(), ElementsAre(Field(&Finding::what, "is missing")));
    std::filesystem::create_directory(path);
    EXPECT_THAT(Verify(), ElementsAre(Field(&Finding::file, file)));
    std::filesystem::remove(path);
    std::ofstream(path) << whole;
  }
}

TEST_F(VerifyDigestsTest, TellsTheThrottleWhatWasReadAndStopsAtItsError) {
  uint64_t expected = entry_.tombstones->file.bytes;
  for (const FileEntry& file : entry_.segment.files) {
    expected += file.bytes;
  }
  uint64_t read = 0;
  EXPECT_THAT(VerifyDigests(segments_.folder(), entry_,
                            [&](uint64_t bytes) {
                              read += bytes;
                              return absl::OkStatus();
                            }),
              IsOk());
  EXPECT_EQ(read, expected);
  EXPECT_THAT(VerifyDigests(segments_.folder(), entry_,
                            [](uint64_t) {
                              return MakeError(absl::StatusCode::kCancelled,
                                               "CANCELLED", "enough");
                            }),
              FailsWith(absl::StatusCode::kCancelled, "CANCELLED"));
}

TEST(Findings, KeepsTheFirstAndCountsTheRest) {
  Findings findings(2);
  for (const char* file : {"a", "b", "c"}) {
    findings.Add(file, "is missing");
  }
  EXPECT_EQ(findings.count(), 3U);
  EXPECT_THAT(findings.kept(), SizeIs(2));
  EXPECT_EQ(findings.kept().back().file, "b");
}

}  // namespace
}  // namespace footnote::index
