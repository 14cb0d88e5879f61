// Passages that match without any word that scores.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/match.h"
#include "server/search/passage_set.h"
#include "server/search/view.h"

namespace footnote::search {

// Completes `best`, the best `limit` candidates that score, in order, by
// passages of `matching` that score nothing, in order of document_id and
// ordinal, until there are `limit`. `matching` has the set of each segment that
// the view shows.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; `best` has what was found.
absl::Status AddUnscored(const View& view,
                         const std::vector<PassageSet>& matching,
                         uint32_t limit, const Deadline& deadline,
                         std::vector<Candidate>* best);

}  // namespace footnote::search
