// GroundingService.VerifyQuotes, as clients make and see it.

#include <string>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

constexpr char kFoxText[] = "# Foxes\n\nThe red fox runs. It hunts at night.\n";

v1::VerifyQuotesRequest MakeRequest(const std::string& text,
                                    const std::string& document = "") {
  v1::VerifyQuotesRequest request;
  request.set_collection("animals");
  request.add_quotes()->set_text(text);
  request.mutable_quotes(0)->mutable_claim()->set_document(document);
  return request;
}

TEST(VerifyQuotesCall, AnswersWithFootnotes) {
  TestServer server;
  v1::VerifyQuotesRequest request =
      MakeRequest("the red fox walks; it hunts at night",
                  "collections/animals/documents/fox.md");
  request.set_include_utf16(true);
  const auto response = server.client().VerifyQuotes(request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->checks_size(), 1);
  const v1::QuoteCheck& check = response->checks(0);
  EXPECT_EQ(check.verdict(), v1::QUOTE_VERDICT_FUZZY);
  EXPECT_EQ(check.likeness(), v1::QUOTE_VERDICT_FUZZY);
  EXPECT_EQ(check.word_count(), 8);
  EXPECT_EQ(check.edit_count(), 1);
  ASSERT_EQ(check.parts_size(), 1);
  const v1::QuotedPart& part = check.parts(0);
  EXPECT_EQ(part.text(), "The red fox runs. It hunts at night");
  EXPECT_EQ(part.document().document_id(), "fox.md");
  EXPECT_EQ(part.document().name(), "collections/animals/documents/fox.md");
  EXPECT_EQ(part.provenance().span().start_byte(), 9U);
  EXPECT_EQ(part.provenance().span().end_utf16(), 44U);
  EXPECT_EQ(part.provenance().text_sha256(), ToBytes(Sha256Of(part.text())));
  EXPECT_EQ(part.provenance().document_sha256(), ToBytes(Sha256Of(kFoxText)));
  ASSERT_EQ(check.differences_size(), 1);
  EXPECT_EQ(check.differences(0).quote_text(), "walks");
  EXPECT_EQ(check.differences(0).source_text(), "runs");
  EXPECT_EQ(check.differences(0).source_span().start_byte(), 21U);
  EXPECT_EQ(response->generation().generation(), 1U);
}

TEST(VerifyQuotesCall, TakesIdsAndNames) {
  TestServer server;
  const auto verdict = [&](const v1::VerifyQuotesRequest& request) {
    const auto response = server.client().VerifyQuotes(request);
    EXPECT_THAT(response, IsOk());
    return response.ok() ? response->checks(0).verdict()
                         : v1::QUOTE_VERDICT_UNSPECIFIED;
  };
  EXPECT_EQ(verdict(MakeRequest("The red fox runs")), v1::QUOTE_VERDICT_EXACT);
  EXPECT_EQ(verdict(MakeRequest("The red fox runs", "dog.md")),
            v1::QUOTE_VERDICT_MISATTRIBUTED);
  v1::VerifyQuotesRequest request = MakeRequest("The red fox runs", "fox.md");
  v1::QuoteClaim& claim = *request.mutable_quotes(0)->mutable_claim();
  claim.set_document_revision(std::string(64, 'A'));
  EXPECT_EQ(verdict(request), v1::QUOTE_VERDICT_MOVED);
  claim.clear_document_revision();
  claim.set_start_byte(0);
  claim.set_end_byte(8);
  EXPECT_EQ(verdict(request), v1::QUOTE_VERDICT_MOVED);
  claim.set_end_byte(12);
  EXPECT_EQ(verdict(request), v1::QUOTE_VERDICT_EXACT);
  const auto found = server.client().VerifyQuotes(request);
  ASSERT_THAT(found, IsOk());
  const std::string passage = found->checks(0).parts(0).passage_id();
  claim.Clear();
  claim.set_passage("collections/animals/passages/" + passage);
  EXPECT_EQ(verdict(request), v1::QUOTE_VERDICT_EXACT);
  claim.set_passage(passage);
  EXPECT_EQ(verdict(request), v1::QUOTE_VERDICT_EXACT);
}

TEST(VerifyQuotesCall, RefusesWhatItCannotVerify) {
  TestServer server;
  const auto call = [&](const v1::VerifyQuotesRequest& request) {
    return server.client().VerifyQuotes(request);
  };
  EXPECT_THAT(call(MakeRequest("")),
              FailsWith(StatusCode::kInvalidArgument, "QUOTE_EMPTY"));
  EXPECT_THAT(call(MakeRequest(std::string(200000, 'a'))),
              FailsWith(StatusCode::kInvalidArgument, "QUOTE_TOO_LONG"));
  EXPECT_THAT(call(MakeRequest("fox", "collections/plants/documents/fox.md")),
              FailsWith(StatusCode::kInvalidArgument, "NAME_INVALID"));
  v1::VerifyQuotesRequest request = MakeRequest("fox", "fox.md");
  request.mutable_quotes(0)->mutable_claim()->set_document_revision("abc");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "REVISION_INVALID"));
  request = MakeRequest("fox", "fox.md");
  request.mutable_quotes(0)->mutable_claim()->set_start_byte(4);
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE"));
  request = MakeRequest("fox");
  request.clear_quotes();
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "QUOTES_MISSING"));
  request = MakeRequest("fox");
  request.set_collection("plants");
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST(VerifyQuotesCall, TakesAsManyAsItSays) {
  TestServer server;
  v1::VerifyQuotesRequest request = MakeRequest("It hunts at night");
  for (int i = 1; i < 10000; ++i) {
    request.add_quotes()->set_text("It hunts at night");
  }
  const auto response = server.client().VerifyQuotes(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->checks_size(), 10000);
  EXPECT_EQ(response->checks(9999).verdict(), v1::QUOTE_VERDICT_EXACT);
  request.add_quotes()->set_text("It hunts at night");
  EXPECT_THAT(server.client().VerifyQuotes(request),
              FailsWith(StatusCode::kInvalidArgument, "QUOTES_TOO_MANY"));
}

}  // namespace
}  // namespace footnote::service
