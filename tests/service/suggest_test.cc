// SearchService.Suggest and filters by metadata, as clients make and see them.

#include <string>

#include <gtest/gtest.h>

#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

v1::SuggestRequest MakeRequest(const std::string& text) {
  v1::SuggestRequest request;
  request.set_collection("animals");
  request.set_text(text);
  return request;
}

TEST(Suggest, CompletesAndCorrects) {
  TestServer server;
  const auto response = server.client().Suggest(MakeRequest("the o"));
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->words_size(), 2);
  EXPECT_EQ(response->words(0).text(), "the owl");
  EXPECT_EQ(response->words(0).value(), "owl");
  EXPECT_EQ(response->words(0).passage_count(), 1U);
  EXPECT_EQ(response->words(1).text(), "the owls");
  EXPECT_EQ(response->generation().generation(), 1U);
  const auto title = server.client().Suggest(MakeRequest("dog"));
  ASSERT_THAT(title, IsOk());
  ASSERT_EQ(title->titles_size(), 1);
  EXPECT_EQ(title->titles(0).text(), "Dogs");
  const auto wrong = server.client().Suggest(MakeRequest("sleps well"));
  ASSERT_THAT(wrong, IsOk());
  EXPECT_EQ(wrong->spelling().text(), "sleeps well");
  ASSERT_EQ(wrong->spelling().words_size(), 1);
  EXPECT_EQ(wrong->spelling().words(0).end_byte(), 5U);
}

TEST(Suggest, RefusesWhatItCannotComplete) {
  TestServer server;
  EXPECT_THAT(server.client().Suggest(MakeRequest(" ")),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  v1::SuggestRequest request = MakeRequest("fox");
  request.set_limit(-1);
  EXPECT_THAT(server.client().Suggest(request),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_SIZE_INVALID"));
  request.set_limit(100000);
  EXPECT_THAT(server.client().Suggest(request), IsOk());
  request.set_collection("plants");
  EXPECT_THAT(server.client().Suggest(request),
              FailsWith(StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
}

TEST(Search, WarnsOfWordsAndFieldsThatNothingHas) {
  TestServer server;
  server.Publish(
      {{"a.jsonl", R"({"_id": "a", "text": "A fox.", "year": 2024})"
                   "\n"
                   R"({"_id": "b", "text": "Two foxes.", "year": 99})"
                   "\n"}});
  server.Restart();
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query("fox sleps");
  auto* condition = request.mutable_filter()->mutable_condition();
  condition->set_field("year");
  condition->set_op(v1::Condition::OPERATOR_GT);
  condition->mutable_value()->set_number_value(100);
  request.add_facets()->set_field("colour");
  const auto response = server.client().Search(request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->passages_size(), 1);
  EXPECT_EQ(response->passages(0).document().document_id(), "a");
  EXPECT_EQ(response->spelling().text(), "fox sleeps");
  ASSERT_EQ(response->warnings_size(), 2);
  EXPECT_EQ(response->warnings(0).code(), v1::Warning::CODE_SPELLING);
  EXPECT_EQ(response->warnings(1).code(), v1::Warning::CODE_FIELD_MISSING);
  EXPECT_EQ(response->facets(0).missing().passages(), 1U);
}

}  // namespace
}  // namespace footnote::service
