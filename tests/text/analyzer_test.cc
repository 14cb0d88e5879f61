#include "indexer/text/analyzer.h"

#include <map>
#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

using testing::ElementsAre;

std::string Words(std::string_view text, std::string_view language = "und") {
  Analyzer analyzer;
  std::string words;
  for (const Token& token : analyzer.Analyze(text, language)) {
    words += (words.empty() ? "" : " ") + token.word;
  }
  return words;
}

std::string Stems(std::string_view text, std::string_view language) {
  Analyzer analyzer;
  std::string stems;
  for (const Token& token : analyzer.Analyze(text, language)) {
    stems += (stems.empty() ? "" : " ") + token.stem;
  }
  return stems;
}

std::vector<std::string> Surfaces(std::string_view text) {
  Analyzer analyzer;
  std::vector<std::string> surfaces;
  for (const Token& token : analyzer.Analyze(text, "und")) {
    surfaces.emplace_back(text.substr(token.start, token.end - token.start));
  }
  return surfaces;
}

struct WordCase {
  const char* name;
  std::string_view text;
  std::string_view words;
};

void PrintTo(const WordCase& c, std::ostream* out) { *out << c.name; }

class AnalyzerWords : public testing::TestWithParam<WordCase> {};

TEST_P(AnalyzerWords, AreFolded) {
  EXPECT_EQ(Words(GetParam().text), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Latin, AnalyzerWords,
    testing::Values(
        WordCase{"Empty", "", ""}, WordCase{"NoWords", " ... -- !?\n", ""},
        WordCase{"Case", "Hello WORLD", "hello world"},
        WordCase{"Accents", "café naïve Ångström", "cafe naive angstrom"},
        WordCase{"Decomposed", "cafe\u0301", "cafe"},
        WordCase{"Strokes", "Ærø Łódź Đà Þór", "aero lodz da thor"},
        WordCase{"SharpS", "Straße STRASSE", "strasse strasse"},
        WordCase{"TurkishI", "İIıi", "iiii"},
        WordCase{"Ligature", "ﬁne", "fine"},
        WordCase{"FullWidth", "ＡＢ１", "ab1"},
        WordCase{"SoftHyphen", "hy\u00adphen", "hyphen"},
        WordCase{"ZeroWidth", "no\u2060break \ufeffmark", "nobreak mark"},
        WordCase{"OnlyInvisible", "\u00ad \u2060", ""},
        WordCase{"Contractions", "don't o'clock rock'n'roll",
                 "don't o'clock rock'n'roll"},
        WordCase{"CurlyApostrophe", "don’t", "don't"},
        WordCase{"Possessive", "John's John’s JAMES'S dogs'",
                 "john john james dogs"},
        WordCase{"Grouping", "1,400 1,400,000 1’400 1\u202f400",
                 "1400 1400000 1400 1400"},
        WordCase{"NoGrouping", "1,2,3 3,14 12,34", "1,2,3 3,14 12,34"},
        WordCase{"GroupedDecimals", "1,400.50", "1400.50"},
        WordCase{"Decimals", "3.5 1.400", "3.5 1.400"},
        WordCase{"Acronyms", "U.S. U.S.A. e.g. é.ü.", "us usa eg eu"},
        WordCase{"NoAcronym", "example.com node.js", "example.com node.js"},
        WordCase{"Numbers", "½ ① x²", "1⁄2 1 x 2"},
        WordCase{"Underscores", "foo_bar _so_ __init__", "foo_bar so init"},
        WordCase{"Address", "a@b.org https://x.org/y?q=1",
                 "a b.org https x.org y q 1"},
        WordCase{"Control",
                 "a\x01"
                 "b",
                 "a b"}),
    [](const auto& named) { return std::string(named.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Elisions, AnalyzerWords,
    testing::Values(WordCase{"French", "l'eau d’accord qu'il jusqu'à",
                             "l eau d accord qu il jusqu a"},
                    WordCase{"FrenchWhole", "aujourd'hui", "aujourd'hui"},
                    WordCase{"Italian", "dell'arte un’altra all'Opera",
                             "dell arte un altra all opera"},
                    WordCase{"Upper", "L'Été D’ARTAGNAN", "l ete d artagnan"},
                    WordCase{"PossessiveOfLetter", "dot the t's", "dot the t"},
                    WordCase{"EnglishT", "can't", "can't"},
                    WordCase{"WithPossessive", "l'homme's", "l homme"}),
    [](const auto& named) { return std::string(named.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Scripts, AnalyzerWords,
    testing::Values(WordCase{"Russian", "Ёлка МОСКВА", "елка москва"},
                    WordCase{"Greek", "Οδυσσέας", "οδυσσεασ"},
                    WordCase{"Arabic", "كتَابٌ أحمد مــد", "كتاب احمد مد"},
                    WordCase{"Persian", "می\u200cخواهم", "میخواهم"},
                    WordCase{"Hebrew", "שָׁלוֹם צה״ל", "שלום צה״ל"},
                    WordCase{"Hindi", "हिन्दी किताबें", "हिन्दी किताबें"},
                    WordCase{"Tamil", "தமிழ்", "தமிழ்"},
                    WordCase{"Thai", "ภาษาไทย", "ภาษา ไทย"},
                    WordCase{"Lao", "ພາສາລາວ", "ພາສາ ລາວ"},
                    WordCase{"Khmer", "ភាសាខ្មែរ", "ភាសាខ្មែរ"},
                    WordCase{"Vietnamese", "Việt Nam đẹp", "viet nam dep"},
                    WordCase{"Chinese", "中文2024年", "中 文 2024 年"},
                    WordCase{"HalfWidthKana", "ﾊﾟﾝ", "パ ン"},
                    WordCase{"Korean", "한국어 A", "한 국 어 a"},
                    WordCase{"Emoji", "ok 👍🏽 ❤️ 🇩🇪🇫🇷",
                             "ok 👍🏽 ❤ 🇩🇪 🇫🇷"},
                    WordCase{"EmojiFamily", "👩‍👩‍👧",
                             "👩‍👩‍👧"},
                    WordCase{"Keycap", "5️⃣", "5"}),
    [](const auto& named) { return std::string(named.param.name); });

struct StemCase {
  std::string_view language;
  std::string_view text;
  std::string_view stems;
};

void PrintTo(const StemCase& c, std::ostream* out) { *out << c.language; }

class AnalyzerStems : public testing::TestWithParam<StemCase> {};

TEST_P(AnalyzerStems, AreOfTheLanguage) {
  EXPECT_EQ(Stems(GetParam().text, GetParam().language), GetParam().stems);
}

INSTANTIATE_TEST_SUITE_P(
    Languages, AnalyzerStems,
    testing::Values(
        StemCase{"en", "Running economies' children’s", "run economi children"},
        StemCase{"de", "Häuser schöne Bücher", "haus schon buch"},
        StemCase{"fr", "l’été chevaux élèves", "l ete cheval elev"},
        StemCase{"es", "canciones niños", "cancion nin"},
        StemCase{"it", "dell'arte città", "dell arte citt"},
        StemCase{"pt", "canções", "canco"},
        StemCase{"ro", "țările ţările", "tar tar"},
        StemCase{"ru", "книгами ёлки", "книг елк"},
        StemCase{"tr", "KİTAPLARI kitaplar İstanbul'da ISIRDI",
                 "kitap kitap istanbul isir"},
        StemCase{"el", "ΚΑΛΗΜΕΡΑ καλημέρα", "καλημερ καλημερ"},
        StemCase{"hi", "किताबें", "किताब"}, StemCase{"ar", "الكتاب", "كتاب"},
        StemCase{"fi", "taloissa", "talo"}, StemCase{"nb", "husene", "hus"},
        StemCase{"vi", "Việt ĐẸP", "việt đẹp"},
        StemCase{"und", "Running CAFÉ", "running cafe"},
        StemCase{"xx", "Running", "running"},
        StemCase{"", "Running", "running"}),
    [](const auto& named) {
      const std::string name(named.param.language);
      return name.empty() ? std::string("none") : name;
    });

TEST(Analyzer, KeepsTheSpellingOfAccents) {
  Analyzer analyzer;
  const std::vector<Token> tokens =
      analyzer.Analyze("R\u00e9sume\u0301 resume \u0130ZM\u0130R", "en");
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens[0].word, "resume");
  EXPECT_EQ(tokens[0].spelling, "r\u00e9sum\u00e9");
  EXPECT_EQ(tokens[0].stem, "resum");
  EXPECT_EQ(tokens[1].spelling, "");
  EXPECT_EQ(tokens[1].stem, "resum");
  EXPECT_EQ(tokens[2].word, "izmir");
}

TEST(Analyzer, KnowsEveryStemmer) {
  const std::map<std::string_view, std::string_view> changed = {
      {"ar", "الكتاب"},  {"ca", "cançons"},      {"da", "husene"},
      {"de", "häuser"},  {"el", "σπίτια"},       {"en", "houses"},
      {"es", "casas"},   {"eu", "etxeak"},       {"fi", "taloissa"},
      {"fr", "maisons"}, {"ga", "mbád"},         {"hi", "किताबें"},
      {"hu", "házak"},   {"hy", "ուսանողներին"}, {"id", "rumahnya"},
      {"it", "case"},    {"lt", "namai"},        {"ne", "घरहरू"},
      {"nl", "huizen"},  {"no", "husene"},       {"pt", "casas"},
      {"ro", "casele"},  {"ru", "дома"},         {"sr", "куће"},
      {"sv", "husen"},   {"ta", "வீடுகள்"},        {"tr", "evler"},
      {"yi", "הײַזער"}};
  for (const auto& [language, word] : changed) {
    EXPECT_NE(Stems(word, language), Stems(word, "und")) << language;
  }
}

TEST(Analyzer, MakesBigramsOfRuns) {
  Analyzer analyzer;
  const std::vector<Token> tokens = analyzer.Analyze("東京タ、a 한", "ja");
  ASSERT_EQ(tokens.size(), 5U);
  EXPECT_EQ(tokens[0].stem, "東京");
  EXPECT_TRUE(tokens[0].joins_next);
  EXPECT_EQ(tokens[1].stem, "京タ");
  EXPECT_TRUE(tokens[1].joins_next);
  EXPECT_EQ(tokens[2].stem, "タ");
  EXPECT_FALSE(tokens[2].joins_next);
  EXPECT_TRUE(tokens[2].is_character);
  EXPECT_EQ(tokens[3].stem, "a");
  EXPECT_FALSE(tokens[3].is_character);
  EXPECT_EQ(tokens[4].stem, "한");
  EXPECT_FALSE(tokens[4].joins_next);
}

TEST(Analyzer, GivesSpansOfTheOriginal) {
  EXPECT_THAT(
      Surfaces("The U.S. ﬁrm’s l’eau, 1,400 e\u0301. _so_"),
      ElementsAre("The", "U.S", "ﬁrm’s", "l", "eau", "1,400", "e\u0301", "so"));
}

TEST(Analyzer, SplitsTheSameInEveryLanguage) {
  Analyzer analyzer;
  const std::string text = "L’été à İstanbul'da 東京 ภาษาไทย don't";
  const std::vector<Token> expected = analyzer.Analyze(text, "und");
  for (const char* language : {"en", "fr", "tr", "ja", "th"}) {
    const std::vector<Token> tokens = analyzer.Analyze(text, language);
    ASSERT_EQ(tokens.size(), expected.size());
    for (size_t i = 0; i < tokens.size(); ++i) {
      EXPECT_EQ(tokens[i].start, expected[i].start);
      EXPECT_EQ(tokens[i].word, expected[i].word);
    }
  }
}

TEST(Analyzer, CutsLongWordsOnACharacter) {
  Analyzer analyzer;
  for (const std::string_view letter : {"a", "é", "ж", "क्ष"}) {
    std::string text;
    while (text.size() < 3000) {
      text += letter;
    }
    const std::vector<Token> tokens = analyzer.Analyze(text, "en");
    ASSERT_EQ(tokens.size(), 1U);
    EXPECT_EQ(tokens[0].end, text.size());
    EXPECT_LE(tokens[0].word.size(), kMaxWordBytes);
    EXPECT_GT(tokens[0].word.size(), kMaxWordBytes - 16);
    EXPECT_LE(tokens[0].stem.size(), kMaxWordBytes);
    EXPECT_EQ(FindInvalidUtf8(tokens[0].word), std::string_view::npos);
  }
}

TEST(Analyzer, StampNamesTheLibraries) {
  EXPECT_THAT(Analyzer::Stamp(), testing::HasSubstr("icu-"));
  EXPECT_THAT(Analyzer::Stamp(), testing::HasSubstr("snowball-"));
}

TEST(Analyzer, StopsWhereThereIsNoTime) {
  Analyzer analyzer;
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "word" + std::to_string(i) + " ";
  }
  int asked = 0;
  EXPECT_FALSE(analyzer.Analyze(text, "en", [&] { return ++asked == 3; }));
  EXPECT_EQ(asked, 3);
  const auto whole = analyzer.Analyze(text, "en", [] { return false; });
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->size(), 5000U);
  EXPECT_TRUE(analyzer.Analyze("a few words", "en", [] { return true; }));
}

// "US" and "U.S." are one, and not the pronoun; other words do not care.
TEST(Acronyms, AreToldFromFunctionWords) {
  Analyzer analyzer;
  std::vector<std::string> stems;
  for (const Token& token : analyzer.Analyze(
           "US U.S. u.s. us Us US’s US's IT it NATO Nato U.S.A.", "en")) {
    stems.push_back(token.stem + (token.is_acronym ? "!" : ""));
  }
  EXPECT_THAT(stems,
              ElementsAre("us.!", "us.!", "us.!", "us", "us", "us.!", "us.!",
                          "it.!", "it", "nato!", "nato", "usa!"));
  EXPECT_EQ(analyzer.Analyze("US", "de").front().stem, "us");
  EXPECT_FALSE(analyzer.Analyze("1.5", "en").front().is_acronym);
  EXPECT_FALSE(analyzer.Analyze("I", "en").front().is_acronym);
}

}  // namespace
}  // namespace footnote::text
