// Columns of enough text for a dictionary.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "indexer/index/column.h"
#include "indexer/index/text_column.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {
namespace {

constexpr size_t kMegabyte = 1 << 20;

// Sentences of few words, in no order.
std::string Prose(size_t size, std::mt19937* random) {
  constexpr const char* kWords[] = {
      "river ",    "market ",  "the ",     "prices of ", "a fox ",
      "however, ", "banking ", "water.\n", "12 ",        "and "};
  std::string text;
  while (text.size() < size) {
    text += kWords[(*random)() % 10];
  }
  text.resize(size);
  return text;
}

std::string Noise(size_t size, std::mt19937* random) {
  std::string text(size, '\0');
  for (char& byte : text) {
    byte = static_cast<char>((*random)());
  }
  return text;
}

// Writes `text` in pieces of about `piece` bytes.
void Write(const std::string& path, const std::string& text, size_t piece) {
  TextColumnWriter writer(path);
  for (size_t at = 0; at < text.size(); at += piece) {
    EXPECT_EQ(writer.Append(std::string_view(text).substr(at, piece)), at);
  }
  EXPECT_THAT(writer.Finish(), IsOk());
}

void ExpectReads(const std::string& path, const std::string& text,
                 std::mt19937* random) {
  const auto column = TextColumn::Open(path);
  ASSERT_THAT(column, IsOk());
  const auto whole = column->Read(0, text.size());
  ASSERT_THAT(whole, IsOk());
  EXPECT_TRUE(*whole == text);
  for (int i = 0; i < 300; ++i) {
    const uint64_t start = (*random)() % text.size();
    const uint64_t end =
        std::min<uint64_t>(text.size(), start + (*random)() % 20000);
    const auto read = column->Read(start, end);
    ASSERT_THAT(read, IsOk());
    ASSERT_TRUE(*read == text.substr(start, end - start)) << start;
  }
  EXPECT_THAT(column->Read(0, text.size() + 1),
              FailsWith(absl::StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

size_t DictionaryBytes(const std::string& path) {
  const auto blobs = BlobColumn::Open(path);
  EXPECT_THAT(blobs, IsOk());
  return (*blobs)[0].size();
}

TEST(TextDictionary, IsTrainedAndUsedWhereThereIsEnoughText) {
  const TempFolder folder;
  std::mt19937 random(81);
  const std::string text = Prose(kMegabyte, &random);
  Write(folder / "small", text.substr(1), 5000);
  EXPECT_EQ(DictionaryBytes(folder / "small"), 0U);
  Write(folder / "large", text, 5000);
  const size_t dictionary = DictionaryBytes(folder / "large");
  EXPECT_GT(dictionary, 1000U);
  EXPECT_LT((std::filesystem::file_size(folder / "large") - dictionary) * 10,
            std::filesystem::file_size(folder / "small") * 9);
}

TEST(TextDictionary, ReadsAnyRange) {
  const TempFolder folder;
  std::mt19937 random(82);
  // Up to what is kept back for training, and past it.
  for (const size_t size :
       {kMegabyte, 3 * kMegabyte + 1, 8 * kMegabyte, 9 * kMegabyte + 12345}) {
    const std::string text = Prose(size, &random);
    Write(folder / "t", text, 1 + random() % 300000);
    EXPECT_GT(DictionaryBytes(folder / "t"), 0U);
    ExpectReads(folder / "t", text, &random);
    ASSERT_FALSE(testing::Test::HasFailure()) << size;
  }
}

TEST(TextDictionary, TakesTextsThatHaveNothingInCommon) {
  const TempFolder folder;
  std::mt19937 random(83);
  for (const std::string& text :
       {Noise(2 * kMegabyte, &random), std::string(2 * kMegabyte, 'x')}) {
    Write(folder / "t", text, 100000);
    ExpectReads(folder / "t", text, &random);
  }
}

// Damage anywhere is noticed, or harms nothing.
TEST(TextDictionary, SurvivesDamage) {
  const TempFolder folder;
  std::mt19937 random(84);
  const std::string text = Prose(kMegabyte + 5000, &random);
  Write(folder / "t", text, 50000);
  const std::string bytes = *ReadFile(folder / "t");
  int errors = 0;
  for (int i = 0; i < 60; ++i) {
    std::string damaged = bytes;
    const size_t at =
        i % 2 == 0 ? random() % damaged.size() : random() % (100 << 10);
    damaged[at] = static_cast<char>(damaged[at] ^ (1 + random() % 255));
    std::ofstream(folder / "d", std::ios::binary) << damaged;
    const auto column = TextColumn::Open(folder / "d");
    const auto read = column.ok()
                          ? column->Read(0, text.size())
                          : absl::StatusOr<std::string>(column.status());
    if (read.ok()) {
      EXPECT_TRUE(*read == text) << at;
    } else {
      EXPECT_EQ(ErrorReason(read.status()), "INDEX_CORRUPT");
      ++errors;
    }
  }
  EXPECT_GT(errors, 20);
}

}  // namespace
}  // namespace footnote::index
