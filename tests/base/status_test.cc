#include "indexer/base/status.h"

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote {
namespace {

using absl::StatusCode;

absl::Status MakeExample() {
  return MakeError(StatusCode::kInvalidArgument, "QUERY_EMPTY", "no words",
                   {{"field", "query"}, {"offset", ""}});
}

TEST(MakeError, CarriesReasonAndDetails) {
  const absl::Status status = MakeExample();
  EXPECT_THAT(status, FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  EXPECT_EQ(GetErrorDetails(status),
            (ErrorDetails{{"field", "query"}, {"offset", ""}}));
}

TEST(ErrorReason, IsEmptyElsewhere) {
  EXPECT_EQ(ErrorReason(absl::OkStatus()), "");
  EXPECT_EQ(ErrorReason(absl::InternalError("x")), "");
  EXPECT_TRUE(GetErrorDetails(absl::InternalError("x")).empty());
}

TEST(Annotate, PutsContextBeforeTheMessage) {
  const absl::Status status = Annotate(MakeExample(), "line 3");
  EXPECT_EQ(std::string(status.message().data(), status.message().size()),
            "line 3: no words");
  EXPECT_THAT(status, FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  EXPECT_EQ(GetErrorDetails(status).at("field"), "query");
}

TEST(Annotate, LeavesOkAlone) {
  EXPECT_THAT(Annotate(absl::OkStatus(), "context"), IsOk());
}

absl::StatusOr<int> Half(int value) {
  if (value % 2 != 0) {
    return MakeExample();
  }
  return value / 2;
}

absl::StatusOr<int> Quarter(int value) {
  FOOTNOTE_ASSIGN_OR_RETURN(const int half, Half(value));
  FOOTNOTE_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

absl::Status CheckEven(int value) {
  FOOTNOTE_RETURN_IF_ERROR(Half(value).status());
  return absl::OkStatus();
}

TEST(StatusMacros, ReturnTheFirstError) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_THAT(Quarter(6),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  EXPECT_THAT(CheckEven(2), IsOk());
  EXPECT_THAT(CheckEven(3),
              FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
}

}  // namespace
}  // namespace footnote
