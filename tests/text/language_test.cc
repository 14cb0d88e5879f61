#include "indexer/text/language.h"

#include <ostream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace footnote::text {
namespace {

struct LanguageCase {
  const char* name;
  std::string_view text;
  std::string_view language;
};

void PrintTo(const LanguageCase& c, std::ostream* out) { *out << c.name; }

class Detect : public testing::TestWithParam<LanguageCase> {};

TEST_P(Detect, NamesTheLanguage) {
  EXPECT_EQ(DetectLanguage(GetParam().text), GetParam().language);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Detect,
    testing::Values(
        LanguageCase{"Empty", "", "und"}, LanguageCase{"Digits", "123", "und"},
        LanguageCase{"English",
                     "The committee met on Tuesday to discuss the budget.",
                     "en"},
        LanguageCase{"German", "Der Ausschuss trat am Dienstag zusammen.",
                     "de"},
        LanguageCase{"French", "Le comité s'est réuni mardi pour discuter.",
                     "fr"},
        LanguageCase{"Spanish", "El comité se reunió el martes en la ciudad.",
                     "es"},
        LanguageCase{"Turkish", "Komite bütçeyi görüşmek için salı toplandı.",
                     "tr"},
        LanguageCase{"Vietnamese", "Ủy ban đã họp hôm thứ Ba để thảo luận.",
                     "vi"},
        LanguageCase{"Russian", "Комитет собрался во вторник в Москве.", "ru"},
        LanguageCase{"Arabic", "اجتمعت اللجنة يوم الثلاثاء لمناقشة الميزانية",
                     "ar"},
        LanguageCase{"Hindi", "समिति की बैठक मंगलवार को हुई और बजट पर चर्चा की।",
                     "hi"},
        LanguageCase{"Chinese", "委员会星期二开会讨论预算问题。", "zh"},
        LanguageCase{"ChineseTraditional", "委員會星期二開會討論預算問題。",
                     "zh"},
        LanguageCase{"Japanese", "委員会は火曜日に予算を議論した。", "ja"},
        LanguageCase{"Korean", "위원회는 화요일에 예산을 논의했다.", "ko"},
        LanguageCase{"ShortThai", "สวัสดี", "th"},
        LanguageCase{"ShortGreek", "Καλημέρα", "el"},
        LanguageCase{"ShortHangul", "안녕", "ko"},
        LanguageCase{"ShortKana", "これ", "ja"},
        LanguageCase{"ShortHebrew", "שלום", "he"},
        LanguageCase{"Hebrew", "הוועדה התכנסה ביום שלישי לדון בתקציב", "he"}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(DetectLanguage, LooksAllOverALongText) {
  std::string text = "Table 1. ";
  while (text.size() < 200000) {
    text += "Der Ausschuss trat am Dienstag zusammen, um zu beraten. ";
  }
  EXPECT_EQ(DetectLanguage(text), "de");
}

TEST(DetectLanguage, IsThreadSafe) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int k = 0; k < 50; ++k) {
        EXPECT_EQ(DetectLanguage("The committee met on Tuesday in the city."),
                  "en");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(PrimaryLanguage, TakesTagsAsPeopleWriteThem) {
  EXPECT_EQ(PrimaryLanguage("en"), "en");
  EXPECT_EQ(PrimaryLanguage("EN"), "en");
  EXPECT_EQ(PrimaryLanguage("en-US"), "en");
  EXPECT_EQ(PrimaryLanguage("pt_BR"), "pt");
  EXPECT_EQ(PrimaryLanguage("zh-Hant-TW"), "zh");
  EXPECT_EQ(PrimaryLanguage("gsw"), "gsw");
  EXPECT_EQ(PrimaryLanguage("und"), "und");
}

TEST(PrimaryLanguage, RefusesWhatIsNoTag) {
  for (const char* tag : {"", "e", "-en", "12", "e1", "en US", "énglish",
                          "abcdefghi", "\"en\""}) {
    EXPECT_EQ(PrimaryLanguage(tag), "") << tag;
  }
}

}  // namespace
}  // namespace footnote::text
