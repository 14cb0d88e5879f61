// Pieces of the query language that both its lexer and its conditions read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/search/syntax.h"

namespace footnote::search {

// What should stand at a byte where something else stands: text, unless the
// syntax is strict.
struct SyntaxSlip {
  size_t offset = 0;
  std::string expected;
};

// Returns 0 where no quotation mark stands at byte `at`, else a number that it
// shares with those that may close it.
int QuoteClassAt(std::string_view text, size_t at);

// Returns the end of the quotation that begins at `at`, one past its last
// mark; nothing where no mark closes it.
std::optional<size_t> QuoteEnd(std::string_view text, size_t at);

// Returns what stands between the marks of a quotation, without the
// backslashes that quote characters in it.
std::string QuotedText(std::string_view quotation);

// Returns the end of the character at `at`; a backslash and the character that
// it quotes are one.
size_t NextInChunk(std::string_view text, size_t at);

// Returns whether white space begins at `at`, or the text ends.
bool IsGapAt(std::string_view text, size_t at);

// Returns `chunk` without the backslashes that quote characters in it.
std::string Unescape(std::string_view chunk);

// Returns the boost, "^" and a number, that stands at `at`, and moves `at` past
// it; 1 where there is none.
double TakeBoost(std::string_view text, size_t* at);

// Returns the leaf that a run of characters without white space is: a word with
// its suffixes, or text.
SyntaxNode LexChunk(std::string_view chunk, size_t offset,
                    std::vector<SyntaxSlip>* slips);

}  // namespace footnote::search
