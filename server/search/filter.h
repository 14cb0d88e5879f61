// Restricts a search to documents and passages with given properties. Filters
// never change scores.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/passage_set.h"
#include "server/search/view.h"

namespace footnote::search {

// How a condition compares the values of a field with its own.
enum class FilterOperator {
  kEq,  // is the value
  kNe,  // is not
  kLt,  // comes before
  kLte,
  kGt,
  kGte,
  kIn,          // is one of the values
  kNin,         // is none of them
  kStartsWith,  // begins with the value
  kContains,    // has the value as a part
  kExists,      // has any value; takes none itself
};

// A tree of conditions. What is missing: a document without the field meets
// kNe and kNin and no other condition. Where a field has many values (the
// entities of a passage), one that fits is enough; kNe and kNin then mean that
// none fits. Strings compare bytewise, dates as the days they cover: "2026-04"
// is all of April.
struct Filter {
  enum class Kind { kAll, kAny, kNot, kCondition };

  Kind kind = Kind::kAll;
  std::vector<Filter> parts;  // of kAll, kAny; one of kNot

  // Of kCondition. Fields: document_id, source_type, language, date (of
  // publication), entity ("TYPE/id"), entity_type.
  std::string field;
  FilterOperator op = FilterOperator::kEq;
  std::vector<std::string> values;  // one, but for kIn, kNin and kExists
};

inline constexpr uint32_t kMaxFilterDepth = 16;
inline constexpr uint32_t kMaxFilterNodes = 1000;  // conditions and values too

// Checks a filter before it is used. Errors (kInvalidArgument):
// FILTER_FIELD_UNKNOWN, FILTER_OPERATOR_INVALID for one that the field does not
// have, FILTER_VALUE_INVALID, FILTER_TOO_LARGE.
absl::Status CheckFilter(const Filter& filter);

// Returns, for each segment, the passages that meet a checked filter, whether
// the view shows them or not.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<PassageSet>> ApplyFilter(
    const index::Generation& generation, const Filter& filter,
    const Deadline& deadline);

// Likewise, for one segment.
absl::StatusOr<PassageSet> ApplyFilter(const index::Segment& segment,
                                       const Filter& filter,
                                       const Deadline& deadline);

}  // namespace footnote::search
