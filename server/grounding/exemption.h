// Which sentences of an answer need no grounding.

#pragma once

#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"
#include "server/grounding/claims.h"

namespace footnote::grounding {

// A sentence of an answer, without the marks around it.
struct Said {
  std::string_view text;  // valid UTF-8
  std::string_view language;
  bool ends_line = false;
  bool is_title = false;  // marked as one: "# "
};

// Returns why a sentence needs no grounding; `tokens` are its own. A sentence
// is a hedge, a greeting or a heading only where it states nothing besides: no
// amount, no date, no clause with words of its own. Thread-safe.
Exemption ExemptionOf(const Said& said, const std::vector<text::Token>& tokens);

}  // namespace footnote::grounding
