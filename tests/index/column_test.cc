#include "indexer/index/column.h"

#include <cstdint>
#include <filesystem>
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

struct Point {
  uint32_t x = 0;
  uint32_t y = 0;
};

void Write(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string Read(const std::string& path) { return *ReadFile(path); }

void WriteBlobs(const std::string& path,
                const std::vector<std::string>& blobs) {
  ColumnWriter writer(path, 0);
  for (const std::string& blob : blobs) {
    writer.Append(blob);
  }
  EXPECT_EQ(writer.count(), blobs.size());
  ASSERT_THAT(writer.Finish(), IsOk());
}

TEST(Column, KeepsValues) {
  const TempFolder folder;
  ColumnWriter writer(folder / "c", sizeof(Point));
  for (uint32_t i = 0; i < 1000; ++i) {
    writer.AppendValue(Point{i, i * i});
  }
  ASSERT_THAT(writer.Finish(), IsOk());
  const auto column = ValueColumn<Point>::Open(folder / "c");
  ASSERT_THAT(column, IsOk());
  ASSERT_EQ(column->size(), 1000U);
  uint32_t i = 0;
  for (const Point& point : *column) {
    EXPECT_EQ(point.x, i);
    EXPECT_EQ((*column)[i].y, i * i);
    ++i;
  }
}

TEST(Column, KeepsBlobsOfAnyBytes) {
  const TempFolder folder;
  std::mt19937 random(1);
  std::vector<std::string> blobs = {"", std::string("\0\xFF", 2), "", "x"};
  for (int i = 0; i < 500; ++i) {
    std::string blob(random() % 40, '\0');
    for (char& c : blob) {
      c = static_cast<char>(random());
    }
    blobs.push_back(blob);
  }
  WriteBlobs(folder / "c", blobs);
  const auto column = BlobColumn::Open(folder / "c");
  ASSERT_THAT(column, IsOk());
  ASSERT_EQ(column->size(), blobs.size());
  for (size_t i = 0; i < blobs.size(); ++i) {
    EXPECT_EQ((*column)[i], blobs[i]);
  }
}

TEST(Column, MayBeEmpty) {
  const TempFolder folder;
  WriteBlobs(folder / "blobs", {});
  ColumnWriter values(folder / "values", sizeof(Point));
  ASSERT_THAT(values.Finish(), IsOk());
  EXPECT_EQ(BlobColumn::Open(folder / "blobs")->size(), 0U);
  const auto column = ValueColumn<Point>::Open(folder / "values");
  ASSERT_THAT(column, IsOk());
  EXPECT_EQ(column->size(), 0U);
  EXPECT_EQ(column->begin(), column->end());
}

TEST(Column, FailsWhereItCannotBeWritten) {
  const TempFolder folder;
  ColumnWriter writer(folder / "none/c", 0);
  writer.Append("x");
  EXPECT_THAT(writer.Finish(),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

TEST(Column, SaysThatItIsMissing) {
  const TempFolder folder;
  EXPECT_THAT(BlobColumn::Open(folder / "c"),
              FailsWith(StatusCode::kNotFound, "FILE_NOT_FOUND"));
}

TEST(Column, RefusesAnotherKind) {
  const TempFolder folder;
  WriteBlobs(folder / "blobs", {"12345678"});
  ColumnWriter values(folder / "values", sizeof(uint64_t));
  values.AppendValue(uint64_t{1});
  ASSERT_THAT(values.Finish(), IsOk());
  const auto corrupt = FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT");
  EXPECT_THAT(BlobColumn::Open(folder / "values"), corrupt);
  EXPECT_THAT(ValueColumn<uint64_t>::Open(folder / "blobs"), corrupt);
  EXPECT_THAT(ValueColumn<uint32_t>::Open(folder / "values"), corrupt);
}

TEST(Column, OfValuesRefusesEveryTruncation) {
  const TempFolder folder;
  ColumnWriter writer(folder / "c", sizeof(Point));
  writer.AppendValue(Point{1, 2});
  writer.AppendValue(Point{3, 4});
  ASSERT_THAT(writer.Finish(), IsOk());
  const std::string bytes = Read(folder / "c");
  for (size_t size = 0; size < bytes.size(); ++size) {
    Write(folder / "cut", bytes.substr(0, size));
    EXPECT_THAT(ValueColumn<Point>::Open(folder / "cut"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << size;
  }
  Write(folder / "cut", bytes + "x");
  EXPECT_THAT(ValueColumn<Point>::Open(folder / "cut"),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST(Column, OfBlobsRefusesEveryTruncation) {
  const TempFolder folder;
  WriteBlobs(folder / "c", {"one", "", "three"});
  const std::string bytes = Read(folder / "c");
  for (size_t size = 0; size < bytes.size(); ++size) {
    Write(folder / "cut", bytes.substr(0, size));
    EXPECT_THAT(BlobColumn::Open(folder / "cut"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << size;
  }
}

// Any one byte changed: an error, or blobs that can be read safely.
TEST(Column, OfBlobsSurvivesDamage) {
  const TempFolder folder;
  WriteBlobs(folder / "c", {"one", "", "three", std::string(50, 'x')});
  const std::string bytes = Read(folder / "c");
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xFF'}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      Write(folder / "damaged", damaged);
      const auto column = BlobColumn::Open(folder / "damaged");
      if (!column.ok()) {
        EXPECT_EQ(ErrorReason(column.status()), "INDEX_CORRUPT");
        continue;
      }
      ASSERT_EQ(column->size(), 4U) << at;
      size_t sum = 0;
      for (uint64_t i = 0; i < column->size(); ++i) {
        for (const char c : (*column)[i]) {
          sum += static_cast<unsigned char>(c);
        }
      }
      EXPECT_LT(sum, bytes.size() * 4 * 255);
    }
  }
}

// A count of 2^64 - 1 has as many offsets, modulo 2^64, as none.
TEST(Column, RefusesACountThatOverflows) {
  const TempFolder folder;
  WriteBlobs(folder / "c", {});
  std::string bytes = Read(folder / "c").substr(0, 32);
  constexpr size_t kCountAt = 16;
  constexpr size_t kOffsetsAt = 24;
  bytes.replace(kCountAt, 8, 8, '\xFF');
  bytes.replace(kOffsetsAt, 8, std::string("\x20\0\0\0\0\0\0\0", 8));
  Write(folder / "damaged", bytes);
  EXPECT_THAT(BlobColumn::Open(folder / "damaged"),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

}  // namespace
}  // namespace footnote::index
