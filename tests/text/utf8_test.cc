#include "indexer/text/utf8.h"

#include <ostream>

#include <gtest/gtest.h>

#include "tests/text/random_text.h"

namespace footnote::text {

std::ostream& operator<<(std::ostream& out, const TextOffset& offset) {
  return out << offset.bytes << "/" << offset.chars << "/" << offset.utf16;
}

namespace {

TEST(MeasureText, CountsEachUnit) {
  EXPECT_EQ(MeasureText(""), (TextOffset{0, 0, 0}));
  EXPECT_EQ(MeasureText("abc"), (TextOffset{3, 3, 3}));
  EXPECT_EQ(MeasureText("é"), (TextOffset{2, 1, 1}));
  EXPECT_EQ(MeasureText("漢字"), (TextOffset{6, 2, 2}));
  EXPECT_EQ(MeasureText("👍a"), (TextOffset{5, 2, 3}));
}

TEST(MeasureText, AddsUpOverAnyCut) {
  RandomText random(1);
  for (int i = 0; i < 300; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    const std::string_view view = text;
    const size_t cut = FloorToCodePoint(view, random.Below(text.size() + 1));
    EXPECT_EQ(MeasureText(view.substr(0, cut)) + MeasureText(view.substr(cut)),
              MeasureText(view));
  }
}

TEST(MeasureText, AgreesWithSlowCounting) {
  RandomText random(2);
  for (int i = 0; i < 300; ++i) {
    const std::string text = random.Make(MixedPieces(), 60);
    TextOffset slow;
    for (const char byte : text) {
      const auto value = static_cast<unsigned char>(byte);
      slow.bytes += 1;
      slow.chars += (value & 0xC0) != 0x80 ? 1 : 0;
      slow.utf16 += value >= 0xF0 ? 2 : ((value & 0xC0) != 0x80 ? 1 : 0);
    }
    EXPECT_EQ(MeasureText(text), slow);
  }
}

struct InvalidCase {
  const char* name;
  std::string_view bytes;
  size_t at;
  std::string_view replaced;
};

void PrintTo(const InvalidCase& c, std::ostream* out) { *out << c.name; }

class InvalidUtf8 : public testing::TestWithParam<InvalidCase> {};

TEST_P(InvalidUtf8, IsFoundAndReplaced) {
  EXPECT_EQ(FindInvalidUtf8(GetParam().bytes), GetParam().at);
  EXPECT_EQ(ReplaceInvalidUtf8(GetParam().bytes), GetParam().replaced);
}

constexpr size_t kNowhere = std::string_view::npos;

INSTANTIATE_TEST_SUITE_P(
    Cases, InvalidUtf8,
    testing::Values(
        InvalidCase{"Empty", "", kNowhere, ""},
        InvalidCase{"Ascii", "plain text, a long one", kNowhere,
                    "plain text, a long one"},
        InvalidCase{"AllLengths", "aé漢👍", kNowhere, "aé漢👍"},
        InvalidCase{"LoneTrail", "ab\x80", 2, "ab\uFFFD"},
        InvalidCase{"AfterEightAscii", "12345678\xFFz", 8, "12345678\uFFFDz"},
        InvalidCase{"Overlong2", "\xC0\xAF", 0, "\uFFFD\uFFFD"},
        InvalidCase{"Overlong3", "\xE0\x80\x80", 0, "\uFFFD\uFFFD\uFFFD"},
        InvalidCase{"Overlong4", "\xF0\x8F\xBF\xBF", 0,
                    "\uFFFD\uFFFD\uFFFD\uFFFD"},
        InvalidCase{"Surrogate", "\xED\xA0\x80", 0, "\uFFFD\uFFFD\uFFFD"},
        InvalidCase{"LastBeforeSurrogates", "\xED\x9F\xBF", kNowhere,
                    "\xED\x9F\xBF"},
        InvalidCase{"AboveUnicode", "\xF4\x90\x80\x80", 0,
                    "\uFFFD\uFFFD\uFFFD\uFFFD"},
        InvalidCase{"LastOfUnicode", "\xF4\x8F\xBF\xBF", kNowhere,
                    "\xF4\x8F\xBF\xBF"},
        InvalidCase{"Truncated3", "a\xE2\x82", 1, "a\uFFFD"},
        InvalidCase{"Truncated4", "\xF0\x9F\x91 x", 0, "\uFFFD x"},
        InvalidCase{"LeadThenAscii", "\xE2g", 0, "\uFFFDg"},
        InvalidCase{"LeadThenLead", "\xC3\xC3\xA9", 0, "\uFFFDé"}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(ReplaceInvalidUtf8, MakesRandomBytesValid) {
  RandomText random(3);
  for (int i = 0; i < 500; ++i) {
    std::string bytes = random.Make(MixedPieces(), 20);
    for (size_t n = random.Below(8); n > 0 && !bytes.empty(); --n) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    const std::string replaced = ReplaceInvalidUtf8(bytes);
    EXPECT_EQ(FindInvalidUtf8(replaced), kNowhere);
    EXPECT_EQ(ReplaceInvalidUtf8(replaced), replaced);
    if (FindInvalidUtf8(bytes) == kNowhere) {
      EXPECT_EQ(replaced, bytes);
    }
  }
}

TEST(FloorToCodePoint, GoesBackToALeadByte) {
  const std::string_view text = "a漢b";
  EXPECT_EQ(FloorToCodePoint(text, 0), 0U);
  EXPECT_EQ(FloorToCodePoint(text, 1), 1U);
  EXPECT_EQ(FloorToCodePoint(text, 2), 1U);
  EXPECT_EQ(FloorToCodePoint(text, 3), 1U);
  EXPECT_EQ(FloorToCodePoint(text, 4), 4U);
  EXPECT_EQ(FloorToCodePoint(text, 5), 5U);
  EXPECT_EQ(FloorToCodePoint(text, 99), 5U);
  EXPECT_EQ(FloorToCodePoint("", 3), 0U);
}

}  // namespace
}  // namespace footnote::text
