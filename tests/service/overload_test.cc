// What happens to calls while all workers are busy. The log's hook holds the
// one worker: a call's line is written before its answer is sent.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "footnote/v1/search_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

// A server of one worker, which the first answered call keeps busy until
// Release().
class BusyServer {
 public:
  BusyServer() : server_(OneWorker(), [this](const auto& f) { Hold(f); }) {
    first_ = std::thread(
        [this] { EXPECT_THAT(server_.client().ListCollections({}), IsOk()); });
    held_.wait();
  }
  ~BusyServer() {
    Release();
    first_.join();
  }
  BusyServer(const BusyServer&) = delete;
  BusyServer& operator=(const BusyServer&) = delete;

  void Release() {
    if (!released_) {
      released_ = true;
      release_.count_down();
    }
  }

  TestServer& server() { return server_; }

 private:
  static ServerOptions OneWorker() {
    ServerOptions options;
    options.threads = 1;
    options.queue_limit = 1;
    return options;
  }

  void Hold(const nlohmann::json& fields) {
    if (fields["code"] == "OK" && !was_held_) {
      was_held_ = true;
      held_.count_down();
      release_.wait();
    }
  }

  std::latch held_{1};
  std::latch release_{1};
  std::atomic<bool> was_held_ = false;
  bool released_ = false;
  TestServer server_;
  std::thread first_;
};

// Calls Search without any retry and returns the status; the trailers stand in
// `context`.
grpc::Status SearchOnce(const std::string& address,
                        grpc::ClientContext* context) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  v1::SearchService::Stub stub(grpc::CreateCustomChannel(
      address, grpc::InsecureChannelCredentials(), arguments));
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query("fox");
  v1::SearchResponse response;
  return stub.Search(context, request, &response);
}

// Leaves a call in the queue. Its caller gives up soon, but the call waits
// until the worker takes it; the next one is refused.
void FillQueue(const std::string& address) {
  grpc::Status status;
  while (status.error_code() != grpc::StatusCode::UNAVAILABLE) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::milliseconds(100));
    status = SearchOnce(address, &context);
  }
}

// Returns whether no call of Search has done its work, which would name the
// collection.
bool NoSearchRan(TestServer* server) {
  const auto log = server->log();
  return std::none_of(log.begin(), log.end(), [](const auto& line) {
    return line["method"] == "footnote.v1.SearchService/Search" &&
           line.contains("collection");
  });
}

TEST(Overload, HealthAnswersWhileSearchesBlock) {
  BusyServer busy;
  EXPECT_EQ(*busy.server().client().CheckHealth(""), "SERVING");
  EXPECT_EQ(*busy.server().client().CheckHealth("liveness"), "SERVING");
}

// As many searches as clients like, on several workers, all of which are held
// by searches that they have answered but not yet let go.
TEST(Overload, HealthAnswersBeside64SearchesThatBlockAllWorkers) {
  constexpr int kWorkers = 4;
  constexpr int kSearches = 64;
  std::latch held(kWorkers);
  std::latch release(1);
  std::atomic<int> holding = 0;
  ServerOptions options;
  options.threads = kWorkers;
  TestServer server(options, [&](const nlohmann::json& fields) {
    if (fields["method"] == "footnote.v1.SearchService/Search" &&
        ++holding <= kWorkers) {
      held.count_down();
      release.wait();
    }
  });
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  clients.reserve(kSearches);
  for (int i = 0; i < kSearches; ++i) {
    clients.emplace_back([&] {
      grpc::ClientContext context;
      answered += SearchOnce(server.address(), &context).ok() ? 1 : 0;
    });
  }
  held.wait();
  EXPECT_EQ(*server.client().CheckHealth(""), "SERVING");
  EXPECT_EQ(*server.client().CheckHealth("liveness"), "SERVING");
  EXPECT_EQ(*server.client().CheckHealth("footnote.v1.SearchService"),
            "SERVING");
  EXPECT_EQ(answered, 0);  // all workers were held meanwhile
  release.count_down();
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(answered, kSearches);
}

// Refusing takes no worker: it comes while the only one is held.
TEST(Overload, RefusesAtOnceAndSaysWhenToTryAgain) {
  BusyServer busy;
  FillQueue(busy.server().address());
  grpc::ClientContext context;
  const grpc::Status status = SearchOnce(busy.server().address(), &context);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_EQ(details.details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "OVERLOADED");
  EXPECT_EQ(info.domain(), "footnote.v1");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(details.details(1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 0);
  EXPECT_EQ(retry.retry_delay().nanos(), 200'000'000);
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto pushback = trailers.find("grpc-retry-pushback-ms");
  ASSERT_NE(pushback, trailers.end());
  EXPECT_EQ(pushback->second, "200");
}

TEST(Overload, CallsWhoseTimePassedInTheQueueDoNotRun) {
  BusyServer busy;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(100));
  EXPECT_EQ(SearchOnce(busy.server().address(), &context).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  busy.Release();
  EXPECT_THAT(busy.server().client().ListCollections({}), IsOk());
  // The one worker has taken the calls in order.
  EXPECT_TRUE(NoSearchRan(&busy.server()));
}

TEST(Overload, CallsOfCallersGoneAwayDoNotRun) {
  BusyServer busy;
  grpc::ClientContext context;
  grpc::Status status;
  std::thread caller(
      [&] { status = SearchOnce(busy.server().address(), &context); });
  context.TryCancel();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  busy.Release();
  EXPECT_THAT(busy.server().client().ListCollections({}), IsOk());
  EXPECT_TRUE(NoSearchRan(&busy.server()));
}

TEST(Deadline, ServerHasAMaximumOfItsOwn) {
  ServerOptions options;
  options.max_deadline = std::chrono::milliseconds(0);
  TestServer server(options);
  EXPECT_THAT(
      server.client().ListCollections({}),
      FailsWith(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace footnote::service
