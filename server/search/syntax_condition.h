// Conditions on fields, as the query language writes them.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "indexer/base/status.h"
#include "server/search/filter.h"
#include "server/search/syntax.h"

namespace footnote::search {

// Returns the scope that a field of the query language names, if any.
std::optional<Scope> ScopeOf(std::string_view field);

// Returns the name that filters have for a field of the query language.
std::string FilterFieldOf(std::string_view field);

// Returns the end of the value that a condition on `field`, as filters name it,
// has from `at` on: before white space, or a bracket that the value did not
// open.
size_t ConditionEnd(std::string_view text, size_t at, const std::string& field);

// Returns the condition that `value` is, as it stands after a field's colon:
// `value`, `"quoted"`, `pre*`, `*`, `>=value`, `first..last`.
// Errors (kInvalidArgument): FILTER_VALUE_INVALID where there is no value, and
// those of CheckFilter().
absl::StatusOr<SyntaxCondition> MakeCondition(const std::string& field,
                                              std::string_view value);

// Returns the filter that a condition is.
Filter ToFilter(const SyntaxCondition& condition);

// Returns the text of a condition with its field.
std::string RenderCondition(const SyntaxCondition& condition);

// Returns whether filters know a field, as they name it, whatever documents
// there are.
bool IsCommonField(std::string_view field);

}  // namespace footnote::search
