// The most frequent words of a view that begin alike.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/view.h"

namespace footnote::search {

struct CompletedWord {
  std::string word;
  uint64_t passages = 0;  // of the view
};

// Returns the `limit` words, longer than `prefix` (folded, not empty), that
// begin with it and that most passages of the view have; equally frequent ones
// by their bytes. Exact: words are counted by the view alone.
// Throws what Xapian throws. Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<std::vector<CompletedWord>> CompleteWord(
    const View& view, const std::string& prefix, uint32_t limit,
    const Deadline& deadline);

}  // namespace footnote::search
