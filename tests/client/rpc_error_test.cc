#include "client/rpc_error.h"

#include <string>

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/testing/status_matchers.h"

namespace footnote::client {
namespace {

grpc::Status MakeStatus(grpc::StatusCode code, const std::string& domain) {
  google::rpc::ErrorInfo info;
  info.set_reason("COLLECTION_NOT_FOUND");
  info.set_domain(domain);
  (*info.mutable_metadata())["collection"] = "x";
  google::rpc::Status details;
  details.add_details()->PackFrom(google::rpc::RetryInfo());
  details.add_details()->PackFrom(info);
  return {code, "there is no x", details.SerializeAsString()};
}

TEST(FromGrpcStatus, KeepsOk) {
  EXPECT_THAT(FromGrpcStatus(grpc::Status::OK), IsOk());
}

TEST(FromGrpcStatus, TakesReasonAndMetadata) {
  const absl::Status status =
      FromGrpcStatus(MakeStatus(grpc::StatusCode::NOT_FOUND, "footnote.v1"));
  EXPECT_THAT(status,
              FailsWith(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_EQ(status.message(), "there is no x");
  EXPECT_EQ(GetErrorDetails(status), (ErrorDetails{{"collection", "x"}}));
}

TEST(FromGrpcStatus, IgnoresReasonsOfOtherDomains) {
  EXPECT_THAT(FromGrpcStatus(MakeStatus(grpc::StatusCode::NOT_FOUND, "other")),
              FailsWith(absl::StatusCode::kNotFound, "RPC_FAILED"));
}

TEST(FromGrpcStatus, MakesReasonsOfItsOwn) {
  EXPECT_THAT(FromGrpcStatus({grpc::StatusCode::UNAVAILABLE, "refused"}),
              FailsWith(absl::StatusCode::kUnavailable, "CONNECTION_FAILED"));
  EXPECT_THAT(FromGrpcStatus({grpc::StatusCode::CANCELLED, ""}),
              FailsWith(absl::StatusCode::kUnavailable, "CONNECTION_FAILED"));
  EXPECT_THAT(
      FromGrpcStatus({grpc::StatusCode::DEADLINE_EXCEEDED, "late"}),
      FailsWith(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
  EXPECT_THAT(FromGrpcStatus({grpc::StatusCode::INTERNAL, "x", "not a proto"}),
              FailsWith(absl::StatusCode::kInternal, "RPC_FAILED"));
}

}  // namespace
}  // namespace footnote::client
