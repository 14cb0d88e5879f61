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
