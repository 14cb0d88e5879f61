// GroundingService.CheckGrounding, as clients make and see it.

#include <string>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

v1::CheckGroundingRequest MakeRequest(const std::string& answer) {
  v1::CheckGroundingRequest request;
  request.set_collection("animals");
  request.set_answer_candidate(answer);
  request.set_language("en");
  return request;
}

TEST(CheckGroundingCall, AnswersWithFootnotes) {
  TestServer server;
  v1::CheckGroundingRequest request =
      MakeRequest("Does it hunt? The red fox hunts at night.[1]");
  request.set_include_utf16(true);
  request.add_sources()->set_document("collections/animals/documents/fox.md");
  const auto response = server.client().CheckGrounding(request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->claims_size(), 2);
  EXPECT_FALSE(response->claims(0).grounding_check_required());
  EXPECT_EQ(response->claims(0).exemption(), v1::CLAIM_EXEMPTION_QUESTION);
  EXPECT_EQ(response->claims(0).status(), v1::CLAIM_STATUS_EXEMPT);
  const v1::Claim& claim = response->claims(1);
  EXPECT_TRUE(claim.grounding_check_required());
  EXPECT_EQ(claim.status(), v1::CLAIM_STATUS_SUPPORTED);
  EXPECT_EQ(claim.claim_text(), "The red fox hunts at night.");
  EXPECT_EQ(claim.span().start_byte(), 14U);
  EXPECT_EQ(claim.span().end_utf16(), 41U);
  ASSERT_EQ(claim.marks_size(), 1);
  EXPECT_EQ(claim.marks(0).numbers(0), 1);
  EXPECT_TRUE(claim.marks_hold());
  ASSERT_GE(claim.citation_indices_size(), 1);
  ASSERT_EQ(claim.citation_shares_size(), claim.citation_indices_size());
  const v1::CitedChunk& chunk =
      response->cited_chunks(claim.citation_indices(0));
  EXPECT_EQ(chunk.source_index(), 0);
  EXPECT_EQ(chunk.document().document_id(), "fox.md");
  EXPECT_EQ(chunk.chunk_text(), "It hunts at night.");
  EXPECT_EQ(chunk.provenance().text_sha256(),
            ToBytes(Sha256Of(chunk.chunk_text())));
  EXPECT_EQ(response->support_score(), claim.score());
  EXPECT_EQ(response->generation().generation(), 1U);
}

TEST(CheckGroundingCall, NamesWhatDisagrees) {
  TestServer server;
  v1::CheckGroundingRequest request = MakeRequest("The fox costs $5 billion.");
  v1::GroundingFact* fact = request.add_sources()->mutable_fact();
  fact->set_fact_text("The fox costs $4 billion.");
  (*fact->mutable_attributes())["title"] = "Prices";
  const auto response = server.client().CheckGrounding(request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->claims_size(), 1);
  EXPECT_EQ(response->claims(0).status(), v1::CLAIM_STATUS_CONTRADICTED);
  ASSERT_EQ(response->claims(0).disagreements_size(), 1);
  const v1::Disagreement& found = response->claims(0).disagreements(0);
  EXPECT_EQ(found.kind(), v1::DISAGREEMENT_KIND_MONEY);
  EXPECT_EQ(found.claim_piece(), "$5 billion");
  EXPECT_EQ(found.source_piece().chunk_text(), "$4 billion");
  EXPECT_EQ(found.source_piece().fact_span().start_byte(), 14U);
  EXPECT_FALSE(found.source_piece().has_provenance());
}

TEST(CheckGroundingCall, RefusesWhatItCannotCheck) {
  TestServer server;
  const auto call = [&](const v1::CheckGroundingRequest& request) {
    return server.client().CheckGrounding(request).status();
  };
  v1::CheckGroundingRequest request = MakeRequest("");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "ANSWER_EMPTY"));
  request = MakeRequest("The fox runs.");
  request.set_citation_threshold(1.5);
  EXPECT_THAT(call(request), FailsWith(StatusCode::kInvalidArgument,
                                       "CITATION_THRESHOLD_INVALID"));
  request = MakeRequest("The fox runs.");
  request.set_language("!");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "LANGUAGE_INVALID"));
  request = MakeRequest("The fox runs.");
  request.add_sources();
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "SOURCE_EMPTY"));
  request.mutable_sources(0)->mutable_fact();
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "SOURCE_EMPTY"));
  request.mutable_sources(0)->set_document("collections/other/documents/a");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "NAME_INVALID"));
  request.mutable_sources(0)->set_document("none.md");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  request.set_collection("none");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

}  // namespace
}  // namespace footnote::service
