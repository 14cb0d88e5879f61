// SearchService.Analyze over the wire, and queries that are strict or exact.

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using testing::ElementsAre;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

absl::StatusOr<v1::AnalyzeResponse> Analyze(const TestServer& server,
                                            const std::string& text,
                                            const std::string& language = "") {
  v1::AnalyzeRequest request;
  request.set_collection("animals");
  request.set_text(text);
  request.set_language(language);
  return server.client().Analyze(request);
}

TEST(Analyze, ShowsTheTokensOfADocument) {
  const TestServer server;
  const auto response = Analyze(server, "The Foxes' CAFÉ", "en-US");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->language(), "en");
  EXPECT_EQ(response->generation().generation(), 1U);
  ASSERT_EQ(response->tokens_size(), 3);
  EXPECT_TRUE(response->tokens(0).stop_word());
  EXPECT_EQ(response->tokens(1).word(), "foxes");
  EXPECT_EQ(response->tokens(1).stem(), "fox");
  EXPECT_EQ(response->tokens(2).word(), "cafe");
  EXPECT_EQ(response->tokens(2).span().start_byte(), 11U);
  EXPECT_EQ(response->tokens(2).span().end_byte(), 16U);
  EXPECT_EQ(response->tokens(2).span().end_char(), 15U);
  EXPECT_FALSE(response->tokens(2).span().has_end_utf16());
}

TEST(Analyze, ShowsTheWordsOfAQuery) {
  const TestServer server;
  const auto response =
      Analyze(server, "the +foxes \"the dog\"^2 -o* title:owl foxx~");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->executed_query(),
            "+foxes \"the dog\"^2 -o* title:owl foxx~1");
  EXPECT_THAT(response->dropped_words(), ElementsAre("the"));
  const v1::QueryClause& query = response->query();
  EXPECT_EQ(query.kind(), v1::QueryClause::KIND_GROUP);
  ASSERT_EQ(query.clauses_size(), 5);
  EXPECT_EQ(query.clauses(0).occur(), v1::QueryClause::OCCUR_MUST);
  EXPECT_EQ(query.clauses(0).kind(), v1::QueryClause::KIND_WORDS);
  EXPECT_EQ(query.clauses(1).occur(), v1::QueryClause::OCCUR_SHOULD);
  EXPECT_EQ(query.clauses(1).boost(), 2);
  EXPECT_EQ(query.clauses(2).occur(), v1::QueryClause::OCCUR_MUST_NOT);
  EXPECT_EQ(query.clauses(2).text(), "o*");
  EXPECT_EQ(query.clauses(3).occur(), v1::QueryClause::OCCUR_NARROW);
  EXPECT_EQ(query.clauses(3).field(), "title");
  EXPECT_EQ(query.clauses(4).distance(), 1U);
  const auto find = [&](const std::string& word) {
    return *std::find_if(
        response->words().begin(), response->words().end(),
        [&](const v1::QueryWord& other) { return other.word() == word; });
  };
  const v1::QueryWord foxes = find("foxes");
  EXPECT_TRUE(foxes.scored());
  EXPECT_EQ(foxes.passage_count(), 3U);
  EXPECT_EQ(foxes.terms(0).text(), "fox");
  EXPECT_FALSE(foxes.terms(0).language().empty());
  EXPECT_EQ(find("dog").boost(), 2);
  EXPECT_FALSE(find("the").scored());
  EXPECT_TRUE(find("o").prefix());
  EXPECT_EQ(find("foxx").edits(), 1U);
  EXPECT_EQ(find("foxx").terms(0).text(), "fox");
}

TEST(Analyze, AnswersBadRequestsWithReasons) {
  const TestServer server;
  EXPECT_THAT(Analyze(server, " "), FailsWith(kInvalid, "QUERY_EMPTY"));
  EXPECT_THAT(Analyze(server, "fox", "english?"),
              FailsWith(kInvalid, "LANGUAGE_INVALID"));
  EXPECT_THAT(Analyze(server, std::string(20001, 'x')),
              FailsWith(kInvalid, "QUERY_TOO_LONG"));
  v1::AnalyzeRequest request;
  request.set_collection("nowhere");
  request.set_text("fox");
  EXPECT_THAT(server.client().Analyze(request),
              FailsWith(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  request.set_collection("animals");
  request.set_text("(fox");
  request.set_strict_query(true);
  EXPECT_THAT(server.client().Analyze(request),
              FailsWith(kInvalid, "QUERY_SYNTAX"));
}

TEST(Search, MayBeStrictOrExact) {
  const TestServer server;
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query("\"red fox");
  EXPECT_THAT(server.client().Search(request), IsOk());
  request.set_strict_query(true);
  EXPECT_THAT(server.client().Search(request),
              FailsWith(kInvalid, "QUERY_SYNTAX"));
  // Asked again and again, lest one's answer is kept for the other.
  for (int i = 0; i < 3; ++i) {
    request.set_query("owls");
    request.set_exact_words(false);
    EXPECT_EQ(server.client().Search(request)->count().passages(), 1U);
    request.set_query("foxes");
    EXPECT_EQ(server.client().Search(request)->count().passages(), 3U);
    request.set_exact_words(true);
    EXPECT_EQ(server.client().Search(request)->count().passages(), 1U);
  }
}

}  // namespace
}  // namespace footnote::service
