#include "client/terminal.h"

#include <clocale>
#include <string>

#include <gtest/gtest.h>

namespace footnote::client {
namespace {

constexpr Terminal kPlain{false, false, 40};
constexpr Terminal kColor{true, true, 40};

TEST(MakeSafeLine, KeepsOrdinaryText) {
  EXPECT_EQ(MakeSafeLine("Café 日本 🦊 x"), "Café 日本 🦊 x");
}

TEST(MakeSafeLine, ShowsControlCharacters) {
  EXPECT_EQ(MakeSafeLine("\x1b[31mred\x07"), "␛[31mred␇");
  EXPECT_EQ(MakeSafeLine(std::string("a\0b", 3)), "a␀b");
  EXPECT_EQ(MakeSafeLine("\x7f"), "␡");
  EXPECT_EQ(MakeSafeLine("\u009b31m"), "\ufffd31m");  // C1 control
  // NOLINTNEXTLINE(misc-misleading-bidirectional): what is to be shown safely
  EXPECT_EQ(MakeSafeLine("a\u202eb\u2066c"), "a\ufffdb\ufffdc");
  EXPECT_EQ(MakeSafeLine("a\u2028b"), "a\ufffdb");
}

TEST(MakeSafeLine, HasOneLine) {
  EXPECT_EQ(MakeSafeLine("a\nb\tc\r\nd"), "a b c d");
}

TEST(MakeSafeLine, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(MakeSafeLine("a\xFFz"), "a\ufffdz");
  EXPECT_EQ(MakeSafeLine("a\xE2\x82"), "a\ufffd\ufffd");
  EXPECT_EQ(MakeSafeLine("\xED\xA0\x80"), "\ufffd");  // a surrogate
  EXPECT_EQ(MakeSafeLine("\xC0\x9B"), "\ufffd\ufffd");
}

TEST(MakeSafeText, KeepsLinesAndTabs) {
  EXPECT_EQ(MakeSafeText("a\nb\tc\r\nd\re\x1b"), "a\nb\tc\nd␍e␛");
}

TEST(WrapText, BreaksAtSpaces) {
  EXPECT_EQ(WrapText("aaaa bbbb cccc dddd eeee ffff gggg", {}, 2, kPlain),
            "  aaaa bbbb cccc dddd eeee ffff gggg\n");
  EXPECT_EQ(WrapText("aaaa bbbb cccc dddd eeee ffff gggg hhhh", {}, 2, kPlain),
            "  aaaa bbbb cccc dddd eeee ffff gggg\n  hhhh\n");
}

TEST(WrapText, KeepsLineBreaksAndDropsSpaceAtTheEnd) {
  EXPECT_EQ(WrapText("a\n\n b  c \r\nd\n\n", {}, 1, kPlain),
            " a\n\n b c\n d\n");
  EXPECT_EQ(WrapText(" \n", {}, 1, kPlain), "");
}

TEST(WrapText, CutsWordsLongerThanALine) {
  const std::string wrapped = WrapText(std::string(100, 'x'), {}, 0, kPlain);
  EXPECT_EQ(wrapped, std::string(40, 'x') + "\n" + std::string(40, 'x') + "\n" +
                         std::string(20, 'x') + "\n");
}

TEST(WrapText, CountsColumnsNotBytes) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  std::string accents;
  std::string wide;
  for (int i = 0; i < 40; ++i) {
    accents += "é";
    wide += "日";
  }
  EXPECT_EQ(WrapText(accents, {}, 0, kPlain), accents + "\n");
  const std::string half = wide.substr(0, wide.size() / 2);
  EXPECT_EQ(WrapText(wide, {}, 0, kPlain), half + "\n" + half + "\n");
}

TEST(WrapText, HighlightsMarks) {
  EXPECT_EQ(WrapText("The red fox", {{4, 7}, {8, 11}}, 0, kColor),
            "The \x1b[1;33mred\x1b[0m \x1b[1;33mfox\x1b[0m\n");
  EXPECT_EQ(WrapText("The red fox", {{4, 7}, {8, 11}}, 0, kPlain),
            "The red fox\n");
}

TEST(WrapText, EndsHighlightsBeforeLineBreaks) {
  EXPECT_EQ(WrapText("a\nb", {{0, 3}}, 0, kColor),
            "\x1b[1;33ma\x1b[0m\n\x1b[1;33mb\x1b[0m\n");
}

TEST(WrapText, MakesTextSafe) {
  EXPECT_EQ(WrapText("a\x1b[2Jb", {}, 0, kColor), "a␛[2Jb\n");
}

TEST(WrapText, KeepsSomeWidthOnNarrowTerminals) {
  const Terminal narrow{true, false, 5};
  EXPECT_EQ(WrapText("four four four four", {}, 10, narrow),
            "          four four four four\n");
}

TEST(Style, NeedsColor) {
  EXPECT_EQ(Bold("x", kColor), "\x1b[1mx\x1b[0m");
  EXPECT_EQ(Dim("x", kColor), "\x1b[2mx\x1b[0m");
  EXPECT_EQ(Bold("x", kPlain), "x");
  EXPECT_EQ(Dim("", kColor), "");
}

}  // namespace
}  // namespace footnote::client
