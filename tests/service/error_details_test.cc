#include "server/service/error_details.h"

#include <string>

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace footnote::service {
namespace {

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

// Returns the one detail of this type, or the default.
template <typename Detail>
Detail Find(const grpc::Status& status) {
  Detail found;
  int count = 0;
  const google::rpc::Status details = DetailsOf(status);
  for (const auto& any : details.details()) {
    count += any.UnpackTo(&found) ? 1 : 0;
  }
  EXPECT_LE(count, 1);
  return found;
}

TEST(ToGrpcStatus, KeepsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
}

TEST(ToGrpcStatus, CarriesReasonAndMetadata) {
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                "there is no collection x", {{"collection", "x"}}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "there is no collection x");
  EXPECT_EQ(DetailsOf(status).code(), 5);
  EXPECT_EQ(DetailsOf(status).message(), "there is no collection x");
  const auto info = Find<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "COLLECTION_NOT_FOUND");
  EXPECT_EQ(info.domain(), "footnote.v1");
  EXPECT_EQ(info.metadata().at("collection"), "x");
  EXPECT_EQ(DetailsOf(status).details_size(), 1);
}

TEST(ToGrpcStatus, NamesTheFieldOfABadRequest) {
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kInvalidArgument, "PAGE_SIZE_INVALID",
                "page_size must not be negative", {{"field", "page_size"}}));
  const auto bad = Find<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(), "page_size");
  EXPECT_EQ(bad.field_violations(0).reason(), "PAGE_SIZE_INVALID");
  EXPECT_EQ(bad.field_violations(0).description(),
            "page_size must not be negative");
}

TEST(ToGrpcStatus, SaysWhenToTryAgain) {
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kUnavailable, "OVERLOADED", "too many"));
  EXPECT_EQ(Find<google::rpc::RetryInfo>(status).retry_delay().nanos(),
            200'000'000);
}

TEST(ToGrpcStatus, HidesWhatIsInternal) {
  for (const absl::Status& error :
       {absl::InternalError("at /secret/path"),
        absl::UnknownError("at /secret/path"),
        MakeError(absl::StatusCode::kInternal, "INDEX_ERROR", "/secret/path",
                  {})}) {
    const grpc::Status status = ToGrpcStatus(error);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(status.error_details().find("secret"), std::string::npos);
    EXPECT_EQ(status.error_message().find("secret"), std::string::npos);
    EXPECT_FALSE(Find<google::rpc::ErrorInfo>(status).reason().empty());
  }
}

// Clients refuse more than 8 KiB of trailers, base64 of the details included.
TEST(ToGrpcStatus, FitsIntoTrailers) {
  ErrorDetails details;
  for (int i = 0; i < 100; ++i) {
    std::string value;
    for (int k = 0; k < 1000; ++k) {
      value += "é";
    }
    details["key" + std::to_string(i)] = value;
  }
  details["field"] = std::string(10000, 'x');
  const grpc::Status status =
      ToGrpcStatus(MakeError(absl::StatusCode::kInvalidArgument, "QUERY_SYNTAX",
                             std::string(100000, 'm'), details));
  const size_t base64 = status.error_details().size() * 4 / 3;
  EXPECT_LT(base64 + status.error_message().size(), 8000U);
  EXPECT_TRUE(Find<google::rpc::ErrorInfo>(status).metadata().contains("key0"));
}

TEST(ToGrpcStatus, CutsBetweenCodePoints) {
  std::string value = "x";
  for (int k = 0; k < 1000; ++k) {
    value += "é";
  }
  const grpc::Status status =
      ToGrpcStatus(MakeError(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND",
                             value, {{"document", value}}));
  const std::string cut =
      Find<google::rpc::ErrorInfo>(status).metadata().at("document");
  EXPECT_EQ(cut.size(), 199 + std::string("…").size());
  EXPECT_EQ(cut.substr(cut.size() - 5), "é…");
}

}  // namespace
}  // namespace footnote::service
