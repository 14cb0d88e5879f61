// Answers from the cache of a server are those that a search would give.

#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

v1::SearchRequest Request(const std::string& query) {
  v1::SearchRequest request;
  request.set_collection("collections/animals");
  request.set_query(query);
  return request;
}

// An answer, and whether the server says that it had it.
struct Answer {
  v1::SearchResponse response;
  bool was_cached = false;

  // The bytes of everything but the name of the query.
  std::string Bytes() const {
    v1::SearchResponse copy = response;
    copy.clear_query_id();
    return copy.SerializeAsString();
  }
};

Answer Ask(TestServer* server, const v1::SearchRequest& request) {
  const auto response = server->client().Search(request);
  EXPECT_THAT(response, IsOk());
  Answer answer;
  if (!response.ok()) {
    return answer;
  }
  answer.response = *response;
  // Lines are written after the answer is sent.
  for (int tries = 0; tries < 500; ++tries) {
    for (const nlohmann::json& line : server->log()) {
      if (line.value("query_id", "") == response->query_id()) {
        answer.was_cached = line.value("cached", false);
        return answer;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << "no line of the log for " << response->query_id();
  return answer;
}

TEST(CachedSearch, GivesTheSameBytes) {
  TestServer server;
  for (const char* query : {"red fox", "owl", "?!", "nothing like it"}) {
    const Answer first = Ask(&server, Request(query));
    const Answer second = Ask(&server, Request(query));
    const Answer third = Ask(&server, Request(query));
    EXPECT_FALSE(first.was_cached);
    EXPECT_FALSE(second.was_cached);
    EXPECT_TRUE(third.was_cached);
    EXPECT_EQ(first.Bytes(), second.Bytes());
    EXPECT_EQ(first.Bytes(), third.Bytes());
    EXPECT_FALSE(first.response.query_id().empty());
    EXPECT_NE(first.response.query_id(), second.response.query_id());
  }
}

TEST(CachedSearch, IsOfTheVeryRequest) {
  TestServer server;
  v1::SearchRequest request = Request("fox");
  request.set_page_size(1);
  const Answer plain = Ask(&server, request);
  ASSERT_FALSE(plain.response.next_page_token().empty());
  v1::SearchRequest next = request;
  next.set_page_token(plain.response.next_page_token());
  v1::SearchRequest utf16 = request;
  utf16.set_include_utf16(true);
  v1::SearchRequest filtered = request;
  filtered.mutable_filter()->mutable_condition()->set_field("document_id");
  filtered.mutable_filter()->mutable_condition()->set_op(
      v1::Condition::OPERATOR_EXISTS);
  v1::SearchRequest uncounted = request;
  uncounted.set_omit_counts(true);
  for (const v1::SearchRequest& other : {next, utf16, filtered, uncounted}) {
    EXPECT_FALSE(Ask(&server, other).was_cached) << other.ShortDebugString();
    EXPECT_FALSE(Ask(&server, other).was_cached) << other.ShortDebugString();
    EXPECT_TRUE(Ask(&server, other).was_cached) << other.ShortDebugString();
  }
  EXPECT_EQ(Ask(&server, request).Bytes(), plain.Bytes());
}

TEST(CachedSearch, IsOfTheGenerationThatIsAskedFor) {
  TestServer server;
  const Answer before = Ask(&server, Request("fox"));
  server.Publish({{"new.txt", "A fox among foxes."}});
  Answer after;
  for (int tries = 0; tries < 500; ++tries) {
    after = Ask(&server, Request("fox"));
    if (after.response.generation().generation() == 2) {
      break;
    }
    EXPECT_EQ(after.Bytes(), before.Bytes());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ASSERT_EQ(after.response.generation().generation(), 2U);
  EXPECT_FALSE(after.was_cached);
  EXPECT_GT(after.response.count().documents(),
            before.response.count().documents());
}

// What was cut short would not come out again.
TEST(CachedSearch, DoesNotKeepWhatWasCutShort) {
  TestServer server;
  v1::SearchRequest request = Request("fox");
  request.mutable_time_limit()->set_nanos(1);
  for (int i = 0; i < 3; ++i) {
    const Answer answer = Ask(&server, request);
    ASSERT_EQ(answer.response.warnings_size(), 1);
    EXPECT_EQ(answer.response.warnings(0).code(), v1::Warning::CODE_TRUNCATED);
    EXPECT_FALSE(answer.was_cached);
    EXPECT_FALSE(answer.response.has_count());
  }
  request.clear_time_limit();
  EXPECT_FALSE(Ask(&server, request).was_cached);
  EXPECT_EQ(Ask(&server, request).response.count().documents(), 3U);
}

TEST(CachedSearch, NeedsACache) {
  ServerOptions options;
  options.cache_bytes = 0;
  TestServer server(options);
  const Answer first = Ask(&server, Request("fox"));
  Ask(&server, Request("fox"));
  const Answer second = Ask(&server, Request("fox"));
  EXPECT_FALSE(second.was_cached);
  EXPECT_EQ(first.Bytes(), second.Bytes());
}

}  // namespace
}  // namespace footnote::service
