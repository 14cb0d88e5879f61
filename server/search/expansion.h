// The words of a collection that a prefix, or a fuzzy word, stands for.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/view.h"

namespace footnote::search {

// Words that the view shows, as terms of the index.
struct Expansion {
  std::vector<std::string> terms;  // the best first
  uint64_t frequency = 0;  // passages that have the most frequent of them
  bool is_cut = false;     // there are more
};

// Returns the `limit` most frequent words that begin with `prefix`, folded;
// equally frequent ones by text. Throws what Xapian throws.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<Expansion> ExpandPrefix(const View& view,
                                       const std::string& prefix,
                                       uint32_t limit,
                                       const Deadline& deadline);

// Returns the `limit` nearest words within `edits` of `word`, folded, which
// begin with the same character; equally near ones by frequency, then by text.
// Looks at the words that share the beginnings that are near enough, and skips
// the others: some hundred for one edit, some ten thousand for two. Throws what
// Xapian throws.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<Expansion> ExpandFuzzy(const View& view, const std::string& word,
                                      uint32_t edits, uint32_t limit,
                                      const Deadline& deadline);

// Returns whether a word is within `edits` of another: characters put in, left
// out or changed, neighbours swapped, none of them edited twice ("optimal
// string alignment"), and begins with the same one.
bool IsWithinEdits(std::string_view word, std::string_view other,
                   uint32_t edits);

}  // namespace footnote::search
