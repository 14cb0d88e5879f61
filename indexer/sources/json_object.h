// One JSON object from text that may be damaged in repairable ways.

#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "indexer/base/status.h"

namespace footnote::sources {

// Returns the object that `text` holds. Bytes that are no UTF-8, and escapes of
// lone surrogates ("\ud800"), become U+FFFD; a key given twice has its last
// value. Errors (kInvalidArgument JSON_SYNTAX, detail "offset": the byte of
// `text` where it stands): what is no JSON or no object, and nesting deeper
// than 64.
absl::StatusOr<nlohmann::json> ParseJsonObject(std::string_view text);

}  // namespace footnote::sources
