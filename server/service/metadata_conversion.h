// A document's metadata as protobuf.

#pragma once

#include <string_view>

#include <google/protobuf/struct.pb.h>
#include <nlohmann/json.hpp>

namespace footnote::service {

// Sets `out` to the JSON object `json`. Numbers become doubles; values nested
// deeper than 16 levels become their JSON as a string, because clients refuse
// to read deep messages. Text that is no object leaves `out` empty.
void SetMetadata(std::string_view json, google::protobuf::Struct* out);

// Returns `metadata` as a JSON object. Doubles that are whole numbers below
// 2^53 become whole numbers; those that JSON has no form for (NaN) become null.
nlohmann::json ParseMetadata(const google::protobuf::Struct& metadata);

// Likewise, of one value.
nlohmann::json ParseMetadataValue(const google::protobuf::Value& value);

}  // namespace footnote::service
