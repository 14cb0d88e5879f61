// Dates of a text, however little of one it says.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"
#include "indexer/text/quantities.h"
#include "server/grounding/pieces.h"

namespace footnote::grounding {

// Returns the dates among the tokens of a text, by start: those of
// `quantities`, years, decades, months and weekdays by themselves, with what
// says which part of them ("early in"). Thread-safe.
std::vector<Piece> FindDates(std::string_view text,
                             const std::vector<text::Token>& tokens,
                             const std::vector<text::Quantity>& quantities);

}  // namespace footnote::grounding
