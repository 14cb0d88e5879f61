// A document's metadata as protobuf.

#pragma once

#include <string_view>

#include <google/protobuf/struct.pb.h>

namespace footnote::service {

// Sets `out` to the JSON object `json`. Numbers become doubles; values nested
// deeper than 16 levels become their JSON as a string, because clients refuse
// to read deep messages. Text that is no object leaves `out` empty.
void SetMetadata(std::string_view json, google::protobuf::Struct* out);

}  // namespace footnote::service
