#include "client/response_json.h"

#include <google/protobuf/util/json_util.h>

namespace footnote::client {

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                     "the response has no JSON form");
  }
  return json;
}

}  // namespace footnote::client
