// Finds words of a collection that are nearly another word.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/view.h"

namespace footnote::search {

// A word of a text that no passage has, and one that passages have.
struct CorrectedWord {
  uint32_t start = 0;  // bytes in the text
  uint32_t end = 0;    // exclusive
  std::string proposal;
  uint64_t passages = 0;  // of the view that have it
};

// What a text should perhaps have been.
struct SpellingProposal {
  std::string text;  // with the proposals in it
  std::vector<CorrectedWord> words;
};

// Returns the word of the view with the fewest edits to `word`, folded: letters
// put in, left out, changed, or two neighbours in the other order; at most one
// edit for words of three or four letters, two for longer ones, none for
// shorter. Among equals the one that most passages of the view have, then the
// first by its bytes. Nothing where there is none.
// Throws what Xapian throws. Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<std::optional<CorrectedWord>> FindNearWord(
    const View& view, std::string_view word, const Deadline& deadline);

// Returns the proposal for a text of which some words are in no passage of the
// view, in any of their forms; nothing where none could be bettered. Words with
// digits, of other than letters, and prefixes ("pre*") stay. Throws what Xapian
// throws.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<std::optional<SpellingProposal>> ProposeSpelling(
    const View& view, const std::string& text, const Deadline& deadline);

}  // namespace footnote::search
