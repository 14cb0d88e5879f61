#include "indexer/text/quantities.h"

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Returns "spelling=key" of the quantities of a text.
std::vector<std::string> Find(const std::string& text,
                              const std::string& language = "en") {
  std::vector<std::string> found;
  for (const Quantity& quantity : FindQuantities(text, language)) {
    found.push_back(text.substr(quantity.start, quantity.end - quantity.start) +
                    "=" + quantity.key);
  }
  return found;
}

struct Case {
  const char* name;
  const char* key;
  std::vector<std::string> spellings;  // each is all of its text
  const char* language = "en";
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

class Spellings : public testing::TestWithParam<Case> {};

TEST_P(Spellings, AreOneQuantity) {
  for (const std::string& spelling : GetParam().spellings) {
    const std::string expected = spelling + "=" + GetParam().key;
    EXPECT_THAT(Find(spelling, GetParam().language), ElementsAre(expected));
    // Within a sentence as well.
    EXPECT_THAT(
        Find("It was " + spelling + ", said they.", GetParam().language),
        ElementsAre(expected));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Spellings,
    testing::Values(
        Case{"Dollars",
             "money/USD/5000000000",
             {"$5 billion", "5bn dollars", "USD 5,000,000,000", "US$5B", "$5bn",
              "US$ 5 billion", "5 billion US dollars", "5 billion U.S. dollars",
              "5,000 million dollars", "$5,000m", "$5.0 billion",
              "5 billion USD", "five billion dollars",
              "5 billion American dollars", "$5-billion", "＄５ billion",
              "$5\u00A0billion", "5'000'000'000 dollars"}},
        Case{"German",
             "money/USD/5000000000",
             {"5 Milliarden Dollar", "5 Mrd. Dollar", "5.000 Mio. US-Dollar",
              "5,0 Milliarden US-Dollar", "5.000.000.000 $"},
             "de"},
        Case{"French",
             "money/USD/5000000000",
             {"5 milliards de dollars", "5 000 millions de dollars",
              "5,0 milliards $"},
             "fr"},
        Case{"Spanish",
             "money/USD/5000000000",
             {"5.000 millones de dólares", "5 mil millones de dólares"},
             "es"},
        Case{"Euros",
             "money/EUR/3500000",
             {"€3.5 million", "€ 3,50 million", "3.5 million euros",
              "EUR 3,500,000", "€3.5m", "3,500,000 €"}},
        Case{
            "FrenchEuros",
            "money/EUR/3500000",
            {"3,5 millions d'euros", "3,5 millions d’euros", "3 500 000 euros"},
            "fr"},
        Case{"Pounds",
             "money/GBP/1200000",
             {"£1.2m", "£1.2 million", "1.2 million pounds sterling",
              "GBP 1,200,000"}},
        Case{"OtherDollars",
             "money/CAD/3",
             {"C$3", "CA$3", "3 Canadian dollars", "CAD 3"}},
        Case{"Percent",
             "percent/5",
             {"5%", "5 %", "5 percent", "5 per cent", "five per cent",
              "five percent", "5.0 %", "５％", "5 pct", "5-percent"}},
        Case{"PercentOthers",
             "percent/4.5",
             {"4,5 Prozent", "4,5 %", "4,5 pour cent", "4,5 por ciento"},
             "de"},
        Case{"Negative", "percent/-2.5", {"-2.5%", "−2.5 percent"}},
        Case{"Million",
             "number/1000000",
             {"1,000,000", "1000000", "1 million", "one million", "1’000’000"}},
        Case{"GermanMillion",
             "number/1000000",
             {"1.000.000", "1 Million", "1 Mio."},
             "de"},
        Case{"Power",
             "unit/W/1500000000",
             {"1.5 GW", "1,500 MW", "1.5GW", "1.5 gigawatts", "1,500 megawatts",
              "1.5-gigawatt"}},
        Case{"Energy",
             "unit/Wh/20000",
             {"20 kWh", "20 kilowatt-hours", "20 kilowatt hours", "20,000 Wh"}},
        Case{"Data",
             "unit/B/2000000000",
             {"2 GB", "2GB", "2,000 MB", "2 gigabytes", "two gigabytes"}},
        Case{"Length",
             "unit/m/3000",
             {"3 km", "3km", "3 kilometres", "3 kilometers", "3,000 m",
              "3,000 meters"}},
        Case{"Speed", "unit/km/h/100", {"100 km/h"}},
        Case{"Mass", "unit/g/0.25", {"250 mg", "0.25 g", "0.00025 kg"}},
        Case{"Date",
             "date/2026-04-21",
             {"21 April 2026", "April 21, 2026", "2026-04-21", "21.04.2026",
              "Apr 21st 2026", "21st of April, 2026", "21. April 2026",
              "21 avril 2026", "21 de abril de 2026", "4/21/2026", "21/04/2026",
              "Apr. 21, 2026", "2026/04/21", "2026年4月21日", "21-Apr-2026"}},
        Case{"Month",
             "date/2026-04",
             {"April 2026", "Apr. 2026", "avril 2026", "abril de 2026",
              "2026年4月"}}),
    [](const auto& test) { return std::string(test.param.name); });

// Parts of other things are no quantities.
TEST(Quantities, AreNotFoundInOthers) {
  for (const char* text : {"",
                           "5",
                           "2026",
                           "in 1999 they",
                           "1.2.3",
                           "10:30",
                           "3-5%",
                           "2019-2020",
                           "192.168.0.1",
                           "COVID-19",
                           "B2B",
                           "5th",
                           "3/4",
                           "03/04/2026",
                           "30.02.2026",
                           "2026-13-01",
                           "twenty-five percentage",
                           "v2.0",
                           "5x",
                           "$",
                           "%",
                           "€ and $",
                           "percent",
                           "million",
                           "April",
                           "April is",
                           "100 km²",
                           "1,2,3",
                           "one of them",
                           "5.5",
                           "June 31, 2026",
                           "$5-6 billion"}) {
    EXPECT_THAT(Find(text), IsEmpty()) << text;
  }
}

TEST(Quantities, MeanWhatTheirLanguageDoes) {
  EXPECT_THAT(Find("1.500 MW", "en"), ElementsAre("1.500 MW=unit/W/1500000"));
  EXPECT_THAT(Find("1.500 MW", "de"),
              ElementsAre("1.500 MW=unit/W/1500000000"));
  EXPECT_THAT(Find("1,500 MW", "de"), ElementsAre("1,500 MW=unit/W/1500000"));
  EXPECT_THAT(Find("2 billion", "en"),
              ElementsAre("2 billion=number/2000000000"));
  EXPECT_THAT(Find("2 billions", "fr"),
              ElementsAre("2 billions=number/2000000000000"));
}

TEST(Quantities, StandBesideEachOther) {
  EXPECT_THAT(
      Find("On 2026-04-21T09:30 sales rose 4.5% to $1.2bn (from €900m), or "
           "1,000 units."),
      ElementsAre("2026-04-21=date/2026-04-21", "4.5%=percent/4.5",
                  "$1.2bn=money/USD/1200000000", "€900m=money/EUR/900000000",
                  "1,000=number/1000"));
  EXPECT_THAT(Find("売上は2026年4月21日に50％"),
              ElementsAre("2026年4月21日=date/2026-04-21", "50％=percent/50"));
}

TEST(Quantities, AreExact) {
  EXPECT_THAT(Find("$0.1 billion"),
              ElementsAre("$0.1 billion=money/USD/100000000"));
  EXPECT_THAT(Find("$123,456,789,012,345,678.90"),
              ElementsAre("$123,456,789,012,345,678.90=money/USD/"
                          "123456789012345678.9"));
  EXPECT_THAT(Find("0.000 %"), ElementsAre("0.000 %=percent/0"));
  EXPECT_THAT(Find(std::string(31, '9') + " %"), IsEmpty());
}

// Spans are in order, apart and on grapheme boundaries, whatever the text.
TEST(Quantities, HaveGoodSpansInAnyText) {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {
      "5",    "$",  "€",  " ",   "billion", "%",    ",", ".",    "-",
      "bn",   "km", "W",  "USD", "April",   "2026", "0", "é",    "\u0301",
      "five", "de", "d'", "年",  "月",      "１",   "/", "U.S.", "\u00A0"};
  size_t found = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (size_t count = random() % 12; count > 0; --count) {
      text += pieces[random() % pieces.size()];
    }
    uint32_t at = 0;
    for (const Quantity& quantity :
         FindQuantities(text, random() % 2 == 0 ? "en" : "de")) {
      ASSERT_LE(at, quantity.start) << text;
      ASSERT_LT(quantity.start, quantity.end) << text;
      ASSERT_LE(quantity.end, text.size()) << text;
      ASSERT_TRUE(IsGraphemeBoundary(text, quantity.start)) << text;
      ASSERT_TRUE(IsGraphemeBoundary(text, quantity.end)) << text;
      at = quantity.end;
      ++found;
    }
  }
  EXPECT_GT(found, 2000U);
}

}  // namespace
}  // namespace footnote::text
