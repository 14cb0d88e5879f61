// How answerers begin what they say of themselves or to the reader.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"
#include "server/grounding/claims.h"

namespace footnote::grounding {

// How a sentence begins.
struct Opener {
  std::string_view words;  // folded, a space between two
  Exemption exemption;
  bool is_clause = false;  // all of its clause is said so: "let me know …"
};

// Returns how many tokens from `at` on are the words of a phrase, 0 where they
// are not. Thread-safe.
size_t CountPhrase(const std::vector<text::Token>& tokens, size_t at,
                   std::string_view phrase);

// Returns the longest opener at a token, or null. Thread-safe.
const Opener* FindOpener(const std::vector<text::Token>& tokens, size_t at);

// Return whether a folded word is what answerers do, or the things that they
// do it with ("help", "passages"); what sources are said not to do ("mention");
// a source or the answerer ("i"); a negation; "but" and the like. Thread-safe.
bool IsOfAnswering(std::string_view word);
bool IsOfSources(std::string_view word);
bool IsSpeaker(std::string_view word);
bool IsNegation(std::string_view word);
bool IsBut(std::string_view word);

}  // namespace footnote::grounding
