// Answers checked against a small collection, given sources and its limits.

#include "server/grounding/grounding_check.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::grounding {
namespace {

using absl::StatusCode;
using Kind = GroundingSource::Kind;

constexpr char kFox[] =
    "The red fox of Leeds weighs 7 kilograms. It hunts mice near the old mill "
    "at night.\n";
constexpr char kFoxAgain[] =
    "The red fox of Leeds weighs 7 kilograms. Nobody has seen it by day.\n";
constexpr char kFoxNews[] =
    "Reporters say that the red fox weighs 9 kilograms, not less.\n";
constexpr char kOwl[] =
    "Experts call the white owl on the church tower the oldest owl of "
    "Leeds.\n";

class GroundingCheckTest : public testing::Test {
 protected:
  GroundingCheckTest() {
    collection_.Write("a.jsonl",
                      JsonLine("fox", kFox) + JsonLine("fox2", kFoxAgain) +
                          JsonLine("news", kFoxNews) + JsonLine("owl", kOwl));
    generation_ = collection_.BuildAndOpen();
  }

  absl::StatusOr<GroundingResult> Check(const GroundingRequest& request) const {
    return CheckGrounding(search::View(*generation_), request, {});
  }

  // Checks an answer in English against sources; "fact: …" is a text.
  GroundingResult CheckAgainst(const std::string& answer,
                               const std::vector<std::string>& sources) const {
    GroundingRequest request;
    request.answer = answer;
    request.language = "en";
    for (const std::string& source : sources) {
      request.sources.push_back(
          source.starts_with("fact: ")
              ? GroundingSource{Kind::kFact, "", {source.substr(6), {}}}
              : GroundingSource{Kind::kDocument, source, {}});
    }
    auto result = Check(request);
    EXPECT_THAT(result, IsOk());
    return result.ok() ? *std::move(result) : GroundingResult();
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(GroundingCheckTest, CitesWithFootnotes) {
  const GroundingResult result =
      CheckAgainst("\u00C9t\u00E9. The red fox weighs 7 kg.", {"fox", "owl"});
  ASSERT_EQ(result.claims.size(), 2U);
  const CheckedClaim& claim = result.claims[1];
  EXPECT_EQ(claim.span.start.bytes, 7U);
  EXPECT_EQ(claim.span.start.chars, 5U);
  EXPECT_EQ(claim.status, ClaimStatus::kSupported);
  ASSERT_EQ(claim.citations.size(), 1U);
  const CitedChunk& chunk = result.chunks[claim.citations[0].chunk];
  EXPECT_EQ(chunk.content.text, "The red fox of Leeds weighs 7 kilograms.");
  EXPECT_EQ(chunk.source, 0U);
  EXPECT_EQ(chunk.document.document_id, "fox");
  EXPECT_EQ(chunk.provenance.text_sha256, Sha256Of(chunk.content.text));
  EXPECT_EQ(chunk.provenance.document_sha256, Sha256Of(kFox));
  EXPECT_FALSE(chunk.passage_id.empty());
}

TEST_F(GroundingCheckTest, NamesBothSidesOfADisagreement) {
  const GroundingResult result =
      CheckAgainst("The red fox weighs 8 kilograms.", {"fox"});
  ASSERT_EQ(result.claims.size(), 1U);
  const CheckedClaim& claim = result.claims[0];
  EXPECT_EQ(claim.status, ClaimStatus::kContradicted);
  EXPECT_LT(claim.score, kDefaultCitationThreshold);
  ASSERT_EQ(claim.disagreements.size(), 1U);
  EXPECT_EQ(claim.disagreements[0].kind, DisagreementKind::kUnit);
  EXPECT_EQ(claim.disagreements[0].span.start.bytes, 19U);
  EXPECT_EQ(claim.disagreements[0].span.end.bytes, 30U);
  ASSERT_TRUE(claim.disagreements[0].source);
  EXPECT_EQ(claim.disagreements[0].source->content.text, "7 kilograms");
  EXPECT_EQ(claim.disagreements[0].source->provenance.span.start.bytes, 28U);
}

TEST_F(GroundingCheckTest, SearchesTheCollectionWithoutSources) {
  const GroundingResult result = CheckAgainst(
      "The white owl sits on the church tower. "
      "The white owl eats bread.",
      {});
  ASSERT_EQ(result.claims.size(), 2U);
  EXPECT_EQ(result.claims[0].status, ClaimStatus::kSupported);
  EXPECT_EQ(result.chunks[result.claims[0].citations[0].chunk].source,
            CitedChunk::kNoSource);
  EXPECT_EQ(result.claims[1].status, ClaimStatus::kUnsupported);
  EXPECT_GT(result.support_score, 0);
  EXPECT_LT(result.support_score, 1);
}

TEST_F(GroundingCheckTest, CountsSourcesOnceThatRepeatEachOther) {
  const GroundingResult result =
      CheckAgainst("The red fox of Leeds weighs 7 kilograms.", {});
  const Corroboration& corroboration = result.claims[0].corroboration;
  EXPECT_EQ(result.claims[0].status, ClaimStatus::kSupported);
  EXPECT_EQ(corroboration.agreeing.size(), 1U);
  EXPECT_EQ(corroboration.near_duplicates, 1U);
  ASSERT_EQ(corroboration.disagreeing.size(), 1U);
  EXPECT_EQ(result.chunks[corroboration.disagreeing[0]].document.document_id,
            "news");
}

TEST_F(GroundingCheckTest, ChecksTheSourcesThatMarksNameFirst) {
  const std::string answer =
      "The red fox weighs 7 kilograms.[1] The red fox weighs 9 kilograms.[1] "
      "The red fox weighs 9 kilograms.[2] The red fox weighs 9 kilograms.[5]";
  const GroundingResult result = CheckAgainst(answer, {"fox", "news"});
  ASSERT_EQ(result.claims.size(), 4U);
  EXPECT_EQ(result.claims[0].marks_hold, true);
  EXPECT_EQ(result.claims[1].marks_hold, false);
  EXPECT_EQ(result.claims[2].marks_hold, true);
  EXPECT_EQ(result.claims[3].marks_hold, false);
  // Another source bears it all the same, and is the better citation.
  EXPECT_EQ(result.claims[1].status, ClaimStatus::kSupported);
  EXPECT_EQ(result.chunks[result.claims[1].citations[0].chunk].source, 1U);
}

TEST_F(GroundingCheckTest, TakesFactsWithAttributes) {
  GroundingRequest request;
  request.answer = "Okafor's wing cost 42 million pounds.";
  request.sources.push_back(
      {Kind::kFact, "", {"The wing cost \u00A342m.", {{"author", "Okafor"}}}});
  const auto result = Check(request);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->claims[0].status, ClaimStatus::kSupported);
  const CitedChunk& chunk = result->chunks[0];
  EXPECT_TRUE(chunk.passage_id.empty());
  EXPECT_EQ(chunk.content.span.end.bytes, 20U);
  EXPECT_EQ(chunk.content.span.end.chars, 19U);
}

TEST_F(GroundingCheckTest, SuggestsWhatTheCollectionHas) {
  GroundingRequest request;
  request.answer = "The red fox hunts mice near the old mill.";
  request.sources.push_back({Kind::kDocument, "owl", {}});
  request.find_citations = true;
  const auto result = Check(request);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->claims[0].status, ClaimStatus::kUnsupported);
  ASSERT_EQ(result->claims[0].suggestions.size(), 1U);
  EXPECT_EQ(result->chunks[result->claims[0].suggestions[0].chunk]
                .document.document_id,
            "fox");
}

TEST_F(GroundingCheckTest, ScoresNothingAsGrounded) {
  const GroundingResult result = CheckAgainst("Hello! Is it late?", {"fox"});
  EXPECT_EQ(result.claims.size(), 2U);
  EXPECT_EQ(result.support_score, 1);
  EXPECT_TRUE(result.chunks.empty());
}

TEST_F(GroundingCheckTest, RefusesWhatIsTooMuch) {
  GroundingRequest request;
  const auto expect = [&](StatusCode code, const std::string& reason) {
    EXPECT_THAT(Check(request), FailsWith(code, reason));
  };
  request.answer = " \n";
  expect(StatusCode::kInvalidArgument, "ANSWER_EMPTY");
  request.answer = std::string(kMaxAnswerBytes + 1, 'a');
  expect(StatusCode::kInvalidArgument, "ANSWER_TOO_LONG");
  request.answer = "\xFF";
  expect(StatusCode::kInvalidArgument, "ANSWER_NOT_UTF8");
  request.answer = "The fox runs.";
  request.citation_threshold = 0;
  expect(StatusCode::kInvalidArgument, "CITATION_THRESHOLD_INVALID");
  request.citation_threshold = 1;
  request.sources.assign(kMaxGroundingSources + 1,
                         {Kind::kFact, "", {"a", {}}});
  expect(StatusCode::kInvalidArgument, "SOURCES_TOO_MANY");
  request.sources.assign(
      2, {Kind::kFact, "", {std::string(kMaxSourceBytes / 2 + 1, 'a'), {}}});
  expect(StatusCode::kInvalidArgument, "SOURCES_TOO_LONG");
  request.sources.assign(1, {Kind::kDocument, "cat", {}});
  expect(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND");
  request.sources.assign(1, {Kind::kPassage, "cat", {}});
  expect(StatusCode::kNotFound, "PASSAGE_NOT_FOUND");
  request.sources.assign(1, {Kind::kDocument, "fox", {}});
  request.memory_bytes = 100;
  expect(StatusCode::kResourceExhausted, "SEARCH_TOO_LARGE");
}

TEST_F(GroundingCheckTest, TakesAnAnswerOfOneMegabyte) {
  std::string answer;
  for (int i = 0; answer.size() + 100 < kMaxAnswerBytes; ++i) {
    answer += "The red fox number " + std::to_string(i % 97) +
              " hunts mice near the old mill. ";
  }
  const GroundingResult result = CheckAgainst(answer, {"fox", "news"});
  EXPECT_GT(result.claims.size(), 10000U);
  GroundingRequest request;
  request.answer = answer;
  search::Deadline deadline;
  deadline.time = std::chrono::steady_clock::now();
  EXPECT_THAT(CheckGrounding(search::View(*generation_), request, deadline),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace footnote::grounding
