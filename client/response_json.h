// Messages as JSON.

#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "indexer/base/status.h"

namespace footnote::client {

// Returns `message` in protobuf's JSON mapping, with fields that hold their
// default. Errors: kInternal INTERNAL where it has no such form.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

}  // namespace footnote::client
