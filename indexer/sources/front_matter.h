// YAML front matter of Markdown files: a small, strict part of YAML.

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "indexer/base/status.h"

namespace footnote::sources {

struct FrontMatter {
  nlohmann::json values = nlohmann::json::object();
  std::map<std::string, std::string> scalars;  // those of `values` that are
                                               // one value, as written
  size_t size = 0;  // bytes up to the text; 0 where there is none
};

// Reads the front matter at the start of `text`: a line "---", lines of YAML,
// of which the first is not blank, and a line "---" or "...". What is not so
// framed is text, not front matter.
//
// Read are: "key: value" where the value is a plain or quoted string, a number,
// true, false, null, a list of these on one line ("[a, b]"), or nothing,
// followed by lines "- item"; and comments. Dates are strings.
// Errors (kInvalidArgument FRONT_MATTER_SYNTAX, detail "line" from 1): all
// else, such as nested maps, block scalars, anchors, and a key given twice.
absl::StatusOr<FrontMatter> ParseFrontMatter(std::string_view text);

}  // namespace footnote::sources
