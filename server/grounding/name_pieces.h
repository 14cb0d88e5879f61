// Names of a text, by how they are written.

#pragma once

#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"
#include "server/grounding/pieces.h"

namespace footnote::grounding {

// Returns the names among the tokens of a text, by start, but for those tokens
// that are `taken`: runs of words with a capital. None in a language that
// writes common nouns with one. Thread-safe.
std::vector<Piece> FindNames(std::string_view text,
                             const std::vector<text::Token>& tokens,
                             std::string_view language,
                             const std::vector<bool>& taken);

}  // namespace footnote::grounding
