// Answers come apart into claims.

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/grounding/claims.h"

namespace footnote::grounding {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kExemptions[] = {"",        "question", "greeting",
                                       "heading", "hedge",    "empty"};

// Returns "exemption|text" of each claim.
std::vector<std::string> Split(const std::string& answer,
                               const std::string& language = "en") {
  std::vector<std::string> split;
  for (const Claim& claim : SplitClaims(answer, language)) {
    split.push_back(
        std::string(kExemptions[static_cast<int>(claim.exemption)]) + "|" +
        answer.substr(claim.start, claim.end - claim.start));
  }
  return split;
}

// Returns "text:numbers" of each claim that cites.
std::vector<std::string> Cited(const std::string& answer) {
  std::vector<std::string> cited;
  for (const Claim& claim : SplitClaims(answer, "en")) {
    std::string numbers;
    for (const CitationMark& mark : claim.citations) {
      for (const uint32_t number : mark.numbers) {
        numbers += (numbers.empty() ? "" : ",") + std::to_string(number);
      }
    }
    if (!numbers.empty()) {
      cited.push_back(answer.substr(claim.start, claim.end - claim.start) +
                      ":" + numbers);
    }
  }
  return cited;
}

TEST(Claims, AreSentencesWithoutMarksOfMarkdown) {
  EXPECT_THAT(
      Split("The fox runs. It hunts at night.\n\n- **Mice** flee."),
      ElementsAre("|The fox runs.", "|It hunts at night.", "|Mice** flee."));
  EXPECT_THAT(Split("1. The fox runs fast.\n2) The owl sleeps.\n"),
              ElementsAre("|The fox runs fast.", "|The owl sleeps."));
  EXPECT_THAT(Split(""), IsEmpty());
  EXPECT_THAT(Split("\n---\n***\n"), IsEmpty());
}

TEST(Claims, AreExemptWhereNothingIsStated) {
  EXPECT_THAT(
      Split("## The fox and its prey\n\nDoes it hunt?"),
      ElementsAre("heading|The fox and its prey", "question|Does it hunt?"));
  EXPECT_THAT(
      Split("Hello! Sure, here is what I found:\nThe fox hunts mice."),
      ElementsAre("greeting|Hello!", "greeting|Sure, here is what I found:",
                  "|The fox hunts mice."));
  EXPECT_THAT(Split("I could not find more. As an AI I cannot say."),
              ElementsAre("hedge|I could not find more.",
                          "hedge|As an AI I cannot say."));
  EXPECT_THAT(Split("The reasons are:\n- Foxes hunt at night."),
              ElementsAre("heading|The reasons are:", "|Foxes hunt at night."));
  EXPECT_THAT(Split("So it is."), ElementsAre("empty|So it is."));
}

TEST(Claims, StateThingsInLinesWithoutAFullStop) {
  EXPECT_THAT(Split("- The fox hunts mice near the old mill at night\n"),
              ElementsAre("|The fox hunts mice near the old mill at night"));
}

// Returns the exemption of each sentence by itself.
std::vector<std::string> Exemptions(const std::vector<std::string>& sentences,
                                    const std::string& language = "en") {
  std::vector<std::string> exemptions;
  for (const std::string& sentence : sentences) {
    const std::vector<Claim> claims = SplitClaims(sentence, language);
    std::string all;
    for (const Claim& claim : claims) {
      all += std::string(all.empty() ? "" : "+") +
             kExemptions[static_cast<int>(claim.exemption)];
    }
    exemptions.push_back(all);
  }
  return exemptions;
}

TEST(Claims, AreStatedBehindHedgesAndGreetings) {
  const std::vector<std::string> stated = {
      "Based on the provided passages, Amazon paid $99 billion to Anthropic.",
      "Here is the answer: OpenAI was bought by Microsoft in 2021.",
      "I think the company was sold to a bank.",
      "If you look at the deal, Microsoft bought OpenAI.",
      "Please note that Amazon paid nothing.",
      "Certainly the Pentagon paid a fortune.",
      "Thank you for asking, the Pentagon paid for Anthropic.",
      "The provided passages state that Amazon paid $99 billion.",
      "The sources do not deny that Amazon paid $99 billion.",
      "I could not find the price, but Amazon invested $99 billion.",
      "Based on the provided passages, Amazon does not describe its deal.",
      "Sure, here is what I found: Amazon invested $99 billion.",
      "Did you know that Amazon invested $99 billion?"};
  EXPECT_THAT(Exemptions(stated), testing::Each(""));
  EXPECT_THAT(
      Exemptions({"Ich habe gelesen, dass Amazon 2021 verkauft wurde."}, "de"),
      ElementsAre(""));
}

TEST(Claims, AreNotWhatAnAnswererSaysOfItself) {
  const std::string long_one =
      "Based on the provided passages, I cannot determine what Amazon paid.";
  EXPECT_THAT(
      Exemptions({"I could not find anything about the 2023 deal with Amazon.",
                  "Unfortunately I do not have access to that information.",
                  "The sources do not mention what Amazon paid in 2021.",
                  long_one,
                  "There is no information on Amazon, Google, or Microsoft.",
                  "It is unclear from the sources whether Amazon paid."}),
      testing::Each("hedge"));
  EXPECT_THAT(Exemptions({"I hope this helps.", "Hello John!",
                          "Let me know if you want more about Amazon.",
                          "If you have further questions, feel free to ask.",
                          "Sure, here is a short summary of the deal:",
                          "Thank you for your question about the deal."}),
              testing::Each("greeting"));
  EXPECT_THAT(
      Exemptions({"What did Amazon pay in 2021?", "Did you know the answer?"}),
      testing::Each("question"));
}

TEST(Claims, AreLinesWithAnAmountOrDateOfSomething) {
  EXPECT_THAT(Exemptions({"- OpenAI: $99 billion", "| Anthropic | $9 billion |",
                          "**Total: $99 billion**", "X was bought in 2021:",
                          "- Anthropic: 2021", "| OpenAI | 2015 |",
                          "- Employees: 300", "- 27% of users"}),
              testing::Each(""));
  EXPECT_THAT(
      Exemptions({"## Results 2024", "Q3 2025", "Results 2024",
                  "In 2024:", "The $99 Billion Deal", "## The $99 billion deal",
                  "Step 1", "| Company | Amount |", "There are three reasons:",
                  "The key events of 2024 were:", "$99 billion"}),
      testing::Each("heading"));
}

TEST(Claims, HaveTheMarksInThemAndBehindThem) {
  EXPECT_THAT(
      Cited("The fox runs.[1] It hunts [2, 3] at night [^4]. Mice flee."),
      ElementsAre("The fox runs.:1", "It hunts [2, 3] at night [^4].:2,3,4"));
  EXPECT_THAT(
      Cited("The fox runs \u30105\u2020source\u3011. [7](https://a.b/c)"),
      ElementsAre("The fox runs \u30105\u2020source\u3011.:5,7"));
  EXPECT_THAT(Cited("The fox runs.\n[8] The owl sleeps."),
              ElementsAre("The owl sleeps.:8"));
}

TEST(Claims, HaveNoMarksThatAreNone) {
  EXPECT_THAT(Cited("A [note], x[i], [0], [12345], [1-2] and [1,] are none."),
              IsEmpty());
}

}  // namespace
}  // namespace footnote::grounding
