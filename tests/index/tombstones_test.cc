#include "indexer/index/tombstones.h"

#include <fstream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/index/small_segment.h"
#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

Roaring Documents(std::initializer_list<uint32_t> documents) {
  Roaring bitmap;
  for (const uint32_t document : documents) {
    bitmap.add(document);
  }
  return bitmap;
}

TEST(Tombstones, CountWhatGoes) {
  SmallSegments segments;
  const auto segment = segments.Open(segments.Write(
      {{"a", {"red fox fox", "red"}}, {"b", {"fox"}}, {"c", {"red foxy"}}}));
  ASSERT_NE(segment, nullptr);
  const Tombstones gone = Tombstones::Of(*segment, Documents({0, 2}));
  EXPECT_EQ(gone.passages, Documents({0, 1, 3}));
  EXPECT_EQ(gone.words, 6U);
  // By passage, not by occurrence.
  EXPECT_EQ(gone.frequencies.at("red"), 3U);
  EXPECT_EQ(gone.frequencies.at("fox"), 1U);
  EXPECT_EQ(gone.frequencies.at("foxy"), 1U);
  EXPECT_EQ(gone.frequencies.at("Zen:red"), 3U);
  EXPECT_EQ(gone.frequencies.size(), 6U);
}

TEST(Tombstones, CountNothingForNothing) {
  SmallSegments segments;
  const auto segment = segments.Open(segments.Write({{"a", {"red"}}}));
  ASSERT_NE(segment, nullptr);
  const Tombstones gone = Tombstones::Of(*segment, Roaring());
  EXPECT_TRUE(gone.passages.isEmpty());
  EXPECT_EQ(gone.words, 0U);
  EXPECT_TRUE(gone.frequencies.empty());
}

TEST(Tombstones, ComeBackAsTheyWere) {
  const TempFolder folder;
  std::mt19937 random(5);
  for (int i = 0; i < 50; ++i) {
    Tombstones written;
    for (size_t n = random() % 300; n > 0; --n) {
      written.documents.add(random() % 100000);
      written.passages.add(random());
    }
    written.words = uint64_t{random()} << (random() % 32);
    for (size_t n = random() % 100; n > 0; --n) {
      written.frequencies[std::to_string(random()) + std::string(1, '\0')] =
          static_cast<uint32_t>(random());
    }
    ASSERT_THAT(written.Write(folder / "t"), IsOk());
    const auto read = Tombstones::Read(folder / "t");
    ASSERT_THAT(read, IsOk());
    EXPECT_EQ(read->documents, written.documents);
    EXPECT_EQ(read->passages, written.passages);
    EXPECT_EQ(read->words, written.words);
    EXPECT_EQ(read->frequencies, written.frequencies);
  }
}

TEST(Tombstones, AreTheSameBytesForTheSameDocuments) {
  SmallSegments segments;
  const auto segment = segments.Open(
      segments.Write({{"a", {"one two three"}}, {"b", {"four five"}}}));
  const Tombstones gone = Tombstones::Of(*segment, Documents({0, 1}));
  const TempFolder folder;
  ASSERT_THAT(gone.Write(folder / "1"), IsOk());
  ASSERT_THAT(Tombstones::Read(folder / "1")->Write(folder / "2"), IsOk());
  EXPECT_EQ(*ReadFile(folder / "1"), *ReadFile(folder / "2"));
}

TEST(Tombstones, GrowToWhatTheyWouldBeAtOnce) {
  SmallSegments segments;
  const auto segment = segments.Open(segments.Write(
      {{"a", {"one two three", "two"}}, {"b", {"two"}}, {"c", {"three"}}}));
  Tombstones grown = Tombstones::Of(*segment, Documents({2}));
  grown.Add(*segment, Documents({0}));
  const Tombstones expected = Tombstones::Of(*segment, Documents({0, 2}));
  EXPECT_EQ(grown.documents, expected.documents);
  EXPECT_EQ(grown.passages, expected.passages);
  EXPECT_EQ(grown.words, expected.words);
  EXPECT_EQ(grown.frequencies, expected.frequencies);
}

TEST(Tombstones, RefuseEveryTruncation) {
  const TempFolder folder;
  SmallSegments segments;
  const auto segment = segments.Open(segments.Write({{"a", {"one two"}}}));
  ASSERT_THAT(Tombstones::Of(*segment, Documents({0})).Write(folder / "t"),
              IsOk());
  const std::string bytes = *ReadFile(folder / "t");
  for (size_t size = 0; size < bytes.size(); ++size) {
    std::ofstream(folder / "cut", std::ios::binary) << bytes.substr(0, size);
    EXPECT_THAT(Tombstones::Read(folder / "cut"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << size;
  }
}

TEST(Tombstones, SayThatTheyAreMissing) {
  const TempFolder folder;
  EXPECT_THAT(Tombstones::Read(folder / "none"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

// The manifest has their digest, so a change anywhere is seen at the opening.
TEST(Tombstones, AreCheckedAgainstTheManifest) {
  SmallSegments segments;
  SegmentEntry entry = segments.Write({{"a", {"one"}}, {"b", {"two"}}});
  const auto segment = segments.Open(entry);
  const std::string path = GenerationFilePath(segments.folder(), "x");
  ASSERT_THAT(Tombstones::Of(*segment, Documents({0})).Write(path), IsOk());
  const std::string bytes = *ReadFile(path);
  entry.tombstones =
      TombstonesEntry{{"x", bytes.size(), Sha256Of(bytes)}, 1, 1, 1};
  ASSERT_THAT(OpenSegment(segments.folder(), entry), IsOk());
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x21);
    std::ofstream(path, std::ios::binary) << damaged;
    EXPECT_THAT(OpenSegment(segments.folder(), entry),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << at;
  }
  std::filesystem::remove(path);
  EXPECT_THAT(OpenSegment(segments.folder(), entry),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

}  // namespace
}  // namespace footnote::index
