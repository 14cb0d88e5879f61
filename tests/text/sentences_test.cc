#include "indexer/text/sentences.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace footnote::text {
namespace {

// Returns the sentences with a sign after each for what comes then: "|" the
// same line, "/" one line break, "#" a paragraph's end; white space is trimmed.
std::string Split(std::string_view text, std::string_view language) {
  std::string shown;
  for (const Sentence& sentence : SplitSentences(text, language)) {
    std::string_view piece =
        text.substr(sentence.start, sentence.end - sentence.start);
    while (!piece.empty() && std::string_view(" \n\r\t").find(piece.back()) !=
                                 std::string_view::npos) {
      piece.remove_suffix(1);
    }
    shown += piece;
    shown += sentence.after == BreakKind::kSentence ? "|"
             : sentence.after == BreakKind::kLine   ? "/"
                                                    : "#";
  }
  return shown;
}

struct SentenceCase {
  const char* name;
  std::string_view language;
  std::string_view text;
  std::string_view shown;
};

void PrintTo(const SentenceCase& c, std::ostream* out) { *out << c.name; }

class Sentences : public testing::TestWithParam<SentenceCase> {};

TEST_P(Sentences, EndWhereTheyShould) {
  EXPECT_EQ(Split(GetParam().text, GetParam().language), GetParam().shown);
}

std::string NameOf(const testing::TestParamInfo<SentenceCase>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    English, Sentences,
    testing::Values(
        SentenceCase{"Empty", "en", "", ""},
        SentenceCase{"Plain", "en", "One here. Two! Three? Four",
                     "One here.|Two!|Three?|Four#"},
        SentenceCase{"OnlySpace", "en", " \n ", "#"},
        SentenceCase{"Titles", "en", "Dr. Smith met Mrs. Jones. Prof. X left.",
                     "Dr. Smith met Mrs. Jones.|Prof. X left.#"},
        SentenceCase{"Initials", "en", "J. K. Rowling and George W. Bush met.",
                     "J. K. Rowling and George W. Bush met.#"},
        SentenceCase{"UsBefore", "en", "The U.S. Army left. It won.",
                     "The U.S. Army left.|It won.#"},
        SentenceCase{"UsLast", "en", "She moved to the U.S. The year was 1990.",
                     "She moved to the U.S.|The year was 1990.#"},
        SentenceCase{"Inc", "en", "Acme Inc. Chairman Lee quit. Acme Inc. It.",
                     "Acme Inc. Chairman Lee quit.|Acme Inc.|It.#"},
        SentenceCase{"Latin", "en", "Fruit, e.g. Apples, i.e. Food etc. is ok.",
                     "Fruit, e.g. Apples, i.e. Food etc. is ok.#"},
        SentenceCase{"Number", "en",
                     "See No. 5 and p. 7. He said no. Then left.",
                     "See No. 5 and p. 7.|He said no.|Then left.#"},
        SentenceCase{"Months", "en", "Born Jan. 5 in Sept. The end.",
                     "Born Jan. 5 in Sept.|The end.#"},
        SentenceCase{"Decimals", "en", "It rose 3.5 percent. Then 2.",
                     "It rose 3.5 percent.|Then 2.#"},
        SentenceCase{"Url", "en", "See http://a.b/?q=1!x and more. Yes.",
                     "See http://a.b/?q=1!x and more.|Yes.#"},
        SentenceCase{"Quotes", "en", "\"Go.\" He went. “Stay.” (Or not.) End.",
                     "\"Go.\"|He went.|“Stay.”|(Or not.)|End.#"},
        SentenceCase{"Speech", "en", "\"What?\" he asked. \"No!\" she said.",
                     "\"What?\" he asked.|\"No!\" she said.#"},
        SentenceCase{"Ellipsis", "en", "Well... maybe. Wait... Now go…  Yes.",
                     "Well... maybe.|Wait...|Now go…|Yes.#"},
        SentenceCase{"Notes", "en", "As shown.[12] Next one.[1][2] Last.",
                     "As shown.[12]|Next one.[1][2]|Last.#"},
        SentenceCase{"List", "en", "1. Cut it. 2. Eat it.",
                     "1. Cut it.|2. Eat it.#"},
        SentenceCase{"Emphasis", "en", "**Note.** Read it.",
                     "**Note.**|Read it.#"},
        SentenceCase{"Tokenised", "en", "the flow is slow . the plate is hot .",
                     "the flow is slow .|the plate is hot .#"},
        SentenceCase{"Versus", "en", "Smith vs. Jones et al. Cited here.",
                     "Smith vs. Jones et al. Cited here.#"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Lines, Sentences,
    testing::Values(
        SentenceCase{"Wrapped", "en", "This is hard\nwrapped text\nof prose.",
                     "This is hard\nwrapped text\nof prose.#"},
        SentenceCase{"WrappedAfterArticle", "en",
                     "He went to the\nUnited Nations.",
                     "He went to the\nUnited Nations.#"},
        SentenceCase{"WrappedAfterComma", "en", "In Rome,\nCaesar won.",
                     "In Rome,\nCaesar won.#"},
        SentenceCase{"WrappedAtEnd", "en", "It ends.\nNext starts.",
                     "It ends./Next starts.#"},
        SentenceCase{"Heading", "en", "Heading\nText of it.",
                     "Heading/Text of it.#"},
        SentenceCase{"Items", "en", "- one\n- two\n* three\n1. four\n(a) five",
                     "- one/- two/* three/1. four/(a) five#"},
        SentenceCase{"Blank", "en", "no end\n\nnext one", "no end#next one#"},
        SentenceCase{"BlankCrlf", "en", "no end\r\n\r\nnext one",
                     "no end#next one#"},
        SentenceCase{"BlankSpaces", "en", "no end\n \t\nnext one",
                     "no end#next one#"},
        SentenceCase{"BlankAfterAbbreviation", "en", "by Mr.\n\nnext one",
                     "by Mr.#next one#"},
        SentenceCase{"OneCrlf", "en", "One.\r\nTwo.", "One./Two.#"},
        SentenceCase{"Leading", "en", "\n\n One. Two.", "\n\n One.|Two.#"},
        SentenceCase{"LastNewline", "en", "One.\nTwo.\n", "One./Two.#"},
        SentenceCase{"ParagraphSeparator", "en", "one\u2029two",
                     "one\u2029#two#"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Languages, Sentences,
    testing::Values(
        SentenceCase{"Chinese", "zh", "今天晴。明天雨！真的？好，走。",
                     "今天晴。|明天雨！|真的？|好，走。#"},
        SentenceCase{"Japanese", "ja", "「はい。」と言った。「行こう。」次。",
                     "「はい。」と言った。|「行こう。」|次。#"},
        SentenceCase{"Hindi", "hi", "यह है। वह था। अंत", "यह है।|वह था।|अंत#"},
        SentenceCase{"Arabic", "ar", "هل هذا؟ نعم. لا", "هل هذا؟|نعم.|لا#"},
        SentenceCase{"German", "de", "Am 3. Oktober z.B. Müller. Der Rest.",
                     "Am 3. Oktober z.B. Müller.|Der Rest.#"},
        SentenceCase{"GermanYear", "de", "Das war 1990. Danach kam er.",
                     "Das war 1990.|Danach kam er.#"},
        SentenceCase{"French", "fr", "M. Dupont et Mme. Curie. Elle part.",
                     "M. Dupont et Mme. Curie.|Elle part.#"},
        SentenceCase{"Spanish", "es", "El Sr. López. ¿Qué? ¡No! Sí.",
                     "El Sr. López.|¿Qué?|¡No!|Sí.#"},
        SentenceCase{"Russian", "ru", "А. С. Пушкин, т.е. Поэт. Он жил.",
                     "А. С. Пушкин, т.е. Поэт.|Он жил.#"},
        SentenceCase{"Greek", "el", "Τι είναι; Δεν ξέρω.",
                     "Τι είναι;|Δεν ξέρω.#"},
        SentenceCase{"Turkish", "tr", "Dr. Ali geldi. Prof. Veli gitti.",
                     "Dr. Ali geldi.|Prof. Veli gitti.#"}),
    NameOf);

std::string Repeat(std::string_view piece, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += piece;
  }
  return text;
}

TEST(SplitSentences, EndsLongThaiAtSpaces) {
  const std::string text = Repeat("ภาษาไทยง่ายนิดเดียว ", 100);
  const std::vector<Sentence> sentences = SplitSentences(text, "th");
  EXPECT_GT(sentences.size(), 5U);
  for (size_t i = 0; i + 1 < sentences.size(); ++i) {
    EXPECT_EQ(text[sentences[i].end - 1], ' ');
    EXPECT_LT(sentences[i].end - sentences[i].start, 800U);
  }
}

TEST(SplitSentences, CutsLongSentencesAtWords) {
  const std::string text = Repeat("word ", 2000);
  const std::vector<Sentence> sentences = SplitSentences(text, "en");
  ASSERT_EQ(sentences.size(), 5U);
  EXPECT_EQ(sentences[0].end, kMaxSentenceBytes);
  EXPECT_EQ(sentences[0].after, BreakKind::kSentence);
  EXPECT_EQ(sentences.back().after, BreakKind::kParagraph);
}

}  // namespace
}  // namespace footnote::text
