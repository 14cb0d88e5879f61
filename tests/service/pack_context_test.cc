// GroundingService.PackContext, as clients make and see it.

#include <string>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "indexer/pipeline/collection_folders.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

v1::PackContextRequest MakeRequest(const std::string& query, uint64_t tokens) {
  v1::PackContextRequest request;
  request.set_collection("animals");
  request.set_query(query);
  request.mutable_budget()->set_size(tokens);
  return request;
}

TEST(PackContextCall, PacksWhatAnswersAQuery) {
  TestServer server;
  const auto response = server.client().PackContext(MakeRequest("fox", 1000));
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->blocks_size(), 3);
  EXPECT_EQ(response->left_out_size(), 0);
  EXPECT_EQ(response->size().token_estimator(), "footnote-tokens-1");
  EXPECT_EQ(response->size().bytes(), response->text().size());
  EXPECT_EQ(response->executed_query(), "fox");
  for (const v1::ContextBlock& block : response->blocks()) {
    EXPECT_EQ(block.provenance().text_sha256(),
              ToBytes(Sha256Of(block.text())));
    EXPECT_EQ(response->text().substr(
                  block.rendered_start_byte(),
                  block.rendered_end_byte() - block.rendered_start_byte()),
              block.text());
    EXPECT_NE(response->text().find("[" + block.key() + "] "),
              std::string::npos);
  }
}

TEST(PackContextCall, TakesNamesUnderAnAlias) {
  TestServer server;
  ASSERT_THAT(pipeline::SetAlias(server.data_dir(), "live", "animals"), IsOk());
  server.Restart();
  const auto found = server.client().PackContext(MakeRequest("fox", 1000));
  ASSERT_THAT(found, IsOk());
  const std::string id = found->blocks(0).passage_ids(0);
  for (const char* collection : {"live", "collections/live"}) {
    v1::PackContextRequest request = MakeRequest("", 1000);
    request.set_collection(collection);
    request.add_passages("collections/live/passages/" + id);
    const auto response = server.client().PackContext(request);
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->blocks(0).passage_ids(0), id);
  }
}

TEST(PackContextCall, PacksNamedPassagesWithinTheBudget) {
  TestServer server;
  const auto found = server.client().PackContext(MakeRequest("fox", 1000));
  ASSERT_THAT(found, IsOk());
  v1::PackContextRequest request = MakeRequest("", 60);
  request.mutable_budget()->set_unit(v1::ContextBudget::UNIT_BYTES);
  request.mutable_budget()->set_reserve(10);
  for (const v1::ContextBlock& block : found->blocks()) {
    request.add_passages("collections/animals/passages/" +
                         block.passage_ids(0));
  }
  const auto response = server.client().PackContext(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_LE(response->text().size(), 50U);
  EXPECT_GT(response->left_out_size(), 0);
  request.set_format(v1::PackContextRequest::FORMAT_XML);
  request.mutable_budget()->set_size(1000);
  const auto xml = server.client().PackContext(request);
  ASSERT_THAT(xml, IsOk());
  EXPECT_EQ(xml->text().find("<documents>\n<document index=\"1\">\n<title>"),
            0U);
  request.set_format(v1::PackContextRequest::FORMAT_MARKDOWN);
  const auto markdown = server.client().PackContext(request);
  ASSERT_THAT(markdown, IsOk());
  EXPECT_NE(markdown->text().find("\n[1]: <"), std::string::npos);
}

TEST(PackContextCall, RefusesWhatItCannotPack) {
  TestServer server;
  const auto call = [&](const v1::PackContextRequest& request) {
    return server.client().PackContext(request);
  };
  EXPECT_THAT(call(MakeRequest("fox", 0)),
              FailsWith(StatusCode::kInvalidArgument, "BUDGET_INVALID"));
  EXPECT_THAT(call(MakeRequest("fox", 2 << 20)),
              FailsWith(StatusCode::kInvalidArgument, "BUDGET_INVALID"));
  v1::PackContextRequest request = MakeRequest("fox", 10);
  request.mutable_budget()->set_reserve(10);
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "BUDGET_INVALID"));
  EXPECT_THAT(call(MakeRequest("", 10)), FailsWith(StatusCode::kInvalidArgument,
                                                   "CONTEXT_SOURCES_INVALID"));
  request = MakeRequest("fox", 10);
  request.add_passages("x");
  EXPECT_THAT(call(request), FailsWith(StatusCode::kInvalidArgument,
                                       "CONTEXT_SOURCES_INVALID"));
  request.clear_query();
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kNotFound, "PASSAGE_NOT_FOUND"));
  for (int i = 0; i < 100; ++i) {
    request.add_passages("x");
  }
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "IDS_TOO_MANY"));
  request = MakeRequest("fox", 10);
  request.set_order(static_cast<v1::PackContextRequest::Order>(99));
  EXPECT_THAT(call(request),
              FailsWith(StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN"));
}

}  // namespace
}  // namespace footnote::service
