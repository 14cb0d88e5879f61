// The headings of a Markdown text.

#pragma once

#include <string_view>
#include <vector>

#include "indexer/sources/source.h"

namespace footnote::sources {

// Returns the headings (ATX and setext) of valid UTF-8 `markdown`, in order;
// those inside lists and quotes, and those without text, are left out. A
// heading ends before its last line's break; a setext heading includes its
// underline.
std::vector<Heading> FindHeadings(std::string_view markdown);

}  // namespace footnote::sources
