// Whether the columns of a segment fit each other and its texts.

#pragma once

#include <string>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "indexer/index/verify.h"
#include "indexer/index/verify_postings.h"

namespace footnote::pipeline {

// Checks all but the postings of an opened segment: columns well-formed; orders
// sorted and complete; dictionaries distinct; each document's revision, sizes,
// facets and headings; passages that tile it and begin on grapheme boundaries
// in every unit; their ids (where `passage_stamp` is not empty), lines,
// sentences, tokens, mentions and entities. `prefix` begins the names of files
// in findings and ends with '/'. Returns only errors of `progress`, which may
// be empty.
absl::Status VerifySegment(const index::Segment& segment,
                           const std::string& prefix,
                           const std::string& passage_stamp,
                           const index::CheckProgress& progress,
                           index::Findings* findings);

}  // namespace footnote::pipeline
