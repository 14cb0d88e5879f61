// Reads posting lists, without scoring.

#pragma once

#include <string>

#include <xapian.h>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/deadline.h"
#include "server/search/passage_set.h"

namespace footnote::search {

// kDataLoss INDEX_CORRUPT, for postings that lead outside of the columns.
absl::Status DamagedPostingsError();

// Adds the passages of a segment that have a term. `database` is a handle of
// the segment's. Throws what Xapian throws.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::Status AddPostings(const index::Segment& segment,
                         const Xapian::Database& database,
                         const std::string& term, const Deadline& deadline,
                         PassageSet* set);

// Likewise those that are in `within` too: where it has few, only these are
// looked up.
absl::Status AddPostingsWithin(const index::Segment& segment,
                               const Xapian::Database& database,
                               const std::string& term,
                               const PassageSet& within,
                               const Deadline& deadline, PassageSet* set);

}  // namespace footnote::search
