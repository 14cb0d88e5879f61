// Counts the values of a metadata field over everything that matched.

#pragma once

#include <memory>

#include "server/search/facets.h"

namespace footnote::search {

// Returns the counter of a metadata field. Values that people write alike (5
// and "5") are one; numbers and times are counted in intervals where the spec
// has one.
std::unique_ptr<FacetCounter> MakeMetadataCounter(const FacetSpec& spec);

}  // namespace footnote::search
