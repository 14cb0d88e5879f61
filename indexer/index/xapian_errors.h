// Turns Xapian's exceptions into absl::Status at the Xapian boundary.

#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <xapian.h>

#include "indexer/base/status.h"

namespace footnote::index {

// Maps an exception to the status that callers above Xapian see.
absl::Status ToStatus(const Xapian::Error& error);

// Calls `f`, which returns an absl::Status or absl::StatusOr, and returns its
// result; a Xapian exception comes back as its status. No other code in this
// project catches Xapian::Error.
template <typename F>
std::invoke_result_t<F> CatchXapian(F&& f) {
  try {
    return std::invoke(std::forward<F>(f));
  } catch (const Xapian::Error& error) {
    return ToStatus(error);
  }
}

}  // namespace footnote::index
