// SearchService.BatchSearch with separate answers, as clients make and see it.

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "client/rpc_error.h"
#include "tests/service/test_server.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

constexpr char kMethod[] = "footnote.v1.SearchService/BatchSearch";

v1::SearchRequest Request(const std::string& query) {
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query(query);
  return request;
}

// Returns so many documents, by line.
std::string RandomLines(int count) {
  RandomDocuments random(3);
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += random.Line("d" + std::to_string(i));
  }
  return lines;
}

// Returns the bytes of an answer without its name; maps in order.
std::string BytesOf(v1::SearchResponse response) {
  response.clear_query_id();
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    response.SerializeToCodedStream(&out);
  }
  return bytes;
}

absl::Status ErrorOf(const v1::SearchOutcome& outcome) {
  return client::FromRpcStatus(outcome.error());
}

// Checks that each outcome is what Search gives.
void ExpectAsAlone(const TestServer& server,
                   const v1::BatchSearchRequest& batch) {
  const auto response = server.client().BatchSearch(batch);
  ASSERT_THAT(response, IsOk());
  EXPECT_FALSE(response->has_fused());
  ASSERT_EQ(response->outcomes_size(), batch.requests_size());
  for (int i = 0; i < batch.requests_size(); ++i) {
    const v1::SearchOutcome& outcome = response->outcomes(i);
    const auto alone = server.client().Search(batch.requests(i));
    if (alone.ok()) {
      EXPECT_EQ(BytesOf(outcome.response()), BytesOf(*alone)) << i;
      EXPECT_FALSE(outcome.response().query_id().empty());
    } else {
      ASSERT_TRUE(outcome.has_error()) << i;
      EXPECT_EQ(ErrorOf(outcome), alone.status()) << i;
      EXPECT_EQ(GetErrorDetails(ErrorOf(outcome)),
                GetErrorDetails(alone.status()));
    }
  }
}

TEST(BatchSearch, AnswersEachAsSearchDoes) {
  TestServer server;
  server.Publish({{"corpus.jsonl", RandomLines(100)}});
  server.Restart();
  v1::BatchSearchRequest batch;
  *batch.add_requests() = Request("fox");
  *batch.add_requests() = Request("");  // an error
  *batch.add_requests() = Request("market prices");
  batch.mutable_requests(2)->set_page_size(3);
  *batch.add_requests() = Request("owl");
  batch.mutable_requests(3)->set_collection("nowhere");
  *batch.add_requests() = Request("river");
  batch.mutable_requests(4)->set_page_size(-1);
  *batch.add_requests() = Request("?!");
  *batch.add_requests() = Request("owl");
  batch.mutable_requests(6)->set_generation(1);
  *batch.add_requests() = Request("\"the river\" -zebra");
  batch.mutable_requests(7)->set_explain(true);
  ExpectAsAlone(server, batch);
  batch.set_mode(v1::BatchSearchRequest::MODE_SEPARATE);
  ExpectAsAlone(server, batch);
}

TEST(BatchSearch, AnswersThirtyTwoOnAllThreads) {
  for (const uint32_t workers : {1U, 4U}) {
    ServerOptions options;
    options.threads = workers;
    TestServer server(options);
    server.Publish({{"corpus.jsonl", RandomLines(100)}});
    server.Restart();
    RandomDocuments random(5);
    v1::BatchSearchRequest batch;
    for (int i = 0; i < 32; ++i) {
      *batch.add_requests() = Request(random.Words(3));
    }
    ExpectAsAlone(server, batch);
  }
}

TEST(BatchSearch, TakesOneToThirtyTwo) {
  TestServer server;
  v1::BatchSearchRequest batch;
  const auto ask = [&] { return server.client().BatchSearch(batch); };
  EXPECT_THAT(ask(),
              FailsWith(StatusCode::kInvalidArgument, "BATCH_SIZE_INVALID"));
  for (int i = 0; i < 33; ++i) {
    *batch.add_requests() = Request("fox");
  }
  EXPECT_THAT(ask(),
              FailsWith(StatusCode::kInvalidArgument, "BATCH_SIZE_INVALID"));
  batch.mutable_requests()->RemoveLast();
  const auto response = ask();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->outcomes_size(), 32);
  batch.set_mode(static_cast<v1::BatchSearchRequest::Mode>(7));
  EXPECT_THAT(ask(),
              FailsWith(StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN"));
}

TEST(BatchSearch, RefusesWhatIsOfFusedBatchesAlone) {
  TestServer server;
  v1::BatchSearchRequest batch;
  *batch.add_requests() = Request("fox");
  v1::BatchSearchRequest weighed = batch;
  weighed.add_weights(1);
  v1::BatchSearchRequest sized = batch;
  sized.set_page_size(5);
  v1::BatchSearchRequest paged = batch;
  paged.set_page_token("x");
  for (const auto& request : {weighed, sized, paged}) {
    EXPECT_THAT(server.client().BatchSearch(request),
                FailsWith(StatusCode::kInvalidArgument, "BATCH_INVALID"));
  }
}

// Returns the line of the log that is meant; every line is there before the
// answer of its call.
template <typename IsMeant>
nlohmann::json LineOf(TestServer* server, IsMeant is_meant) {
  const auto log = server->log();
  const auto line = std::find_if(log.begin(), log.end(), is_meant);
  EXPECT_NE(line, log.end());
  return line == log.end() ? nlohmann::json::object() : *line;
}

bool IsOfCall(const nlohmann::json& line) {
  return line.value("method", "") == kMethod && line.contains("peer");
}

TEST(BatchSearch, TakesAnswersFromTheCacheOfSearches) {
  TestServer server;
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(server.client().Search(Request("red fox")), IsOk());
  }
  v1::BatchSearchRequest batch;
  *batch.add_requests() = Request("red fox");
  const auto response = server.client().BatchSearch(batch);
  ASSERT_THAT(response, IsOk());
  const std::string id = response->outcomes(0).response().query_id();
  const nlohmann::json line = LineOf(&server, [&](const nlohmann::json& each) {
    return each.value("query_id", "") == id;
  });
  EXPECT_EQ(line.value("method", ""), kMethod);
  EXPECT_EQ(line.value("search", -1), 0);
  EXPECT_TRUE(line.value("cached", false));
}

// One deadline for all: what has not begun when it passes never does.
TEST(BatchSearch, StopsAllAtTheDeadline) {
  constexpr std::chrono::milliseconds kDeadline(200);
  ServerOptions options;
  options.threads = 2;
  options.max_deadline = kDeadline;
  // The first searches end only when the server's deadline has passed, which no
  // answer can tell: the time has to.
  TestServer server(options, [kDeadline](const nlohmann::json& line) {
    if (line.contains("search")) {
      std::this_thread::sleep_for(2 * kDeadline);
    }
  });
  v1::BatchSearchRequest batch;
  for (int i = 0; i < 32; ++i) {
    *batch.add_requests() = Request("fox");
  }
  EXPECT_THAT(server.client().BatchSearch(batch),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
  EXPECT_NE(LineOf(&server, IsOfCall).value("code", "OK"), "OK");
  const auto log = server.log();
  EXPECT_LE(
      std::count_if(log.begin(), log.end(),
                    [](const auto& line) { return line.contains("search"); }),
      2);
}

// Answers of 3 MiB and more: those after the first 32 MiB are refused.
TEST(BatchSearch, BoundsItsAnswers) {
  std::string text = "# Foxes\n\n";
  for (int i = 0; i < 60000; ++i) {
    text += "A fox ran on. ";
  }
  TestServer server;
  server.Publish({{"long.md", text}});
  server.Restart();
  v1::BatchSearchRequest batch;
  for (int i = 0; i < 32; ++i) {
    v1::SearchRequest& request = *batch.add_requests();
    request = Request("fox");
    request.set_page_size(100);
    request.set_previous_passages(10);
    request.set_next_passages(10);
  }
  const auto response = server.client().BatchSearch(batch);
  ASSERT_THAT(response, IsOk());
  constexpr size_t kMost = 32 << 20;
  size_t before = 0;
  size_t refused = 0;
  for (const v1::SearchOutcome& outcome : response->outcomes()) {
    EXPECT_EQ(outcome.has_response(), before <= kMost);
    before += outcome.response().ByteSizeLong();
    if (outcome.has_error()) {
      ++refused;
      EXPECT_THAT(ErrorOf(outcome),
                  FailsWith(StatusCode::kResourceExhausted, "BATCH_TOO_LARGE"));
    }
  }
  EXPECT_GT(refused, 5U);
  EXPECT_LT(refused, 27U);
}

}  // namespace
}  // namespace footnote::service
