#include "indexer/index/generation.h"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "indexer/index/manifest.h"
#include "tests/index/small_segment.h"
#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

class GenerationTest : public testing::Test {
 protected:
  // Publishes a generation of one segment.
  void Publish(uint64_t number, const std::vector<SmallDocument>& documents) {
    Manifest manifest;
    manifest.info.collection = "test";
    manifest.info.number = number;
    manifest.segments = {segments_.Write(documents)};
    ASSERT_THAT(PublishManifest(segments_.folder(), manifest), IsOk());
  }
  absl::StatusOr<std::shared_ptr<const Generation>> Open(uint64_t number) {
    return Generation::Open(segments_.folder(), number);
  }
  void WriteFile(const std::string& name, const std::string& bytes) {
    std::ofstream(segments_.folder() + "/" + name, std::ios::binary) << bytes;
  }

  SmallSegments segments_;
};

TEST_F(GenerationTest, OpensByNumberAndTheCurrentOne) {
  Publish(1, {{"a", {"one"}}});
  Publish(2, {{"b", {"two"}}});
  const auto current = Open(0);
  ASSERT_THAT(current, IsOk());
  EXPECT_EQ((*current)->info().number, 2U);
  const auto first = Open(1);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ((*first)->info().number, 1U);
  EXPECT_EQ((*first)->segments()[0]->document_id(0), "a");
  EXPECT_EQ((*first)->info().manifest_sha256,
            Sha256Of(*ReadFile(ManifestPath(segments_.folder(), 1))));
}

// Whether generation 1 in `folder`, opened and prepared, misses nothing.
absl::StatusOr<bool> OpensWhole(const std::string& folder) {
  auto generation = Generation::OpenUndamaged(
      folder, 1, [](const std::string&) { return absl::OkStatus(); });
  if (!generation.ok()) {
    return generation.status();
  }
  const absl::Status prepared = (*generation)->Prepare(3);
  if (!prepared.ok()) {
    return prepared;
  }
  return (*generation)->missing().empty();
}

// Wherever descriptors run out, no segment is taken for damaged.
TEST_F(GenerationTest, SaysThatDescriptorsRanOut) {
#ifdef __SANITIZE_ADDRESS__
  // UBSan asks a pipe whether it may read an object's type.
  GTEST_SKIP() << "the sanitizers need descriptors of their own";
#endif
  Manifest manifest;
  manifest.info.collection = "test";
  manifest.info.number = 1;
  manifest.segments = {segments_.Write({{"a", {"one"}}}),
                       segments_.Write({{"b", {"two"}}})};
  ASSERT_THAT(PublishManifest(segments_.folder(), manifest), IsOk());
  const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(next);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  // What came of it is looked at with descriptors at hand.
  std::vector<absl::StatusOr<bool>> opened;
  for (rlim_t more = 0; more < 12; ++more) {
    rlimit limit = before;
    limit.rlim_cur = static_cast<rlim_t>(next) + more;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    opened.push_back(OpensWhole(segments_.folder()));
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  int failures = 0;
  for (const absl::StatusOr<bool>& whole : opened) {
    if (whole.ok()) {
      EXPECT_TRUE(*whole);
    } else {
      ++failures;
      EXPECT_THAT(whole.status(),
                  FailsWith(StatusCode::kResourceExhausted, "PROCESS_LIMIT"));
    }
  }
  EXPECT_GE(failures, 6);
  EXPECT_LT(failures, 12);
}

TEST_F(GenerationTest, IsNotFoundBeforeItIsPublished) {
  EXPECT_THAT(Open(0),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  Publish(1, {{"a", {"one"}}});
  EXPECT_THAT(Open(2),
              FailsWith(StatusCode::kNotFound, "GENERATION_NOT_FOUND"));
  EXPECT_THAT(Generation::Open(segments_.folder() + "/none", 0),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST_F(GenerationTest, NeedsItsOwnManifest) {
  Publish(1, {{"a", {"one"}}});
  std::filesystem::copy_file(ManifestPath(segments_.folder(), 1),
                             ManifestPath(segments_.folder(), 2));
  EXPECT_THAT(Open(2), FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST_F(GenerationTest, NeedsItsSegments) {
  Publish(1, {{"a", {"one"}}});
  std::filesystem::remove_all(segments_.folder() + "/segments");
  EXPECT_THAT(Open(0), FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST_F(GenerationTest, StaysReadableWhenTheNextIsPublished) {
  Publish(1, {{"a", {"one"}}});
  const auto held = Open(0);
  Publish(2, {{"b", {"two"}}});
  EXPECT_EQ((*held)->segments()[0]->FindDocument("a"), 0U);
  EXPECT_EQ(*(*held)->segments()[0]->ReadText(0, 0, 9), "one");
}

struct Case {
  const char* name;
  const char* current;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class BadCurrent : public GenerationTest,
                   public testing::WithParamInterface<Case> {};

TEST_P(BadCurrent, IsCorrupt) {
  Publish(1, {{"a", {"one"}}});
  WriteFile("CURRENT", GetParam().current);
  EXPECT_THAT(ReadCurrent(segments_.folder()),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(Open(0), FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(Open(1), IsOk());
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCurrent,
    testing::Values(Case{"Empty", ""}, Case{"NoLineEnd", "000001"},
                    Case{"Word", "one\n"}, Case{"Negative", "-1\n"},
                    Case{"Spaces", " 000001\n"}, Case{"TwoLines", "1\n2\n"},
                    Case{"TooLong", "99999999999999999999\n"},
                    Case{"Path", "../000001\n"}, Case{"Zero", "000000\n"},
                    Case{"Missing", "000007\n"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CollectionName, IsShortAndPlain) {
  for (const std::string& name :
       {std::string("a"), std::string("7"), std::string("news-2026_b"),
        std::string(63, 'x')}) {
    EXPECT_TRUE(IsCollectionName(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("-a"), std::string("_a"), std::string("A"),
        std::string("a.b"), std::string("a/b"), std::string(".."),
        std::string("a b"), std::string("é"), std::string("a\0", 2),
        std::string(64, 'x')}) {
    EXPECT_FALSE(IsCollectionName(name)) << name;
  }
}

}  // namespace
}  // namespace footnote::index
