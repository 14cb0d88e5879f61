// Reads the quotes of an answer.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "footnote/v1/quote.pb.h"
#include "indexer/base/status.h"

namespace footnote::client {

// Returns the quotes that a text has. Of JSON Lines, a text that begins with
// "{", each line is one: {"quote", "document", "passage", "revision", "start",
// "end"}, all but the first optional. Of an answer, what stands in quotation
// marks, three words or more, and its Markdown block quotes; where there are
// none, each line is one.
// Errors: kInvalidArgument JSON_SYNTAX, FIELD_MISSING, FIELD_TYPE, with the
// line; QUOTES_MISSING where there is no text.
absl::StatusOr<std::vector<v1::Quote>> ReadQuotes(std::string_view text);

}  // namespace footnote::client
