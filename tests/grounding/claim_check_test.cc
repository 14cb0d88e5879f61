// What a claim says that a short text does not.

#include "server/grounding/claim_check.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::grounding {
namespace {

// A claim about a text, and the piece of it that disagrees: "" where it is
// supported, "?" where the text does not say it.
struct Judged {
  const char* claim;
  const char* piece;
};

struct Case {
  const char* name;
  const char* text;
  std::vector<Judged> claims;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

constexpr double kThreshold = 0.6;

ClaimVerdict VerdictOf(const std::string& text, const std::string& claim,
                       const std::string& language) {
  Evidence evidence(nullptr);
  EXPECT_THAT(evidence.Add({text, language, "", 0}, {}), IsOk());
  evidence.Finish();
  StatementReader reader;
  const Statement statement = reader.Read(claim, language);
  return CheckClaim(ClaimAlignment(evidence, statement, claim, language));
}

// Returns the pieces that disagree, ", " between them; "?" where there are none
// and the score is low.
std::string Check(const std::string& text, const std::string& claim,
                  const std::string& language = "en") {
  const ClaimVerdict verdict = VerdictOf(text, claim, language);
  std::string pieces;
  for (const Disagreement& each : verdict.disagreements) {
    pieces += (pieces.empty() ? "" : ", ") +
              claim.substr(each.start, each.end - each.start);
  }
  return pieces.empty() && verdict.score < kThreshold ? "?" : pieces;
}

class ClaimCheck : public testing::TestWithParam<Case> {};

TEST_P(ClaimCheck, NamesWhatDisagrees) {
  for (const Judged& judged : GetParam().claims) {
    EXPECT_EQ(Check(GetParam().text, judged.claim), judged.piece)
        << judged.claim;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ClaimCheck,
    testing::Values(
        Case{
            "Museum",
            "The museum in Leeds opened its new wing on 3 June 2019 after six "
            "years of building work. The wing cost £42 million, of which the "
            "city paid a third, and it was designed by Maria Okafor. Curators "
            "expect about 900,000 visitors a year. The old hall will stay "
            "closed until 2021 because its roof might collapse. Entry is free "
            "for children under 12, but adults must pay 9 pounds.",
            {
                {"The new wing of the Leeds museum cost 42 million pounds.",
                 ""},
                {"Maria Okafor designed the wing.", ""},
                {"The wing was opened in June 2019.", ""},
                {"Building the new wing took six years.", ""},
                {"Children under twelve do not pay for entry.", ""},
                {"The museum's old hall stays shut until 2021.", ""},
                {"The roof of the old hall could collapse.", ""},
                {"Adults have to pay £9.", ""},
                {"The curators anticipate some 900,000 visitors per year.", ""},
                {"The new wing cost £24 million.", "£24 million"},
                {"The museum opened its new wing on 3 July 2019.",
                 "3 July 2019"},
                {"The building work on the new wing took eight years.",
                 "eight years"},
                {"The wing was designed by Daniel Okafor.", "Daniel Okafor"},
                {"The museum in York opened a new wing in 2019.", "York"},
                {"The roof of the old hall will collapse.", "will collapse"},
                {"Adults may pay 9 pounds.", "may pay"},
                {"The old hall will not stay closed until 2021.",
                 "will not stay"},
                {"The old hall will stay closed until 2022.", "2022"},
                {"Curators expect about 90,000 visitors a year.", "90,000"},
                {"The wing has attracted 900,000 visitors a year.",
                 "has attracted 900,000"},
                {"The museum's restaurant serves local beer.", "?"},
                {"Maria Okafor was born in Lagos.", "Lagos"},
                {"The museum employs 300 people.", "?"},
            }},
        Case{"Fusion",
             "Helion Energy said on Tuesday that its third reactor had reached "
             "a temperature of 150 million degrees Celsius. The company plans "
             "to deliver electricity to Microsoft by 2028, though analysts "
             "doubt that the schedule can be met. In the first quarter of 2024 "
             "it raised $500 million from Sam Altman and other investors. Its "
             "rival Commonwealth Fusion did not comment. Revenue fell by 12 "
             "percent last year, and the workforce shrank from 410 to 320 "
             "people.",
             {
                 {"Helion's third reactor got to 150 million degrees.", ""},
                 {"Microsoft is to be supplied with electricity by 2028, "
                  "according to Helion's plans.",
                  ""},
                 {"Sam Altman is among the investors who gave Helion $500m.",
                  ""},
                 {"Revenue dropped 12% last year.", ""},
                 {"The workforce went from 410 down to 320.", ""},
                 {"Commonwealth Fusion, a competitor, made no comment.", ""},
                 {"Analysts have doubts about the schedule.", ""},
                 {"Helion Energy made the statement on a Tuesday.", ""},
                 {"Helion Energy said on Thursday that its third reactor "
                  "reached 150 million degrees.",
                  "Thursday"},
                 {"The third reactor had reached a temperature of 250 million "
                  "degrees Celsius.",
                  "250 million"},
                 {"The company plans to deliver electricity to Google by 2028.",
                  "Google"},
                 {"Revenue rose by 12 percent last year.", "rose"},
                 {"In the second quarter of 2024 Helion raised $500 million.",
                  "second"},
                 {"Revenue fell by 2 percent last year.", "2 percent"},
                 {"Helion raised $500 billion from Sam Altman and other "
                  "investors.",
                  "$500 billion"},
                 {"Its rival Commonwealth Fusion commented.", "commented"},
                 {"The workforce grew from 410 to 320 people.", "grew"},
                 {"The company already delivers electricity to Microsoft.",
                  "already delivers"},
                 {"In early 2024 the company raised $500 million from Elon "
                  "Musk and other investors.",
                  "Elon Musk"},
                 {"Its fifth reactor had reached a temperature of 150 million "
                  "degrees Celsius.",
                  "fifth"},
                 {"Helion Energy was founded in Everett.", "Everett"},
                 {"Sam Altman sits on the board of Helion.", "?"},
             }},
        Case{
            "Parliament",
            "According to Reuters, the parliament of Norway approved the bill "
            "by 98 votes to 71 on 14 March 2023. The law forbids fishing "
            "within 20 kilometres of the coast of Svalbard, except by local "
            "boats shorter than 15 metres. Environment minister Espen Barth "
            "Eide called it a historic step. The fishermen's union has "
            "appealed, and a court in Oslo may suspend the law. Fines are "
            "likely to reach 2 million kroner. Russia was not consulted.",
            {
                {"Norway's parliament passed the bill with 98 votes against "
                 "71.",
                 ""},
                {"Fishing less than 20 km from Svalbard's coast is banned by "
                 "the law.",
                 ""},
                {"Local boats under 15 metres are exempt.", ""},
                {"The minister for the environment, Espen Barth Eide, spoke of "
                 "a historic step.",
                 ""},
                {"A court in Oslo might suspend the law.", ""},
                {"Russia had not been consulted.", ""},
                {"Fines will probably reach two million kroner.", ""},
                {"The bill was approved in March 2023, Reuters reports.", ""},
                {"The union of fishermen appealed.", ""},
                {"Norway's parliament approved the bill by 89 votes to 71.",
                 "89"},
                {"The parliament of Sweden approved the bill by 98 votes to "
                 "71.",
                 "Sweden"},
                {"The law forbids fishing within 20 miles of the coast of "
                 "Svalbard.",
                 "20 miles"},
                {"The law allows fishing within 20 kilometres of the coast of "
                 "Svalbard.",
                 "allows"},
                {"A court in Oslo has suspended the law.", "has suspended"},
                {"Russia was consulted.", "was consulted"},
                {"A court in Bergen may suspend the law.", "Bergen"},
                {"According to AFP, the parliament of Norway approved the bill "
                 "on 14 March 2023.",
                 "AFP"},
                {"The parliament of Norway rejected the bill by 98 votes to "
                 "71.",
                 "rejected"},
                {"Fines are certain to reach 2 million kroner.", "are certain"},
                {"Local boats longer than 15 metres are excepted.", "longer"},
                {"A court in Oslo must suspend the law.", "must suspend"},
                {"The bill was approved on 14 March 2013.", "14 March 2013"},
                {"The law was drafted by the Liberal Party.", "Liberal Party"},
                {"Espen Barth Eide visited Svalbard in April.", "April"},
            }},
        Case{
            "Enzyme",
            "Researchers at Kyoto University found that the bacterium breaks "
            "down PET plastic in six weeks at 30 °C. The team of Shosuke "
            "Yoshida published the result in Science in 2016. The enzyme, "
            "named PETase, could one day help recycling plants, but it works "
            "too slowly for industry. No company has licensed it so far. "
            "Temperatures above 70 °C destroy the enzyme. The study involved "
            "250 samples from a bottle recycling site in Sakai.",
            {
                {"PETase is the name of the enzyme.", ""},
                {"The bacterium takes six weeks to break down PET at 30 °C.",
                 ""},
                {"So far, no firm has taken a licence for the enzyme.", ""},
                {"The enzyme may help recycling plants in the future.", ""},
                {"The 250 samples came from a recycling site for bottles in "
                 "Sakai.",
                 ""},
                {"Yoshida's team published in the journal Science in 2016.",
                 ""},
                {"For industry the enzyme is too slow.", ""},
                {"The bacterium breaks down PET plastic in two weeks at 30 °C.",
                 "two weeks"},
                {"The team of Shosuke Yoshida published the result in Nature "
                 "in 2016.",
                 "Nature"},
                {"The result was published in Science in 2006.", "2006"},
                {"Researchers at Osaka University found that the bacterium "
                 "breaks down PET plastic.",
                 "Osaka University"},
                {"Several companies have licensed it so far.",
                 "Several companies have licensed"},
                {"The enzyme now helps recycling plants.", "now helps"},
                {"The study involved 2,500 samples from a bottle recycling "
                 "site.",
                 "2,500"},
                {"Temperatures below 70 °C destroy the enzyme.", "below 70 °C"},
                {"The enzyme works fast enough for industry.", "fast"},
                {"The samples were from a bottle recycling site in Kobe.",
                 "Kobe"},
                {"Shosuke Yoshida received a prize for the work.", "?"},
                {"The bacterium also digests nylon.", "?"},
            }},
        Case{"Airline",
             "The airline cancelled 40 of its 300 daily flights because pilots "
             "went on strike. Passengers can claim refunds until the end of "
             "August. Chief executive Anna Lind said that she did not expect a "
             "quick agreement. The union demands a pay rise of 8 percent; the "
             "airline has offered 5 percent. Shares of the company, which are "
             "listed in Stockholm, closed 3.4 percent lower. Flights to "
             "Copenhagen and Oslo are not affected. Before the strike, the "
             "airline employed fewer than 900 pilots.",
             {
                 {"Forty of the airline's 300 daily flights were cancelled "
                  "because of a pilots' strike.",
                  ""},
                 {"Anna Lind, the CEO, does not expect to agree quickly.", ""},
                 {"The union wants 8% more pay, while the airline offers 5%.",
                  ""},
                 {"Passengers may claim their money back until the end of "
                  "August.",
                  ""},
                 {"The shares closed down 3.4 percent.", ""},
                 {"Flights to Oslo and Copenhagen go on as usual.", ""},
                 {"The company is listed in Stockholm.", ""},
                 {"The airline cancelled 30 of its 300 daily flights.", "30"},
                 {"Passengers can claim refunds until the end of July.",
                  "end of July"},
                 {"Chief executive Anna Lind said that she expected a quick "
                  "agreement.",
                  "expected a quick agreement"},
                 {"Shares of the company closed 3.4 percent higher.", "higher"},
                 {"Flights to Copenhagen and Oslo are affected.",
                  "are affected"},
                 {"Shares of the company, which are listed in Helsinki, closed "
                  "3.4 percent lower.",
                  "Helsinki"},
                 {"The union demands a pay rise of 6 percent.", "6 percent"},
                 {"Before the strike, the airline employed more than 900 "
                  "pilots.",
                  "than 900"},
                 {"After the strike, the airline employed fewer than 900 "
                  "pilots.",
                  "After"},
                 {"Passengers cannot claim refunds.", "cannot claim"},
                 {"The airline owns 45 aircraft.", "?"},
                 {"Anna Lind joined the airline from a bank.", "?"},
             }}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ClaimCheckAmounts, AreYearsOrNumbers) {
  const std::string text =
      "The academy schooled more than 1,400 engineers. It opened in 1950 with "
      "1500 students.";
  EXPECT_EQ(Check(text, "The academy schooled more than 1400 engineers."), "");
  EXPECT_EQ(Check(text, "The academy schooled more than 1600 engineers."),
            "1600");
  EXPECT_EQ(Check(text, "It opened with 1,500 students in 1950."), "");
  EXPECT_EQ(Check(text, "It opened with 1,700 students in 1950."), "1,700");
  EXPECT_EQ(Check(text, "It opened with 1500 students in 1951."), "1951");
}

TEST(ClaimCheckAmounts, AreTheSameInEachUnitOfTime) {
  const std::string text = "The flight from Oslo took 90 minutes.";
  EXPECT_EQ(Check(text, "The flight from Oslo took 1.5 hours."), "");
  EXPECT_EQ(Check(text, "The flight from Oslo took 2.5 hours."), "2.5 hours");
  EXPECT_EQ(Check("The test ran for 1440 minutes.", "The test ran for a day."),
            "");
  EXPECT_EQ(Check("The boat carried 2,000 kg of fish.",
                  "The boat carried two tonnes of fish."),
            "");
}

TEST(ClaimCheckSentences, BearAClaimTogether) {
  const std::string text = "Acme was founded in 2023. It had 5 employees.";
  EXPECT_EQ(Check(text, "Acme was founded in 2023 with 5 employees."), "");
  EXPECT_EQ(Check(text, "Acme was founded in 2022 with 5 employees."), "2022");
  EXPECT_EQ(Check(text, "Acme was founded in 2023 with 6 employees."), "6");
}

TEST(ClaimCheckSentences, ContradictOnlyWhatTheySpeakOf) {
  const auto is_contradicted = [](const std::string& text,
                                  const std::string& claim) {
    const ClaimVerdict verdict = VerdictOf(text, claim, "en");
    return std::any_of(
        verdict.disagreements.begin(), verdict.disagreements.end(),
        [](const Disagreement& each) { return each.source.has_value(); });
  };
  EXPECT_FALSE(is_contradicted("The law on AI stands in Berlin and London.",
                               "The Eiffel Tower stands in Paris."));
  EXPECT_FALSE(is_contradicted("A court in Oslo may suspend the law.",
                               "The law was drafted by the Liberal Party."));
  EXPECT_TRUE(is_contradicted("The Eiffel Tower stands in Paris.",
                              "The Eiffel Tower stands in London."));
}

TEST(ClaimCheckAmounts, AreTheSameInWords) {
  const std::string text =
      "The fund lent $200 million to 25 firms in 2020. Its rival schooled "
      "1,400 engineers and lost 100 million euros. The dam holds 125,000 "
      "litres.";
  const std::vector<Judged> claims = {
      {"The fund lent two hundred million dollars to twenty-five firms.", ""},
      {"Its rival schooled fourteen hundred engineers.", ""},
      {"Its rival schooled one thousand four hundred engineers.", ""},
      {"Its rival lost one hundred million euros.", ""},
      {"Its rival lost a hundred million euros.", ""},
      {"The dam holds one hundred and twenty-five thousand litres.", ""},
      {"The fund lent three hundred million dollars to 25 firms.",
       "three hundred million dollars"},
      {"The fund lent $200 million to twenty-six firms.", "twenty-six"},
      {"Its rival schooled fifteen hundred engineers.", "fifteen hundred"}};
  for (const Judged& judged : claims) {
    EXPECT_EQ(Check(text, judged.claim), judged.piece) << judged.claim;
  }
}

TEST(ClaimCheckLanguages, KnowPlainNegation) {
  const std::string german =
      "Der Minister hat den Vertrag am 21. April 2026 unterschrieben.";
  EXPECT_EQ(
      Check(german, "Der Minister hat den Vertrag nicht unterschrieben.", "de"),
      "nicht unterschrieben");
  EXPECT_EQ(Check(german,
                  "Der Minister hat den Vertrag am 12. April 2026 "
                  "unterschrieben.",
                  "de"),
            "12. April 2026");
  EXPECT_EQ(
      Check("Le ministre a signé le contrat de 3 millions d'euros.",
            "Le ministre a signé le contrat de 5 millions d'euros.", "fr"),
      "5 millions d'euros");
}

}  // namespace
}  // namespace footnote::grounding
