#include "indexer/index/xapian_errors.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace footnote::index {
namespace {

struct Mapping {
  std::string_view type;
  absl::StatusCode code;
  std::string_view reason;
};

// Segments never change, so whatever Xapian finds wrong with an open one (a
// block that is not what it was, a short read) is damage.
constexpr Mapping kMappings[] = {
    {"DatabaseLockError", absl::StatusCode::kFailedPrecondition,
     "COLLECTION_LOCKED"},
    {"DatabaseVersionError", absl::StatusCode::kFailedPrecondition,
     "INDEX_VERSION"},
    {"DatabaseCorruptError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
    {"DatabaseModifiedError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
    {"DatabaseOpeningError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
    {"DatabaseNotFoundError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
    {"DatabaseError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
    {"DocNotFoundError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
};

// Returns whether a write failed because there is no room left.
bool IsDiskFull(const Xapian::Error& error) {
  const char* cause = error.get_error_string();
  return cause != nullptr && (std::strcmp(cause, std::strerror(ENOSPC)) == 0 ||
                              std::strcmp(cause, std::strerror(EDQUOT)) == 0);
}

}  // namespace

absl::Status ToStatus(const Xapian::Error& error) {
  const std::string message = error.get_description();
  if (IsDiskFull(error)) {
    return MakeError(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                     message);
  }
  for (const Mapping& mapping : kMappings) {
    if (mapping.type == error.get_type()) {
      return MakeError(mapping.code, mapping.reason, message);
    }
  }
  return MakeError(absl::StatusCode::kInternal, "INDEX_ERROR", message);
}

}  // namespace footnote::index
