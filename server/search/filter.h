// Restricts a search to documents and passages with given properties. Filters
// never change scores.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
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

// A value of a condition: a string, a number that is finite, or a yes or no.
using FilterValue = std::variant<std::string, double, bool>;

// A tree of conditions.
//
// What is missing: a document without the field meets kNe and kNin and no other
// condition, be it that no document has such a field. Where a field has many
// values (the entities of a passage, a list in metadata), one that fits is
// enough; kNe and kNin then mean that none fits. Values are as their types say:
// what is of another type than the condition's value does not fit, "5" is not
// 5. Strings compare bytewise, numbers by size (as doubles), no comes before
// yes. Times compare with times: a string of a condition that is "2026",
// "2026-04", "2026-04-21" or a time stands for all that it covers, and a string
// of metadata that index::ParseMetadataTime() reads for its second.
struct Filter {
  enum class Kind { kAll, kAny, kNot, kCondition };

  Kind kind = Kind::kAll;
  std::vector<Filter> parts;  // of kAll, kAny; one of kNot

  // Of kCondition: a field of BuiltInFields(), or any of metadata, where "a.b"
  // is the member "b" of the member "a". "metadata.a" is the member "a" of
  // metadata also where a built-in field has that name.
  std::string field;
  FilterOperator op = FilterOperator::kEq;
  std::vector<FilterValue> values;  // one, but for kIn, kNin and kExists
};

inline constexpr uint32_t kMaxFilterDepth = 16;
inline constexpr uint32_t kMaxFilterParts = 1000;    // conditions too
inline constexpr uint32_t kMaxFilterValues = 10000;  // of all conditions

// The fields that every document has a place for, whatever its metadata:
// passage_id, document_id, source_type, language, date (of publication), entity
// ("TYPE/id") and entity_type. Their values are strings.
bool IsBuiltInField(std::string_view field);

// Returns the name within metadata of a field that is not built in: without
// "metadata." where it begins so.
std::string_view MetadataFieldOf(std::string_view field);

// Returns the condition that people mean by a value as text, "year:2024": it is
// the string, and the number or the yes or no that the string reads as.
Filter WrittenCondition(const std::string& field, FilterOperator op,
                        const std::vector<std::string>& values);

// Checks a filter before it is used. Errors (kInvalidArgument):
// FILTER_FIELD_UNKNOWN for an empty name, FILTER_OPERATOR_INVALID for one that
// the field does not have, FILTER_VALUE_INVALID, FILTER_TOO_LARGE.
absl::Status CheckFilter(const Filter& filter);

// Returns the fields of metadata that a checked filter names, each once.
std::vector<std::string> MetadataFieldsOf(const Filter& filter);

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
