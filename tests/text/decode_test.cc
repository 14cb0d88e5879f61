#include "indexer/text/decode.h"

#include <ostream>

#include <gtest/gtest.h>

#include "indexer/text/utf8.h"
#include "tests/testing/status_matchers.h"

namespace footnote::text {
namespace {

struct DecodeCase {
  const char* name;
  std::string bytes;
  std::string_view encoding;
  std::string_view text;
};

void PrintTo(const DecodeCase& c, std::ostream* out) { *out << c.name; }

class Decode : public testing::TestWithParam<DecodeCase> {};

TEST_P(Decode, GivesTheTextAndItsEncoding) {
  const auto decoded = DecodeText(GetParam().bytes);
  ASSERT_THAT(decoded, IsOk());
  EXPECT_EQ(decoded->encoding, GetParam().encoding);
  EXPECT_EQ(decoded->text, GetParam().text);
}

// Returns the bytes of a literal, NULs included.
template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return {literal, kSize - 1};
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Decode,
    testing::Values(
        DecodeCase{"Empty", "", "UTF-8", ""},
        DecodeCase{"Ascii", "plain\r\n", "UTF-8", "plain\r\n"},
        DecodeCase{"Utf8", "é漢👍", "UTF-8", "é漢👍"},
        DecodeCase{"Utf8Bom", "\xEF\xBB\xBFx", "UTF-8", "x"},
        DecodeCase{"InnerBomStays", "a\uFEFF", "UTF-8", "a\uFEFF"},
        DecodeCase{"Utf8BomInvalid", "\xEF\xBB\xBFx\xFF", "UTF-8", "x\uFFFD"},
        DecodeCase{"Utf16LeBom", Bytes("\xFF\xFEh\0\xE9\0"), "UTF-16LE", "hé"},
        DecodeCase{"Utf16BeBom", Bytes("\xFE\xFF\0h\0\xE9"), "UTF-16BE", "hé"},
        DecodeCase{"Utf16Le", Bytes("h\0i\0"), "UTF-16LE", "hi"},
        DecodeCase{"Utf16Be", Bytes("\0h\0i\0!"), "UTF-16BE", "hi!"},
        DecodeCase{"Utf16Pair", Bytes("\xFF\xFE\x3D\xD8\x4D\xDC"), "UTF-16LE",
                   "👍"},
        DecodeCase{"Utf16LoneSurrogate", Bytes("\xFF\xFE\x3D\xD8x\0"),
                   "UTF-16LE", "\uFFFDx"},
        DecodeCase{"Utf32LeBom", Bytes("\xFF\xFE\0\0h\0\0\0"), "UTF-32LE", "h"},
        DecodeCase{"Utf32BeBom", Bytes("\0\0\xFE\xFF\0\0\0h"), "UTF-32BE", "h"},
        DecodeCase{"Utf32Le", Bytes("h\0\0\0i\0\0\0"), "UTF-32LE", "hi"},
        DecodeCase{"Windows1252", "\x93quoted\x94 caf\xE9 au lait",
                   "windows-1252", "“quoted” café au lait"},
        DecodeCase{"OneByteOfLatin1", "caf\xE9", "windows-1252", "café"},
        DecodeCase{"Undefined1252", "caf\xE9 \x81 no\xEBl", "windows-1252",
                   "café \uFFFD noël"},
        DecodeCase{"Windows1251",
                   "\xCF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA "
                   "\xE4\xE5\xEB\xE0? \xDD\xF2\xEE "
                   "\xF0\xF3\xF1\xF1\xEA\xE8\xE9 \xF2\xE5\xEA\xF1\xF2.",
                   "windows-1251", "Привет, как дела? Это русский текст."},
        DecodeCase{"ShiftJis",
                   "\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xCC"
                   "\x83\x65\x83\x4C\x83\x58\x83\x67\x82\xC5\x82\xB7\x81\x42",
                   "Shift_JIS", "これは日本語のテキストです。"}),
    [](const auto& named) { return std::string(named.param.name); });

void ExpectBinary(const std::string& bytes) {
  EXPECT_THAT(DecodeText(bytes),
              FailsWith(absl::StatusCode::kInvalidArgument, "BINARY_CONTENT"));
}

TEST(DecodeText, RefusesBinaryContent) {
  ExpectBinary(Bytes("ab\0c"));
  ExpectBinary(
      Bytes("\x7F"
            "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3E\0\1"));
  ExpectBinary(Bytes("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0"));
  ExpectBinary(
      "a\x01\x02\x03"
      "b");
  ExpectBinary(
      Bytes("\xEF\xBB\xBF"
            "a\0b"));
  ExpectBinary(
      Bytes("\xFF\xFE\0\0"  // UTF-32 of U+0001
            "\1\0\0\0"));
}

TEST(DecodeText, TakesTerminalEscapesAndFormFeeds) {
  const auto decoded = DecodeText("\x1B[31mred\x1B[0m\f\t\r\n");
  ASSERT_THAT(decoded, IsOk());
  EXPECT_EQ(decoded->encoding, "UTF-8");
}

TEST(DecodeText, TakesALateNulForBinary) {
  std::string bytes(200000, 'a');
  bytes[150001] = '\0';
  ExpectBinary(bytes);
}

TEST(DecodeText, IsLinearInLongInputs) {
  const std::string bytes(20 << 20, 'x');
  const auto utf8 = DecodeText(bytes);
  ASSERT_THAT(utf8, IsOk());
  EXPECT_EQ(utf8->text.size(), bytes.size());
  const auto latin1 = DecodeText("caf\xE9 " + bytes.substr(0, 4 << 20));
  ASSERT_THAT(latin1, IsOk());
  EXPECT_EQ(FindInvalidUtf8(latin1->text), std::string_view::npos);
}

TEST(DecodeText, AlwaysGivesValidUtf8) {
  for (int first = 0x80; first < 0x100; ++first) {
    std::string bytes = "some words of a text ";
    bytes += static_cast<char>(first);
    bytes += " and more";
    const auto decoded = DecodeText(bytes);
    if (decoded.ok()) {
      EXPECT_EQ(FindInvalidUtf8(decoded->text), std::string_view::npos);
    } else {
      EXPECT_EQ(ErrorReason(decoded.status()), "ENCODING_UNKNOWN");
    }
  }
}

}  // namespace
}  // namespace footnote::text
