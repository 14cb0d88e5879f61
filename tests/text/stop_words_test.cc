#include <map>
#include <string>

#include <gtest/gtest.h>

#include "indexer/text/analyzer.h"

namespace footnote::text {
namespace {

TEST(IsStopWord, KnowsEnglishFunctionWords) {
  for (const char* word :
       {"the",   "what", "which", "who",  "when", "where", "why",
        "how",   "did",  "does",  "do",   "was",  "were",  "is",
        "are",   "has",  "have",  "had",  "be",   "been",  "will",
        "would", "can",  "could", "many", "much", "don't"}) {
    EXPECT_TRUE(IsStopWord(word, "en")) << word;
  }
}

TEST(IsStopWord, LeavesContentWordsAlone) {
  for (const char* word : {"war", "year", "people", "first", "new", ""}) {
    EXPECT_FALSE(IsStopWord(word, "en")) << word;
  }
}

TEST(IsStopWord, TakesFoldedWords) {
  EXPECT_TRUE(IsStopWord("fur", "de"));
  EXPECT_TRUE(IsStopWord("ou", "fr"));
  EXPECT_TRUE(IsStopWord("que", "es"));
  EXPECT_TRUE(IsStopWord("sa", "ro"));
  EXPECT_TRUE(IsStopWord("ее", "ru"));
  EXPECT_TRUE(IsStopWord("icin", "tr"));
  EXPECT_TRUE(IsStopWord("ποσο", "el"));
  EXPECT_TRUE(IsStopWord("الى", "ar"));
  EXPECT_TRUE(IsStopWord("क्यों", "hi"));
  EXPECT_TRUE(IsStopWord("của", "vi") || IsStopWord("cua", "vi"));
}

TEST(IsStopWord, HasAListForEachLanguage) {
  const std::map<std::string, std::string> words = {
      {"en", "and"}, {"de", "und"}, {"fr", "et"}, {"es", "y"},  {"it", "e"},
      {"pt", "e"},   {"nl", "en"},  {"ro", "si"}, {"ru", "и"},  {"tr", "ve"},
      {"el", "και"}, {"ar", "في"},  {"hi", "और"}, {"vi", "va"}, {"th", "และ"},
      {"sv", "och"}, {"da", "og"},  {"no", "og"}, {"nb", "og"}, {"pl", "oraz"}};
  for (const auto& [language, word] : words) {
    EXPECT_TRUE(IsStopWord(word, language)) << language;
  }
}

TEST(IsStopWord, KnowsNoneElsewhere) {
  EXPECT_FALSE(IsStopWord("the", "zh"));
  EXPECT_FALSE(IsStopWord("the", "und"));
  EXPECT_FALSE(IsStopWord("the", ""));
}

TEST(IsStopWord, AgreesWithTheAnalyzer) {
  Analyzer analyzer;
  for (const Token& token : analyzer.Analyze("Où êtes-VOUS, qu'où", "fr")) {
    EXPECT_TRUE(token.word == "etes" || IsStopWord(token.word, "fr"))
        << token.word;
  }
}

}  // namespace
}  // namespace footnote::text
