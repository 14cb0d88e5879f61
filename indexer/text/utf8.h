// UTF-8: validity, lengths in the three units of spans, grapheme boundaries.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/text_offset.h"

namespace footnote::text {

// Returns the length of valid UTF-8 `text` in each unit.
TextOffset MeasureText(std::string_view text);

// Returns the byte offset of the first byte that is not valid UTF-8 (RFC 3629:
// no surrogates, no overlong forms), or npos.
size_t FindInvalidUtf8(std::string_view text);

// Returns `text` with each maximal invalid part replaced by U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

// Returns the largest offset <= `at` on a code point boundary of `text`.
size_t FloorToCodePoint(std::string_view text, size_t at);

// Returns whether valid UTF-8 `text` has an extended grapheme cluster boundary
// (UAX #29) at byte `at`. The cost is that of the neighbourhood looked at, not
// of the whole text.
bool IsGraphemeBoundary(std::string_view text, size_t at);
// The largest boundary <= `at`, and the smallest >= `at`; 0 and text.size()
// are boundaries. `at` may be inside a code point. A cluster over 512 bytes
// counts as broken at a code point each 512 bytes, so that cost is bounded.
size_t FloorToGrapheme(std::string_view text, size_t at);
size_t CeilToGrapheme(std::string_view text, size_t at);

}  // namespace footnote::text
