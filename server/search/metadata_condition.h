// The values of a metadata field that meet a condition.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/metadata_columns.h"
#include "server/search/deadline.h"
#include "server/search/filter.h"
#include "server/search/view.h"

namespace footnote::search {

// Returns the ranges of values in one segment that meet a checked condition
// that is not negative; of a negative one, those that must not be there. They
// may overlap.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<std::vector<index::MetadataColumns::Range>> FindValues(
    const index::MetadataColumns& metadata, const Filter& condition,
    const Deadline& deadline);

// Returns whether a document that the view shows has a field of metadata.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<bool> IsFieldSeen(const View& view, std::string_view field,
                                 const Deadline& deadline);

// Returns what tells the parser of queries which fields documents of the view
// have; both must outlive it. None where the deadline has passed.
inline std::function<bool(const std::string& field)> FieldsOf(
    const View& view, const Deadline& deadline) {
  return [&view, &deadline](const std::string& field) {
    const absl::StatusOr<bool> is_seen = IsFieldSeen(view, field, deadline);
    return is_seen.ok() && *is_seen;
  };
}

}  // namespace footnote::search
