#include "indexer/base/source_files.h"

#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sources/reading.h"

namespace footnote::sources {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FindFilesTest : public testing::Test {
 protected:
  // Makes an empty file and the folders above it.
  void Add(const std::string& name, const std::string& text = "") {
    fs::create_directories(fs::path(root_ / name).parent_path());
    Write(root_ / name, text);
  }
  void Link(const std::string& target, const std::string& name) {
    fs::create_directories(fs::path(root_ / name).parent_path());
    fs::create_symlink(target, root_ / name);
  }

  // Finds files under names in the root; keeps what was skipped.
  std::vector<std::string> Find(const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    paths.reserve(names.size());
    for (const std::string& name : names) {
      paths.push_back(name.empty() ? root_.path() : root_ / name);
    }
    FoundFiles found = FindFiles(paths);
    skipped_ = Reading{{}, found.skipped}.SkippedReasons(root_.path());
    gazetteers_ = found.gazetteers;
    std::vector<std::string> relative;
    for (const SourceFile& file : found.files) {
      EXPECT_TRUE(fs::exists(file.path)) << file.path;
      relative.push_back(file.relative_path);
    }
    return relative;
  }

  TempFolder root_;
  std::vector<std::string> skipped_;
  std::vector<std::string> gazetteers_;
};

TEST_F(FindFilesTest, WalksFoldersInTheOrderOfBytes) {
  Add("b/z.txt");
  Add("b/a/x.md");
  Add("b.txt");
  Add("B.txt");
  Add("\u00E9.txt");
  EXPECT_THAT(Find({""}), ElementsAre("B.txt", "b.txt", "b/a/x.md", "b/z.txt",
                                      "\u00E9.txt"));
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FindFilesTest, TakesPathsOfFilesAndFoldersWithSlashes) {
  Add("a/x.md");
  Add("b/y.md");
  EXPECT_THAT(Find({"a/", "b/y.md"}), ElementsAre("x.md", "y.md"));
  EXPECT_THAT(FindFiles({root_ / "a/"}).files[0].path, root_ / "a/x.md");
  EXPECT_THAT(Find({"a/.", "a/../b"}), ElementsAre("x.md", "y.md"));
}

TEST_F(FindFilesTest, LeavesHiddenFilesOutUnlessGiven) {
  Add(".git/x");
  Add(".x.md");
  Add("a.md");
  EXPECT_THAT(Find({""}), ElementsAre("a.md"));
  EXPECT_THAT(Find({".git", ".x.md"}), ElementsAre(".x.md", "x"));
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FindFilesTest, LeavesOutWhatIsIgnored) {
  Add(".footnoteignore", "# comment\n\n*.tmp\r\ndrafts/\nsub/y.md\n[ab].md");
  for (const char* name :
       {"x.tmp", "sub/x.tmp", "drafts/x.md", "sub/drafts/y", "sub/y.md",
        "other/sub/y.md", "a.md", "sub/b.md", "c.md", "#x.md"}) {
    Add(name);
  }
  EXPECT_THAT(Find({""}), ElementsAre("#x.md", "c.md", "other/sub/y.md"));
  EXPECT_THAT(skipped_, IsEmpty());
  EXPECT_THAT(Find({"drafts", "a.md"}), ElementsAre("a.md", "x.md"));
}

TEST_F(FindFilesTest, AppliesTheListOfASubfolderBelowItOnly) {
  Add("sub/.footnoteignore", "in/x.md\n");
  Add("sub/in/x.md");
  Add("in/x.md");
  EXPECT_THAT(Find({""}), ElementsAre("in/x.md"));
}

TEST_F(FindFilesTest, SetsGazetteersApart) {
  Add("entities.tsv");
  Add("sub/entities.tsv");
  Add("sub/my-entities.tsv");
  EXPECT_THAT(Find({"", "sub/entities.tsv"}),
              ElementsAre("sub/my-entities.tsv"));
  EXPECT_THAT(gazetteers_,
              ElementsAre(root_ / "entities.tsv", root_ / "sub/entities.tsv"));
}

TEST_F(FindFilesTest, FollowsLinks) {
  Add("real/x.md");
  Add("docs/y.md");
  Link("../real", "docs/linked");
  Add("other.md");
  Link("../other.md", "docs/z.md");
  EXPECT_THAT(Find({"docs"}), ElementsAre("linked/x.md", "y.md", "z.md"));
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FindFilesTest, TakesAFileWhereItStandsRatherThanByALink) {
  Add("z/x.md");
  Link("z", "a");
  Link("z/x.md", "b.md");
  EXPECT_THAT(Find({""}), ElementsAre("z/x.md"));
  EXPECT_THAT(Find({"b.md"}), ElementsAre("b.md"));
  EXPECT_THAT(Find({"", "z", "z/x.md"}), ElementsAre("z/x.md"));
}

TEST_F(FindFilesTest, SkipsLoops) {
  Add("a/b/x.md");
  Link("../..", "a/b/up");
  Link(".", "a/self");
  Link("knot", "a/knot");
  EXPECT_THAT(Find({"a"}), ElementsAre("b/x.md"));
  EXPECT_THAT(skipped_, ElementsAre("a/b/up FOLDER_LOOP", "a/knot FOLDER_LOOP",
                                    "a/self FOLDER_LOOP"));
}

TEST_F(FindFilesTest, SkipsLoopsThroughOtherFolders) {
  Add("a/x.md");
  Add("b/y.md");
  Link("../b", "a/to_b");
  Link("../a", "b/to_a");
  EXPECT_THAT(Find({"a"}), ElementsAre("to_b/y.md", "x.md"));
  EXPECT_THAT(skipped_, ElementsAre("a/to_b/to_a FOLDER_LOOP"));
  EXPECT_THAT(Find({""}), ElementsAre("a/x.md", "b/y.md"));
}

TEST_F(FindFilesTest, WalksMultiplyLinkedFoldersOnce) {
  for (int i = 0; i < 40; ++i) {
    const std::string folder = std::to_string(i);
    std::string next = "../";
    next += std::to_string(i + 1);
    Add(folder + "/x.md");
    Link(next, folder + "/l");
    Link(next, folder + "/r");
  }
  Add("40/x.md");
  EXPECT_EQ(Find({"0"}).size(), 41U);
}

TEST_F(FindFilesTest, SkipsWhatIsMissingOrNoFile) {
  Add("a/x.md");
  Link("nowhere", "a/broken");
  ASSERT_EQ(mkfifo((root_ / "a/pipe").c_str(), 0600), 0);
  EXPECT_THAT(Find({"a", "none", "a/pipe", "a/x.md/y"}), ElementsAre("x.md"));
  EXPECT_THAT(skipped_,
              ElementsAre("a/broken FILE_NOT_FOUND", "a/pipe FILE_NOT_REGULAR",
                          "a/pipe FILE_NOT_REGULAR", "a/x.md/y FILE_NOT_FOUND",
                          "none FILE_NOT_FOUND"));
  EXPECT_THAT(Find({}), IsEmpty());
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FindFilesTest, SkipsAnUnreadableFolder) {
  Add("a/x.md");
  Add("b/y.md");
  ASSERT_EQ(chmod((root_ / "a").c_str(), 0), 0);
  ASSERT_EQ(chmod(root_.path().c_str(), 0755), 0);
  EXPECT_TRUE(RunAsNobody([&] {
    return Find({""}) == std::vector<std::string>{"b/y.md"} &&
           skipped_ == std::vector<std::string>{"a FILE_UNREADABLE"};
  }));
  EXPECT_EQ(chmod((root_ / "a").c_str(), 0700), 0);
}

}  // namespace
}  // namespace footnote::sources
