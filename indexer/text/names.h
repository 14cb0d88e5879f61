// Names as they are compared: the same name looks different from text to text.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace footnote::text {

// Appends to *folded the character at text[at], a code point boundary of valid
// UTF-8 before its end, as names are compared; returns where the next character
// starts. Accents and format characters (soft hyphens, joiners) become nothing;
// full and half width become the usual one; dashes '-', single quotes '\'',
// double quotes '"'; a run of white space, taken at once, ' ', or '\n' where it
// has a blank line. All else, case too, stays as it is.
size_t FoldNameCharacter(std::string_view text, size_t at, std::string* folded);

// Returns valid UTF-8 `name` so folded, without white space around it.
std::string FoldName(std::string_view name);

// Returns valid UTF-8 `name` in capitals.
std::string ToCapitals(std::string_view name);

// Returns whether a name may begin, or end, at byte `at` of valid UTF-8 `text`:
// a grapheme boundary with no letter, digit or '_' outside the name next to it.
// Letters of scripts written without spaces (and Hangul, where particles are
// joined to names) bound themselves.
bool IsNameStart(std::string_view text, size_t at);
bool IsNameEnd(std::string_view text, size_t at);

// Names everything that decides what the functions above return.
std::string NameFoldingStamp();

}  // namespace footnote::text
