#include "indexer/text/names.h"

#include <string>

#include <gtest/gtest.h>

namespace footnote::text {
namespace {

TEST(FoldName, KeepsLettersAndCase) {
  EXPECT_EQ(FoldName("Amazon Web Services"), "Amazon Web Services");
  EXPECT_EQ(FoldName("\u4E2D\u6587 \u0431"), "\u4E2D\u6587 \u0431");
}

TEST(FoldName, TakesAccentsAway) {
  EXPECT_EQ(FoldName("S\u00E3o \u1EBE"), "Sao E");
  EXPECT_EQ(FoldName("Sa\u0303o"), "Sao");
  EXPECT_EQ(FoldName("\u0301"), "");
}

TEST(FoldName, KeepsMarksThatMakeAnotherLetter) {
  EXPECT_NE(FoldName("\u304C"), FoldName("\u304B"));  // ga, ka
  EXPECT_EQ(FoldName("\u304C"), FoldName("\u304B\u3099"));
  EXPECT_NE(FoldName("\u0915\u093F"), FoldName("\u0915"));  // ki, ka
}

TEST(FoldName, MakesOneOfWidthsDashesQuotesAndSpaces) {
  EXPECT_EQ(FoldName("\uFF21\uFF0D\uFF11"), "A-1");
  EXPECT_EQ(FoldName("\uFF76\uFF9E"), FoldName("\u30AC"));
  EXPECT_EQ(FoldName("a\u2010b\u2011c\u2013d\u2014e\u2212f"), "a-b-c-d-e-f");
  EXPECT_EQ(FoldName("\u2018a\u2019 \u201Cb\u201D \u00ABc\u00BB"),
            "'a' \"b\" \"c\"");
  EXPECT_EQ(FoldName("a\u00A0\u3000b\tc\nd"), "a b c d");
  EXPECT_EQ(FoldName(" \n\n a \n\n b "), "a\nb");
  EXPECT_EQ(FoldName("a\r\nb"), "a b");
  EXPECT_EQ(FoldName("\uFB01x"), "fix");
}

TEST(FoldName, DropsWhatIsNotSeen) {
  EXPECT_EQ(FoldName("a\u00ADb\u200Bc\u200Dd\u2060e\uFEFF"), "abcde");
}

TEST(FoldName, KeepsSignsThatAreNotPartOfNames) {
  EXPECT_EQ(FoldName("a\u2122"), "a\u2122");
  EXPECT_EQ(FoldName("a\u00B2"), "a\u00B2");
}

TEST(ToCapitals, WritesAllInCapitals) {
  EXPECT_EQ(ToCapitals("Stra\u00DFe \u00E9"), "STRASSE \u00C9");
}

TEST(IsNameStartAndEnd, AreWhereNoWordGoesOn) {
  struct Case {
    std::string before;
    std::string after;
    bool is_start;
    bool is_end;
  };
  const Case cases[] = {
      {"", "a", true, false},
      {"a", "", false, true},
      {"a", "b", false, false},
      {"a", " ", false, true},
      {" ", "a", true, false},
      {".", "-", true, true},
      {"a", "-b", false, true},
      {"+", "1", true, false},
      {"a", "_", false, false},
      {"a", "\u00E9", false, false},
      {"-", "\u00E9", true, false},
      {"a", "\u0301", false, false},
      {"a\u0301", "b", false, false},
      {"a\u0301", " ", false, true},
      {"a", "\u4E2D", true, true},
      {"\u4E2D", "a", true, true},
      {"\u4E2D", "\u6587", true, true},
      {"\u0E01", "\u0E02", true, true},
      {"\u0431", "\u0432", false, false},
      {"a\u00AD", "b", false, false},
      {"a\u200B", "b", true, false},
      {"\r", "\n", false, false},
      {"a", "\u02BCs", false, true},
  };
  for (const Case& c : cases) {
    const std::string text = c.before + c.after;
    EXPECT_EQ(IsNameStart(text, c.before.size()), c.is_start)
        << c.before << "|" << c.after;
    EXPECT_EQ(IsNameEnd(text, c.before.size()), c.is_end)
        << c.before << "|" << c.after;
  }
}

TEST(NameFoldingStamp, NamesTheLibrary) {
  EXPECT_NE(NameFoldingStamp().find("icu"), std::string::npos);
}

}  // namespace
}  // namespace footnote::text
