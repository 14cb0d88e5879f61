#include "indexer/sources/json_object.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "indexer/text/utf8.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr size_t kNone = std::string::npos;
constexpr size_t kEscapeBytes = 6;  // "\uXXXX"

absl::Status SyntaxError(size_t offset, const std::string& what) {
  const std::string at = std::to_string(offset);
  return MakeError(absl::StatusCode::kInvalidArgument, "JSON_SYNTAX",
                   what + " at byte " + at, {{"offset", at}});
}

// Returns the code unit that text[at, at + 6) escapes, if it is "\uXXXX".
std::optional<unsigned> FindEscape(const std::string& text, size_t at) {
  if (at + kEscapeBytes > text.size() || text[at] != '\\' ||
      text[at + 1] != 'u') {
    return std::nullopt;
  }
  unsigned unit = 0;
  const char* end = text.data() + at + kEscapeBytes;
  const auto [stop, error] =
      std::from_chars(text.data() + at + 2, end, unit, 16);
  if (error != std::errc() || stop != end) {
    return std::nullopt;
  }
  return unit;
}

bool IsHighSurrogate(unsigned unit) { return unit >> 10 == 0xD800 >> 10; }
bool IsLowSurrogate(unsigned unit) { return unit >> 10 == 0xDC00 >> 10; }

// Replaces the escape at the backslash (*text)[at] if it is a lone surrogate;
// returns where to go on.
size_t RepairEscape(std::string* text, size_t at) {
  const std::optional<unsigned> unit = FindEscape(*text, at);
  if (!unit) {
    return at + 2;
  }
  if (IsHighSurrogate(*unit)) {
    const auto next = FindEscape(*text, at + kEscapeBytes);
    if (next && IsLowSurrogate(*next)) {
      return at + 2 * kEscapeBytes;
    }
  }
  if (IsHighSurrogate(*unit) || IsLowSurrogate(*unit)) {
    text->replace(at + 2, 4, "FFFD");
  }
  return at + kEscapeBytes;
}

// Repairs the escapes of `text`. Returns where it nests too deep, or kNone.
size_t RepairEscapes(std::string* text) {
  bool in_string = false;
  int depth = 0;
  size_t at = 0;
  while (at < text->size()) {
    const char c = (*text)[at];
    if (in_string && c == '\\') {
      at = RepairEscape(text, at);
      continue;
    }
    if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '{' || c == '[')) {
      ++depth;
    } else if (!in_string && (c == '}' || c == ']')) {
      --depth;
    }
    if (depth > kMaxDepth) {
      return at;
    }
    ++at;
  }
  return kNone;
}

// Takes events of nlohmann's parser and keeps where it failed.
struct ErrorFinder : json::json_sax_t {
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/,
                    const string_t& /*text*/) override {
    return true;
  }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(size_t /*size*/) override { return true; }
  bool key(string_t& /*value*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(size_t /*size*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const json::exception& /*error*/) override {
    offset = position > 0 ? position - 1 : 0;
    return false;
  }

  size_t offset = 0;
};

// Returns the offset in `text` of what stands at `offset` in its repaired form.
size_t OffsetBeforeRepair(std::string_view text, size_t offset) {
  size_t low = 0;
  size_t high = text.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (text::ReplaceInvalidUtf8(text.substr(0, middle + 1)).size() > offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

absl::StatusOr<json> ParseJsonObject(std::string_view text) {
  if (const size_t at = text.find('\0'); at != kNone) {
    return SyntaxError(at, "a NUL");  // the parser would take it for the end
  }
  const bool is_valid = text::FindInvalidUtf8(text) == kNone;
  std::string repaired =
      is_valid ? std::string(text) : text::ReplaceInvalidUtf8(text);
  const auto original_offset = [&](size_t offset) {
    return is_valid ? std::min(offset, text.size())
                    : OffsetBeforeRepair(text, offset);
  };
  if (const size_t at = RepairEscapes(&repaired); at != kNone) {
    return SyntaxError(
        original_offset(at),
        "JSON nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  json value = json::parse(repaired, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) {
    ErrorFinder finder;
    json::sax_parse(repaired, &finder);
    return SyntaxError(original_offset(finder.offset), "malformed JSON");
  }
  if (!value.is_object()) {
    return SyntaxError(
        0, std::string("expected a JSON object, found ") + value.type_name());
  }
  return value;
}

}  // namespace footnote::sources
