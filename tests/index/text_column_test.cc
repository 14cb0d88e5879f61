#include "indexer/index/text_column.h"

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

std::string RandomBytes(size_t size, std::mt19937* random) {
  std::string bytes(size, '\0');
  for (char& c : bytes) {
    c = static_cast<char>("abcdefgh \xC3"[(*random)() % 10]);
  }
  return bytes;
}

TEST(TextColumn, ReadsAnyRange) {
  const TempFolder folder;
  std::mt19937 random(3);
  TextColumnWriter writer(folder / "t");
  std::string all;
  for (const size_t size :
       {size_t{0}, size_t{1}, kTextBlockBytes - 1, kTextBlockBytes, size_t{5},
        3 * kTextBlockBytes + 7, size_t{0}, size_t{100}}) {
    const std::string text = RandomBytes(size, &random);
    EXPECT_EQ(writer.Append(text), all.size());
    all += text;
  }
  ASSERT_THAT(writer.Finish(), IsOk());
  const auto column = TextColumn::Open(folder / "t");
  ASSERT_THAT(column, IsOk());
  EXPECT_EQ(*column->Read(0, all.size()), all);
  for (int i = 0; i < 500; ++i) {
    const uint64_t start = random() % all.size();
    const uint64_t end = start + random() % (all.size() - start + 1);
    EXPECT_EQ(*column->Read(start, end), all.substr(start, end - start));
  }
  for (uint64_t at = kTextBlockBytes - 2; at <= kTextBlockBytes + 2; ++at) {
    EXPECT_EQ(*column->Read(at, at + 1), all.substr(at, 1));
    EXPECT_EQ(*column->Read(0, at), all.substr(0, at));
    EXPECT_EQ(*column->Read(at, at), "");
  }
}

TEST(TextColumn, MayBeEmpty) {
  const TempFolder folder;
  TextColumnWriter writer(folder / "t");
  ASSERT_THAT(writer.Finish(), IsOk());
  const auto column = TextColumn::Open(folder / "t");
  ASSERT_THAT(column, IsOk());
  EXPECT_EQ(*column->Read(0, 0), "");
  EXPECT_THAT(column->Read(0, 1),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST(TextColumn, FailsPastItsEnd) {
  const TempFolder folder;
  TextColumnWriter writer(folder / "t");
  writer.Append("short");
  ASSERT_THAT(writer.Finish(), IsOk());
  const auto column = TextColumn::Open(folder / "t");
  ASSERT_THAT(column, IsOk());
  EXPECT_THAT(column->Read(0, 6),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(column->Read(kTextBlockBytes, kTextBlockBytes + 1),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

// A byte changed anywhere is an error or, at worst, another text of that
// length: never a crash.
TEST(TextColumn, SurvivesDamage) {
  const TempFolder folder;
  std::mt19937 random(4);
  TextColumnWriter writer(folder / "t");
  const std::string text = RandomBytes(kTextBlockBytes + 500, &random);
  writer.Append(text);
  ASSERT_THAT(writer.Finish(), IsOk());
  const std::string bytes = *ReadFile(folder / "t");
  int errors = 0;
  for (size_t at = 0; at < bytes.size(); at += 13) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 + random() % 255));
    std::ofstream(folder / "d", std::ios::binary) << damaged;
    const auto column = TextColumn::Open(folder / "d");
    const auto read = column.ok()
                          ? column->Read(0, text.size())
                          : absl::StatusOr<std::string>(column.status());
    if (read.ok()) {
      EXPECT_EQ(read->size(), text.size());
    } else {
      EXPECT_EQ(ErrorReason(read.status()), "INDEX_CORRUPT");
      ++errors;
    }
  }
  EXPECT_GT(errors, 0);
}

}  // namespace
}  // namespace footnote::index
