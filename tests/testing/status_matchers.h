// Matchers for absl::Status and absl::StatusOr.

#pragma once

#include <gmock/gmock.h>

#include "indexer/base/status.h"

namespace footnote {

inline const absl::Status& GetStatus(const absl::Status& status) {
  return status;
}

template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& result) {
  return result.status();
}

// EXPECT_THAT(result, IsOk());
MATCHER(IsOk, "") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).ok();
}

// EXPECT_THAT(result, FailsWith(absl::StatusCode::kNotFound,
// "DOCUMENT_NOT_FOUND"));
MATCHER_P2(FailsWith, code, reason, "") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).code() == code && ErrorReason(GetStatus(arg)) == reason;
}

}  // namespace footnote
