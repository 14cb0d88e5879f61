// The folded forms of one token.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace footnote::text {

// Which letter "I" is the capital of.
enum class CaseRules : uint8_t { kDefault, kTurkish };

// Returns a token's NFKC case-folded form: apostrophes straight, a possessive
// 's, separators of digit groups, the full stops of acronyms and everything
// that cannot be in a word taken out. Accents stay. May be empty.
std::string FoldCase(std::string_view token, CaseRules rules);

// Returns `folded` without accents: the marks of Latin, Greek, Cyrillic,
// Arabic and Hebrew letters are dropped and Latin letters with a stroke or
// the like become plain ones; marks of other scripts, which tell words apart,
// stay.
std::string StripAccents(std::string_view folded);

// Returns the form in which a token is looked up as a word: both of the above.
std::string FoldWord(std::string_view token);

// Returns an emoji without variation selectors and what else is none of it.
std::string FoldEmoji(std::string_view token);

}  // namespace footnote::text
