#include "indexer/index/xapian_errors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
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
    {"DatabaseCreateError", absl::StatusCode::kInternal, "FILE_IO"},
    {"DocNotFoundError", absl::StatusCode::kDataLoss, "INDEX_CORRUPT"},
};

// Returns whether the message tells of this system error. Xapian keeps errno of
// a failed call, but not where it tells of the failure in another error.
bool TellsOf(const Xapian::Error& error, const std::string& message, int code) {
  const char* cause = error.get_error_string();
  const char* wanted = std::strerror(code);
  return (cause != nullptr && std::strcmp(cause, wanted) == 0) ||
         message.find(wanted) != std::string::npos;
}

// Returns whether something could not be written, which is no damage.
bool IsFailedWrite(const std::string& message) {
  constexpr std::string_view kPhrases[] = {
      "Error writing", "Couldn't write", "Couldn't create",
      "Couldn't open lockfile", "Modifications failed"};
  return std::any_of(std::begin(kPhrases), std::end(kPhrases),
                     [&message](std::string_view phrase) {
                       return message.find(phrase) != std::string::npos;
                     });
}

}  // namespace

absl::Status ToStatus(const Xapian::Error& error) {
  const std::string message = error.get_description();
  if (TellsOf(error, message, ENOSPC) || TellsOf(error, message, EDQUOT)) {
    return MakeError(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                     message);
  }
  if (TellsOf(error, message, EMFILE) || TellsOf(error, message, ENFILE) ||
      TellsOf(error, message, ENOMEM)) {
    return MakeError(absl::StatusCode::kResourceExhausted, "PROCESS_LIMIT",
                     message);
  }
  if (IsFailedWrite(message)) {
    return MakeError(absl::StatusCode::kInternal, "FILE_IO", message);
  }
  for (const Mapping& mapping : kMappings) {
    if (mapping.type == error.get_type()) {
      return MakeError(mapping.code, mapping.reason, message);
    }
  }
  return MakeError(absl::StatusCode::kInternal, "INDEX_ERROR", message);
}

}  // namespace footnote::index
