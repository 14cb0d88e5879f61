// What plain text shows of itself: whether it says anything, and its title.

#pragma once

#include <string>
#include <string_view>

namespace footnote::sources {

// Returns whether valid UTF-8 `text` is white space only (or empty).
bool IsBlank(std::string_view text);

// Returns the first line of `text` that is not blank, trimmed, if it looks like
// a title: at most 120 characters, more text on the lines after it, and neither
// its end (". ! ? , ; :" and their kin) nor a following line in lower case
// makes it a part of running prose. Else "".
std::string FindPlainTextTitle(std::string_view text);

}  // namespace footnote::sources
