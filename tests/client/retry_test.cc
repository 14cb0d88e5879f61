// What the client tries again, against a server that fails on purpose.

#include <atomic>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "client/client.h"
#include "footnote/v1/search_service.grpc.pb.h"
#include "tests/testing/status_matchers.h"

namespace footnote::client {
namespace {

// Fails the first `failures` calls with `code`.
class FailingService final : public v1::SearchService::Service {
 public:
  FailingService(grpc::StatusCode code, int failures)
      : code_(code), failures_(failures) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FailingService() override { server_->Shutdown(); }
  FailingService(const FailingService&) = delete;
  FailingService& operator=(const FailingService&) = delete;

  grpc::Status Search(grpc::ServerContext*, const v1::SearchRequest*,
                      v1::SearchResponse* response) override {
    if (calls_++ < failures_) {
      return {code_, "on purpose"};
    }
    response->set_query_id("id");
    return grpc::Status::OK;
  }

  absl::StatusOr<v1::SearchResponse> CallOnce() const {
    const Client client(
        {"127.0.0.1:" + std::to_string(port_), std::chrono::seconds(20)});
    return client.Search({});
  }

  int calls() const { return calls_; }

 private:
  const grpc::StatusCode code_;
  const int failures_;
  std::atomic<int> calls_ = 0;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST(Client, TriesAgainWhereTheServerIsUnavailable) {
  const FailingService service(grpc::StatusCode::UNAVAILABLE, 2);
  const auto response = service.CallOnce();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->query_id(), "id");
  EXPECT_EQ(service.calls(), 3);
}

TEST(Client, TriesAgainWhereTheServerShutsDown) {
  const FailingService service(grpc::StatusCode::CANCELLED, 2);
  EXPECT_THAT(service.CallOnce(), IsOk());
  EXPECT_EQ(service.calls(), 3);
}

TEST(Client, GivesUpAfterThreeTries) {
  const FailingService service(grpc::StatusCode::UNAVAILABLE, 100);
  EXPECT_THAT(service.CallOnce(),
              FailsWith(absl::StatusCode::kUnavailable, "CONNECTION_FAILED"));
  EXPECT_EQ(service.calls(), 3);
}

TEST(Client, TriesNothingElseAgain) {
  for (const grpc::StatusCode code :
       {grpc::StatusCode::INTERNAL, grpc::StatusCode::RESOURCE_EXHAUSTED,
        grpc::StatusCode::ABORTED, grpc::StatusCode::UNKNOWN,
        grpc::StatusCode::DEADLINE_EXCEEDED}) {
    const FailingService service(code, 1);
    EXPECT_EQ(service.CallOnce().status().code(),
              static_cast<absl::StatusCode>(code));
    EXPECT_EQ(service.calls(), 1);
  }
}

TEST(Client, SaysThatNobodyAnswers) {
  const Client client({"127.0.0.1:1", std::chrono::seconds(20)});
  EXPECT_THAT(client.Search({}),
              FailsWith(absl::StatusCode::kUnavailable, "CONNECTION_FAILED"));
}

}  // namespace
}  // namespace footnote::client
