// Error vocabulary shared by every module: absl::Status with a machine-readable
// reason, and two macros.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace footnote {

// What an error was about, by key: "field", "value", "path", "offset". Every
// part of a message that depends on the request stands here too.
using ErrorDetails = std::map<std::string, std::string>;

// Returns an error carrying a machine-readable reason.
// `reason` is the name of a value of footnote.v1.ErrorReason without its
// ERROR_REASON_ prefix, such as "QUERY_EMPTY"; clients branch on it. `message`
// is for people and may change at any time.
absl::Status MakeError(absl::StatusCode code, std::string_view reason,
                       const std::string& message,
                       const ErrorDetails& details = {});

// Returns the reason given to MakeError(), or "" where there is none.
std::string ErrorReason(const absl::Status& status);

// Returns the message for people.
std::string ErrorMessage(const absl::Status& status);

// Returns the details given to MakeError(), empty where there are none.
ErrorDetails GetErrorDetails(const absl::Status& status);

// Returns `status` with `context` and ": " before its message; code, reason
// and details stay. An ok status stays ok.
absl::Status Annotate(const absl::Status& status, const std::string& context);

}  // namespace footnote

// Returns from the enclosing function if `expr`, an absl::Status, is an error.
#define FOOTNOTE_RETURN_IF_ERROR(expr)                  \
  do {                                                  \
    if (absl::Status status_ = (expr); !status_.ok()) { \
      return status_;                                   \
    }                                                   \
  } while (false)

#define FOOTNOTE_CONCAT_INNER_(a, b) a##b
#define FOOTNOTE_CONCAT_(a, b) FOOTNOTE_CONCAT_INNER_(a, b)

// Declares or assigns `lhs` from `expr`, an absl::StatusOr, or returns its
// error: FOOTNOTE_ASSIGN_OR_RETURN(const Query query, ParseQuery(text));
#define FOOTNOTE_ASSIGN_OR_RETURN(lhs, expr)                                   \
  FOOTNOTE_ASSIGN_OR_RETURN_IMPL_(FOOTNOTE_CONCAT_(status_or_, __LINE__), lhs, \
                                  expr)
#define FOOTNOTE_ASSIGN_OR_RETURN_IMPL_(tmp, lhs, expr) \
  auto tmp = (expr);                                    \
  if (!tmp.ok()) {                                      \
    return std::move(tmp).status();                     \
  }                                                     \
  lhs = *std::move(tmp)
