#include "indexer/output.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "indexer/commands.h"

namespace footnote {

std::string Counted(uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string Fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string FormatBytes(uint64_t bytes) {
  constexpr double kStep = 1000;
  auto value = static_cast<double>(bytes);
  if (value < kStep) {
    return Counted(bytes, "byte");
  }
  const char* unit = "kB";
  value /= kStep;
  for (const char* next : {"MB", "GB", "TB"}) {
    if (value < kStep) {
      break;
    }
    value /= kStep;
    unit = next;
  }
  return Fixed(value, 1) + " " + unit;
}

std::string Printable(std::string text) {
  constexpr unsigned char kFirstPrintable = 0x20;
  constexpr unsigned char kDelete = 0x7F;
  std::replace_if(
      text.begin(), text.end(),
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < kFirstPrintable || byte == kDelete;
      },
      '?');
  return text;
}

std::string DumpJson(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string FormatError(const absl::Status& status) {
  return ErrorReason(status) + ": " + Printable(ErrorMessage(status));
}

int PrintError(const absl::Status& status) {
  std::fprintf(stderr, "footnote-index: %s\n", FormatError(status).c_str());
  return kFailed;
}

}  // namespace footnote
