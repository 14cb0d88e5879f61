// What is seen of the generation that a call is about.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/catalog.h"
#include "server/service/resource_name.h"
#include "server/service/rpc.h"

namespace footnote::service {

using ViewPtr = std::shared_ptr<const search::View>;

// Returns what is seen of a generation, the current one for 0, and notes it for
// the log of the call.
// Errors: as Catalog::Get().
absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::string& collection, uint64_t number,
                                CallInfo& info);

// Likewise, of one or several collections, as one view. What is named twice, by
// an alias say, is seen once.
// Errors: as Catalog::Get(); kInvalidArgument COLLECTIONS_INVALID for two
// generations of one collection.
absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::vector<GenerationName>& generations,
                                CallInfo& info);

// Returns what a view shows by collection: itself where it is of one.
std::vector<const search::View*> PartsOf(const search::View& view);

}  // namespace footnote::service
