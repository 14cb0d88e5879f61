// Keys, values and lists of one line of YAML: the part that front matter needs.
//
// Each function reads from the start of *rest, past spaces, and leaves there
// what comes after. Errors: kInvalidArgument FRONT_MATTER_SYNTAX.

#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "indexer/base/status.h"

namespace footnote::sources {

// One value that is no list or map.
struct YamlScalar {
  nlohmann::json value;  // string, number, boolean or null
  std::string written;   // as written, without quotes: "1.10"
};

// Reads a plain or quoted key and the ':' after it.
absl::StatusOr<std::string> ReadYamlKey(std::string_view* rest);

// Reads a value, up to the end of the line or a comment.
absl::StatusOr<YamlScalar> ReadYamlScalar(std::string_view* rest);

// Reads a list "[a, b]" of scalars.
absl::StatusOr<nlohmann::json> ReadYamlList(std::string_view* rest);

// Returns ok if `rest` is blank or a comment.
absl::Status CheckYamlEnd(std::string_view rest);

}  // namespace footnote::sources
