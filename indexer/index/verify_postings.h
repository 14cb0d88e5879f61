// Whether the postings of a segment say what its columns say.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "indexer/index/verify.h"

namespace footnote::index {

// Called now and then with how much of all is done, in units of one's own. An
// error ends the check and comes back from it.
using CheckProgress =
    std::function<absl::Status(uint64_t done, uint64_t total)>;

// Lets Xapian check the postings of the segment in `folder`/`prefix`; `prefix`
// ends with '/' and begins the names of files in findings.
// Errors: kResourceExhausted PROCESS_LIMIT, which says nothing of the file.
absl::Status VerifyDatabase(const std::string& folder,
                            const std::string& prefix, Findings* findings);

// Compares the postings of every term of `segment` with the columns of tokens
// and entities (passages, frequency, class of length), and the sets of
// frequent stems with the postings. Reads all of them once; memory is bounded
// by the number of distinct words. Damaged columns are the business of others;
// what they still say is compared. Returns only errors of `progress`.
absl::Status VerifyPostings(const Segment& segment, const std::string& prefix,
                            const CheckProgress& progress, Findings* findings);

}  // namespace footnote::index
