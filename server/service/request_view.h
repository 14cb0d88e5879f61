// What is seen of the generation that a call is about.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "indexer/base/status.h"
#include "server/search/catalog.h"
#include "server/service/rpc.h"

namespace footnote::service {

using ViewPtr = std::shared_ptr<const search::View>;

// Returns what is seen of a generation, the current one for 0, and notes it for
// the log of the call.
// Errors: as Catalog::Get().
absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::string& collection, uint64_t number,
                                CallInfo& info);

}  // namespace footnote::service
