#include "indexer/index/metadata_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MetadataValues, ComeBackAsTheyWere) {
  for (const double number : {0.0, 1.5, -1.5, 1e300, -1e300, 5e-324, 2024.0,
                              std::numeric_limits<double>::max()}) {
    const std::string bytes = EncodeNumber(number);
    EXPECT_EQ(DecodeValue(bytes).type, MetadataType::kNumber);
    EXPECT_EQ(DecodeValue(bytes).number, number);
  }
  EXPECT_EQ(EncodeNumber(-0.0), EncodeNumber(0.0));
  EXPECT_EQ(DecodeValue(EncodeBool(true)).number, 1);
  EXPECT_EQ(DecodeValue(EncodeBool(false)).number, 0);
  EXPECT_EQ(DecodeValue(EncodeString("tx")).text, "tx");
  EXPECT_EQ(DecodeValue(EncodeString("")).text, "");
  const std::string time = EncodeTime(-5, "text");
  EXPECT_EQ(DecodeValue(time).time, -5);
  EXPECT_EQ(DecodeValue(time).text, "text");
  EXPECT_EQ(DecodeValue("").text, "");
}

TEST(MetadataValues, CompareAsTheirTypesDo) {
  const std::vector<std::string> ascending = {
      EncodeBool(false),   EncodeBool(true),     EncodeNumber(-1e9),
      EncodeNumber(-2),    EncodeNumber(-0.5),   EncodeNumber(0),
      EncodeNumber(1e-9),  EncodeNumber(2),      EncodeNumber(10),
      EncodeNumber(1e9),   EncodeString(""),     EncodeString("10"),
      EncodeString("2"),   EncodeString("a"),    EncodeString("ä"),
      EncodeTime(-9, "x"), EncodeTime(0, "w"),   EncodeTime(5, "a"),
      EncodeTime(5, "b"),  EncodeTime(300, "a"),
  };
  EXPECT_TRUE(std::is_sorted(ascending.begin(), ascending.end()));
}

TEST(MetadataValues, AreTimesWhereTheyAreDaysOrTimes) {
  constexpr int64_t kDay = 1776729600;  // 2026-04-21
  EXPECT_EQ(ParseMetadataTime("2026-04-21"), kDay);
  EXPECT_EQ(ParseMetadataTime("2026-04-21T01:00:00Z"), kDay + 3600);
  EXPECT_EQ(ParseMetadataTime("2026-04-21T01:00:00"), kDay + 3600);
  EXPECT_EQ(ParseMetadataTime("2026-04-21 01:00"), kDay + 3600);
  EXPECT_EQ(ParseMetadataTime("2026-04-21T01:00:00.75+02:00"), kDay - 3600);
  for (const char* text : {"", "2026", "2026-04", "2026-02-30", "20260421",
                           "2026-04-21x", "21.04.2026", "1234567890"}) {
    EXPECT_FALSE(ParseMetadataTime(text)) << text;
    EXPECT_EQ(DecodeValue(EncodeText(text)).type, MetadataType::kString);
  }
}

TEST(MetadataValues, AreWrittenAsPeopleDo) {
  const auto number = [](double value) {
    return TextOf(DecodeValue(EncodeNumber(value)));
  };
  EXPECT_EQ(number(5), "5");
  EXPECT_EQ(number(-2.5), "-2.5");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(100000), "100000");
  EXPECT_EQ(number(1e20), "100000000000000000000");
  EXPECT_EQ(number(1e21), "1e+21");
  EXPECT_EQ(TextOf(DecodeValue(EncodeBool(false))), "false");
  EXPECT_EQ(TextOf(DecodeValue(EncodeText("2026-04-21"))), "2026-04-21");
}

std::string Entry(const std::string& field, const std::string& bytes) {
  return field + '\0' + bytes;
}

TEST(MetadataEntries, AreThoseOfEveryField) {
  EXPECT_THAT(
      MetadataEntries(R"({"b": {"c": 1, "d": {"e": "x"}}, "a": [2, "2", 2.0],
                          "n": null, "l": [{"m": true}, {"m": [false, null]}],
                          "o": {}, "p": [], "b.c": 1})"),
      ElementsAre(
          Entry("a", EncodeNumber(2)), Entry("a", EncodeString("2")),
          Entry("b.c", EncodeNumber(1)), Entry("b.d.e", EncodeString("x")),
          Entry("l.m", EncodeBool(false)), Entry("l.m", EncodeBool(true))));
  EXPECT_THAT(MetadataEntries(R"({"a\u0000b": 1})"), IsEmpty());
  EXPECT_THAT(MetadataEntries(R"({"a": "x\u0000y"})"),
              ElementsAre(Entry("a", EncodeString(std::string("x\0y", 3)))));
  for (const char* text : {"", "{", "[1]", "1", "{}"}) {
    EXPECT_THAT(MetadataEntries(text), IsEmpty()) << text;
  }
}

class MetadataColumnsTest : public testing::Test {
 protected:
  MetadataColumns WriteAndOpen(const std::vector<std::string>& documents) {
    MetadataWriter writer;
    for (const std::string& document : documents) {
      writer.Add(document);
    }
    EXPECT_THAT(writer.Finish(folder_.path()), IsOk());
    auto columns = MetadataColumns::Open(
        folder_.path(), static_cast<uint32_t>(documents.size()));
    EXPECT_THAT(columns, IsOk());
    return columns.ok() ? *std::move(columns) : MetadataColumns();
  }

  TempFolder folder_;
};

TEST_F(MetadataColumnsTest, HaveTheValuesOfEachField) {
  const MetadataColumns columns = WriteAndOpen(
      {R"({"a": 10, "ab": 1})", "{}", R"({"a": [2, 10], "": "x"})", ""});
  const auto range = columns.ValuesOf("a");
  ASSERT_EQ(range.end - range.first, 2U);
  EXPECT_EQ(columns.value(range.first), EncodeNumber(2));
  EXPECT_EQ(columns.value(range.first + 1), EncodeNumber(10));
  EXPECT_EQ(columns.LowerBound(range, EncodeNumber(3)), range.first + 1);
  EXPECT_EQ(columns.LowerBound(range, EncodeNumber(11)), range.end);
  EXPECT_TRUE(columns.ValuesOf("b").is_empty());
  EXPECT_EQ(columns.ValuesOf("").end - columns.ValuesOf("").first, 1U);
  std::vector<uint32_t> documents;
  columns.ForEachDocument(range.first + 1,
                          [&](uint32_t i) { documents.push_back(i); });
  EXPECT_THAT(documents, ElementsAre(0, 2));
  std::vector<uint32_t> values;
  columns.ForEachValue(2, range, [&](uint32_t i) { values.push_back(i); });
  EXPECT_THAT(values, ElementsAre(range.first, range.first + 1));
  values.clear();
  columns.ForEachValue(1, {0, columns.value_count()},
                       [&](uint32_t i) { values.push_back(i); });
  EXPECT_THAT(values, IsEmpty());
}

TEST_F(MetadataColumnsTest, FitTheirSegment) {
  WriteAndOpen({"{}", R"({"a": 1})"});
  EXPECT_THAT(MetadataColumns::Open(folder_.path(), 3),
              FailsWith(absl::StatusCode::kDataLoss, "INDEX_CORRUPT"));
}

TEST(EncodeAscending, CountsDifferences) {
  EXPECT_EQ(EncodeAscending({}), "");
  EXPECT_EQ(EncodeAscending({3, 5, 200}), std::string("\x03\x02\xC3\x01"));
}

}  // namespace
}  // namespace footnote::index
