// What a text becomes, as people read it.

#pragma once

#include <string>

#include "client/terminal.h"
#include "footnote/v1/search_service.pb.h"

namespace footnote::client {

// Returns a response as text: the tokens of the text as a document's, then the
// query, its words and what they stand for. Made safe for a terminal.
std::string FormatAnalysis(const v1::AnalyzeResponse& response,
                           const Terminal& terminal);

}  // namespace footnote::client
