// The claims of an answer as people read them.

#pragma once

#include <string>

#include "client/terminal.h"
#include "footnote/v1/grounding_service.pb.h"

namespace footnote::client {

// Returns what was found of an answer: a line of totals, each claim with what
// became of it and what disagrees, and the footnotes that they refer to.
// Whatever comes from documents is made safe for a terminal.
std::string FormatClaims(const v1::CheckGroundingResponse& response,
                         const Terminal& terminal);

}  // namespace footnote::client
