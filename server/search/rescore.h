// The second look at the best candidates: evidence from around a passage.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/match.h"
#include "server/search/segment_words.h"

namespace footnote::search {

// So many of the best candidates are looked at again. The number does not
// depend on the page that is asked for, so that pages fit together; a candidate
// can only gain, so that the others stay behind.
inline constexpr uint32_t kCandidateDepth = 64;

// Adds to the scores of the first kCandidateDepth candidates, which must be in
// order, what the words of the query are worth where they stand around a
// passage: in the title of its document, in a heading above it, in the
// sentences right before and after it. Then orders them anew. `words` are those
// of the query.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::Status Rescore(const index::Generation& generation,
                     const ScoredQuery& query, const Deadline& deadline,
                     GenerationWords* words,
                     std::vector<Candidate>* candidates);

}  // namespace footnote::search
