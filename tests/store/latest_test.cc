#include "indexer/store/latest.h"

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "indexer/store/directory_store.h"
#include "indexer/store/objects.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::store {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Latest, ComesBackAsItWas) {
  Latest latest;
  latest.generations = {{7, 1000, Sha256Of("seven")}, {6, 900, Sha256Of("6")}};
  latest.leftovers = {{8, 1100, Sha256Of("eight")}};
  latest.purged_before = 6;
  const auto read = DecodeLatest(EncodeLatest(latest), "c/latest.json");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->generations, latest.generations);
  EXPECT_EQ(read->leftovers, latest.leftovers);
  EXPECT_EQ(read->purged_before, 6U);
}

TEST(Latest, WhatIsCutOrChangedIsAnError) {
  Latest latest;
  latest.generations = {{1, 10, Sha256Of("one")}};
  const std::string text = EncodeLatest(latest);
  for (size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_THAT(DecodeLatest(text.substr(0, size), "c/latest.json"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << size;
  }
  for (const char* bad :
       {R"({"version":1,"generations":[1],"leftovers":[],"purged_before":0})",
        R"({"version":1,"generations":{},"leftovers":[],"purged_before":0})",
        R"({"version":1,"generations":[],"leftovers":[],"purged_before":-1})",
        R"({"version":1,"generations":[{"generation":1,"bytes":1,"sha256":
           "AB"}],"leftovers":[],"purged_before":0})",
        "[]"}) {
    EXPECT_THAT(DecodeLatest(bad, "c/latest.json"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << bad;
  }
  EXPECT_THAT(DecodeLatest(R"({"version":2})", "c/latest.json"),
              FailsWith(StatusCode::kFailedPrecondition, "INDEX_VERSION"));
}

TEST(Collections, AreListedOnceAndInOrder) {
  TempFolder folder;
  DirectoryStore store(folder / "store", {});
  EXPECT_THAT(ReadCollections(store),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  for (const char* name : {"b", "a", "b", "c"}) {
    ASSERT_THAT(AddCollection(store, name), IsOk());
  }
  EXPECT_THAT(*ReadCollections(store), ElementsAre("a", "b", "c"));
  ASSERT_THAT(store.Write("collections.json",
                          R"({"version":1,"collections":["../a"]})"),
              IsOk());
  EXPECT_THAT(ReadCollections(store),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST(Collections, AddedAtTheSameTimeAreAllListed) {
  TempFolder folder;
  const std::vector<std::string> names = {"a", "b", "c", "d",
                                          "e", "f", "g", "h"};
  std::vector<std::thread> threads;
  threads.reserve(names.size());
  for (const std::string& name : names) {
    threads.emplace_back([&folder, name] {
      DirectoryStore store(folder / "store", {});
      EXPECT_THAT(AddCollection(store, name), IsOk());
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  DirectoryStore store(folder / "store", {});
  EXPECT_EQ(ReadCollections(store).value(), names);
}

TEST(Collections, WhatChangedSinceItWasReadIsNotReplaced) {
  TempFolder folder;
  DirectoryStore store(folder / "store", {});
  EXPECT_FALSE(store.Replace("x", "old", "new").value());
  EXPECT_TRUE(store.Replace("x", std::nullopt, "old").value());
  EXPECT_FALSE(store.Replace("x", std::nullopt, "new").value());
  EXPECT_FALSE(store.Replace("x", "other", "new").value());
  EXPECT_TRUE(store.Replace("x", "old", "new").value());
  EXPECT_EQ(ReadAll(store, "x", 9).value(), "new");
}

TEST(Objects, DigestsAreFoundInManifestsOfAnyVersion) {
  const Digest digest = Sha256Of("x");
  const std::string text =
      R"({"format_version":99,"new":[{"deep":{"sha256":")" + ToHex(digest) +
      R"("}},{"content_sha256":")" + ToHex(Sha256Of("y")) +
      R"("},{"sha256":"no"}]})";
  EXPECT_THAT(DigestsIn(text), ElementsAre(digest));
  EXPECT_THAT(DigestsIn("no JSON"), IsEmpty());
}

}  // namespace
}  // namespace footnote::store
