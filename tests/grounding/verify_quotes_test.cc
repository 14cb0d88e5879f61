// Verdicts on a few small documents.

#include "server/grounding/verify_quotes.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "tests/grounding/judged_quotes.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::grounding {
namespace {

using absl::StatusCode;

constexpr char kFox[] =
    "The red fox runs through the quiet forest at night. It hunts mice and "
    "voles near the old mill, and it sleeps in its den by day.\n\nHunters say "
    "that a fox costs $5 a head. Nobody believes them any more.\n";
constexpr char kOwl[] =
    "The white owl sits on the roof of the tall church tower. From there it "
    "sees every mouse in the field below, and it misses none of them.\n";

class VerifyQuotesTest : public testing::Test {
 protected:
  VerifyQuotesTest() {
    collection_.Write("a.jsonl", JsonLine("fox", kFox) + JsonLine("owl", kOwl));
    generation_ = collection_.BuildAndOpen();
  }

  absl::StatusOr<std::vector<QuoteCheck>> VerifyAll(
      const std::vector<Quote>& quotes) const {
    search::MemoryBudget memory(64 << 20);
    return VerifyQuotes(search::View(*generation_), quotes, {}, memory);
  }

  // Returns "FUZZY fox:4-11 …" of a quote.
  std::string Verify(const std::string& text, QuoteClaim claim = {}) const {
    const auto checks = VerifyAll({{text, std::move(claim)}});
    if (!checks.ok()) {
      return ErrorReason(checks.status());
    }
    std::string described = NameOf(checks->front().verdict);
    for (const QuotedPart& part : checks->front().parts) {
      described += " " + part.document.document_id + ": " + part.content.text;
    }
    return described;
  }

  QuoteCheck Check(const std::string& text) const {
    const auto checks = VerifyAll({{text, {}}});
    EXPECT_THAT(checks, IsOk());
    return checks.ok() ? checks->front() : QuoteCheck();
  }

  static QuoteClaim Span(const std::string& document, uint64_t start,
                         uint64_t end) {
    return {document, "", "", ByteRange{start, end}};
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(VerifyQuotesTest, ComparesTexts) {
  EXPECT_EQ(Verify("red fox runs through the quiet forest"),
            "EXACT fox: red fox runs through the quiet forest");
  EXPECT_EQ(Verify("Red  fox — runs through THE quiet forest!"),
            "NORMALISED fox: red fox runs through the quiet forest");
  // Zero width spaces are nothing, within a word too.
  EXPECT_EQ(Verify("fo\xE2\x80\x8Bx \xE2\x80\x8Bruns thr\xE2\x80\x8Bough"),
            "NORMALISED fox: fox runs through");
  EXPECT_EQ(Verify("red fox walks through the quiet forest"),
            "FUZZY fox: red fox runs through the quiet forest");
  EXPECT_EQ(Verify("the red fox reads the newspaper"), "ABSENT");
}

TEST_F(VerifyQuotesTest, ComparesPlaces) {
  const std::string mice = "hunts mice and voles near the old mill";
  EXPECT_EQ(Verify(mice, {"fox", "", "", {}}), "EXACT fox: " + mice);
  EXPECT_EQ(Verify(mice, {"owl", "", "", {}}), "MISATTRIBUTED fox: " + mice);
  EXPECT_EQ(Verify(mice, {"badger", "", "", {}}), "MISATTRIBUTED fox: " + mice);
  EXPECT_EQ(Verify(mice, Span("fox", 60, 80)), "EXACT fox: " + mice);
  EXPECT_EQ(Verify(mice, Span("fox", 0, 40)), "MOVED fox: " + mice);
  EXPECT_EQ(Verify(mice, Span("fox", 1000, 2000)), "MOVED fox: " + mice);
  EXPECT_EQ(Verify(mice, {"fox", "", ToHex(Sha256Of(kFox)), {}}),
            "EXACT fox: " + mice);
  EXPECT_EQ(Verify(mice, {"fox", "", std::string(64, '0'), {}}),
            "MOVED fox: " + mice);
  EXPECT_EQ(Verify(mice, {"", "AAAAAAAAAAAAAAAAAAAAAA", "", {}}),
            "MISATTRIBUTED fox: " + mice);
}

TEST_F(VerifyQuotesTest, FollowsEllipsesInOneParagraph) {
  EXPECT_EQ(Verify("hunts mice and voles ... sleeps in its den"),
            "NORMALISED fox: hunts mice and voles fox: sleeps in its den");
  EXPECT_EQ(Verify("[…] hunts mice and voles …"),
            "NORMALISED fox: hunts mice and voles");
  EXPECT_EQ(Verify("sleeps in its den ... hunts mice and voles near"),
            "STITCHED fox: sleeps in its den fox: hunts mice and voles near");
  EXPECT_EQ(Verify("hunts mice and voles [...] Hunters say that a fox"),
            "STITCHED fox: hunts mice and voles fox: Hunters say that a fox");
}

TEST_F(VerifyQuotesTest, FindsTheParts) {
  EXPECT_EQ(Verify("The white owl sits on the quiet forest at night"),
            "STITCHED owl: The white owl sits on fox: the quiet forest at "
            "night");
  EXPECT_EQ(Verify("The white owl sits on quiet forest at night"),
            "STITCHED owl: The white owl sits on fox: quiet forest at night");
  EXPECT_EQ(Verify("The red fox runs because it misses none of them"),
            "STITCHED fox: The red fox runs owl: it misses none of them");
  EXPECT_EQ(Verify("The red fox runs into it misses none of them tonight"),
            "ABSENT");
}

TEST_F(VerifyQuotesTest, CrossesPassagesAndParagraphs) {
  EXPECT_EQ(Verify("sleeps in its den by day. Hunters say that a fox"),
            "NORMALISED fox: sleeps in its den by day.\n\nHunters say that a "
            "fox");
}

TEST_F(VerifyQuotesTest, TellsTheDifferences) {
  const QuoteCheck near =
      Check("Hunters now say that a fox costs \u20ac5 a head. Nobody believes");
  ASSERT_EQ(near.verdict, Verdict::kFuzzy);
  EXPECT_EQ(near.words, 13U);
  EXPECT_EQ(near.edits, 2U);
  ASSERT_EQ(near.differences.size(), 2U);
  EXPECT_EQ(near.differences[0].quote_text, "now");
  EXPECT_EQ(near.differences[0].source.text, "");
  EXPECT_EQ(near.differences[1].quote_text, "\u20ac");
  EXPECT_EQ(near.differences[1].source.text, "$");
  EXPECT_EQ(near.differences[1].quote_span.start.bytes, 33U);
  EXPECT_EQ(near.differences[1].quote_span.end.bytes, 36U);
  EXPECT_EQ(near.differences[1].quote_span.end.chars, 34U);
  const uint64_t dollar = std::string(kFox).find('$');
  EXPECT_EQ(near.differences[1].source.span.start.bytes, dollar);
}

TEST_F(VerifyQuotesTest, ProvesThePlace) {
  const QuoteCheck check = Check("Nobody believes them");
  ASSERT_EQ(check.parts.size(), 1U);
  const QuotedPart& part = check.parts.front();
  const uint64_t start = std::string(kFox).find("Nobody");
  EXPECT_EQ(part.content.span.start.bytes, start);
  EXPECT_EQ(part.provenance.span, part.content.span);
  EXPECT_EQ(part.provenance.text_sha256, Sha256Of("Nobody believes them"));
  EXPECT_EQ(part.provenance.document_sha256, Sha256Of(kFox));
  EXPECT_EQ(part.quote_span.end.bytes, 20U);
  EXPECT_EQ(part.passage_id.size(), 22U);
}

TEST_F(VerifyQuotesTest, RefusesWhatIsNoQuote) {
  EXPECT_THAT(VerifyAll({}),
              FailsWith(StatusCode::kInvalidArgument, "QUOTES_MISSING"));
  EXPECT_THAT(VerifyAll(std::vector<Quote>(kMaxQuotes + 1, {"fox", {}})),
              FailsWith(StatusCode::kInvalidArgument, "QUOTES_TOO_MANY"));
  EXPECT_THAT(VerifyAll({{"fox", {}}, {" \n", {}}}),
              FailsWith(StatusCode::kInvalidArgument, "QUOTE_EMPTY"));
  EXPECT_THAT(VerifyAll({{std::string(kMaxQuotedBytes + 1, 'a'), {}}}),
              FailsWith(StatusCode::kInvalidArgument, "QUOTE_TOO_LONG"));
  EXPECT_EQ(Verify("…"), "ABSENT");
  EXPECT_EQ(Verify("xylophone"), "ABSENT");
  EXPECT_EQ(Verify("fox"), "EXACT fox: fox");
}

TEST_F(VerifyQuotesTest, StopsAtTheDeadlineAndTheBudget) {
  search::Deadline deadline;
  deadline.time = std::chrono::steady_clock::now();
  search::MemoryBudget memory(1 << 20);
  const search::View view(*generation_);
  EXPECT_THAT(VerifyQuotes(view, {{"red fox", {}}}, deadline, memory),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
  EXPECT_THAT(VerifyQuotes(view, {{std::string(50000, 'a'), {}}}, {}, memory),
              FailsWith(StatusCode::kResourceExhausted, "SEARCH_TOO_LARGE"));
  EXPECT_EQ(memory.taken(), 0U);
}

TEST_F(VerifyQuotesTest, SeesNothingHidden) {
  std::vector<Roaring> hidden(generation_->segments().size());
  hidden[0].add(*generation_->segments()[0]->FindDocument("fox"));
  const search::View view(*generation_, hidden);
  search::MemoryBudget memory(64 << 20);
  const auto checks = VerifyQuotes(
      view,
      {{"red fox runs through the quiet forest", {"fox", "", "", {}}},
       {"The white owl sits on the roof", {"fox", "", "", {}}}},
      {}, memory);
  ASSERT_THAT(checks, IsOk());
  EXPECT_EQ((*checks)[0].verdict, Verdict::kAbsent);
  EXPECT_EQ((*checks)[1].verdict, Verdict::kMisattributed);
}

}  // namespace
}  // namespace footnote::grounding
