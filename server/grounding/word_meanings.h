// Words that mean nearly the same, and opposites, of general English.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace footnote::grounding {

// Returns the groups of words that mean nearly the same which a stem of a
// language (text::Token::stem) is in, as
// a name or another word. Thread-safe.
const std::vector<uint16_t>& MeaningsOf(std::string_view stem, bool is_name,
                                        std::string_view language);

// Returns whether two stems are opposites: "rise" and "fall", "legal" and
// "illegal". Thread-safe.
bool AreOpposites(std::string_view a, std::string_view b,
                  std::string_view language);

// Returns whether a stem says so little that a text which words a statement
// otherwise is likely to lack it: "give", "further", "report". Thread-safe.
bool IsLight(std::string_view stem, std::string_view language);

// Returns whether a word of English is an irregular form of a verb: "sold",
// "cut". Thread-safe.
bool IsIrregularForm(std::string_view word);

}  // namespace footnote::grounding
