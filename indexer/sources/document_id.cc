#include "indexer/sources/document_id.h"

#include <string_view>

namespace footnote::sources {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Returns where the first control character (C0, DEL, C1) is, or kNone.
size_t FindControl(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_c1 = byte == 0xC2 && i + 1 < text.size() &&
                       static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || is_c1) {
      return i;
    }
  }
  return kNone;
}

absl::Status Invalid(const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "DOCUMENT_ID_INVALID",
                   message);
}

}  // namespace

absl::Status CheckDocumentId(const std::string& id) {
  if (id.empty()) {
    return Invalid("the document id is empty");
  }
  if (id.size() > kMaxDocumentIdBytes) {
    return Invalid("the document id has " + std::to_string(id.size()) +
                   " bytes; at most " + std::to_string(kMaxDocumentIdBytes) +
                   " are allowed");
  }
  if (const size_t at = FindControl(id); at != kNone) {
    return Invalid("the document id has a control character at byte " +
                   std::to_string(at));
  }
  return absl::OkStatus();
}

}  // namespace footnote::sources
