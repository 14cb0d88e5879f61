// Renders a context, and says how long texts are.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/grounding/context.h"

namespace footnote::grounding {

// The name of the estimator, for answers.
inline constexpr std::string_view kTokenEstimator = "footnote-tokens-1";

// Returns about how many tokens a language model makes of a text, rather too
// many than too few: one for each six ASCII letters or three digits in a row,
// begun ones too; one for any other ASCII character but a single space; one for
// any other code point, two beyond the basic plane.
uint64_t EstimateTokens(std::string_view text);

// Returns the length of valid UTF-8 in each unit.
ContextSize MeasureContext(std::string_view text);

// Returns blocks, in their order, as one text, and sets where each stands in
// it; of no blocks, nothing. Keys must be set. Plain text and Markdown have
// each block's text as it is, XML with "&", "<" and ">" escaped and characters
// that XML does not know replaced.
std::string RenderContext(ContextFormat format,
                          std::vector<ContextBlock>* blocks);

}  // namespace footnote::grounding
