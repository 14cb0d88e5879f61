// Points in time of requests.

#pragma once

#include <cstdint>
#include <string>

#include <google/protobuf/timestamp.pb.h>

#include "indexer/base/status.h"

namespace footnote::service {

// Returns the Unix seconds of a time; `field` names it in the request.
// Errors: kInvalidArgument FIELD_TYPE outside of years 1 to 9999.
inline absl::StatusOr<int64_t> ParseTimestamp(
    const google::protobuf::Timestamp& time, const std::string& field) {
  constexpr int64_t kFirst = -62135596800;
  constexpr int64_t kLast = 253402300799;
  if (time.seconds() < kFirst || time.seconds() > kLast) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     field + " is not between the years 1 and 9999",
                     {{"field", field}});
  }
  return time.seconds();
}

}  // namespace footnote::service
