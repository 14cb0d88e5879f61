#include "indexer/sources/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "indexer/text/code_points.h"

namespace footnote::sources {
namespace {

using nlohmann::json;

constexpr size_t kNone = std::string_view::npos;

absl::Status SyntaxError(const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FRONT_MATTER_SYNTAX",
                   message);
}

void SkipSpaces(std::string_view* rest) {
  rest->remove_prefix(std::min(rest->find_first_not_of(" \t"), rest->size()));
}

std::string_view TrimRight(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t");
  return text.substr(0, last == kNone ? 0 : last + 1);
}

// Appends the code point written by the `digits` hexadecimal digits at the
// start of *rest; false where they are none, or name no character.
bool TakeCodePoint(size_t digits, std::string_view* rest, std::string* out) {
  unsigned code_point = 0;
  const std::string_view text = rest->substr(0, digits);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, code_point, 16);
  if (text.size() != digits || error != std::errc() || stop != end ||
      code_point > 0x10FFFF || code_point >> 11 == 0xD800 >> 11) {
    return false;
  }
  text::AppendCodePoint(code_point, out);
  rest->remove_prefix(digits);
  return true;
}

// Takes the escape after a backslash at the start of *rest.
bool TakeEscape(std::string_view* rest, std::string* out) {
  constexpr std::string_view kNames = "\"\\/ 0abtnvfre";
  constexpr std::string_view kValues("\"\\/ \0\a\b\t\n\v\f\r\x1B", 13);
  const char name = rest->empty() ? '?' : rest->front();
  rest->remove_prefix(rest->empty() ? 0 : 1);
  switch (name) {
    case 'x':
      return TakeCodePoint(2, rest, out);
    case 'u':
      return TakeCodePoint(4, rest, out);
    case 'U':
      return TakeCodePoint(8, rest, out);
    default:
      break;
  }
  const size_t at = kNames.find(name);
  if (at == kNone) {
    return false;
  }
  *out += kValues[at];
  return true;
}

absl::StatusOr<std::string> ReadDoubleQuoted(std::string_view* rest) {
  std::string value;
  rest->remove_prefix(1);
  while (!rest->empty()) {
    const char c = rest->front();
    rest->remove_prefix(1);
    if (c == '"') {
      return value;
    }
    if (c != '\\') {
      value += c;
    } else if (!TakeEscape(rest, &value)) {
      return SyntaxError("an unknown escape in a quoted string");
    }
  }
  return SyntaxError("a quoted string without its closing '\"'");
}

absl::StatusOr<std::string> ReadSingleQuoted(std::string_view* rest) {
  std::string value;
  rest->remove_prefix(1);
  while (!rest->empty()) {
    const char c = rest->front();
    rest->remove_prefix(1);
    if (c != '\'') {
      value += c;
    } else if (!rest->empty() && rest->front() == '\'') {
      value += '\'';
      rest->remove_prefix(1);
    } else {
      return value;
    }
  }
  return SyntaxError("a quoted string without its closing \"'\"");
}

bool IsInteger(std::string_view digits) {
  return !digits.empty() && digits.find_first_not_of("0123456789") == kNone &&
         (digits.size() == 1 || digits[0] != '0');
}

// Returns whether `text`, without a sign, is digits, '.', digits and perhaps an
// exponent.
bool IsDecimal(std::string_view text) {
  const size_t exponent = text.find_first_of("eE");
  std::string_view digits = exponent == kNone ? "0" : text.substr(exponent + 1);
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    digits.remove_prefix(1);
  }
  const size_t point = text.find('.');
  if (point == kNone || digits.empty() ||
      digits.find_first_not_of("0123456789") != kNone) {
    return false;
  }
  const std::string_view fraction =
      text.substr(point + 1, exponent == kNone ? kNone : exponent - point - 1);
  return IsInteger(text.substr(0, point)) && !fraction.empty() &&
         fraction.find_first_not_of("0123456789") == kNone;
}

// Returns the number, boolean or null that plain `text` stands for, else the
// string itself.
json ToValue(std::string_view text) {
  for (const std::string_view word : {"", "~", "null", "Null", "NULL"}) {
    if (text == word) {
      return nullptr;
    }
  }
  if (text == "true" || text == "True" || text == "TRUE") {
    return true;
  }
  if (text == "false" || text == "False" || text == "FALSE") {
    return false;
  }
  const bool has_sign = text[0] == '-' || text[0] == '+';
  const std::string_view unsigned_text = text.substr(has_sign ? 1 : 0);
  const std::string_view number = text[0] == '+' ? unsigned_text : text;
  const char* end = number.data() + number.size();
  if (int64_t value = 0;
      IsInteger(unsigned_text) &&
      std::from_chars(number.data(), end, value).ec == std::errc()) {
    return value;
  }
  if (double value = 0;
      IsDecimal(unsigned_text) &&
      std::from_chars(number.data(), end, value).ec == std::errc()) {
    return value;
  }
  return std::string(text);
}

// Returns where a plain scalar at the start of `text` ends.
size_t PlainEnd(std::string_view text, bool in_list) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_comment =
        text[i] == '#' && i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t');
    const bool ends_item = in_list && (text[i] == ',' || text[i] == ']');
    if (is_comment || ends_item) {
      return i;
    }
  }
  return text.size();
}

absl::StatusOr<YamlScalar> ReadPlain(std::string_view* rest, bool in_list) {
  const size_t end = PlainEnd(*rest, in_list);
  const std::string_view text = TrimRight(rest->substr(0, end));
  rest->remove_prefix(text.size());
  if (in_list && text.empty()) {
    return SyntaxError("a list with an empty item");
  }
  const std::string_view first_two = text.substr(0, 2);
  if (text.find_first_of("[]{},&*!|>%@`#") == 0 || first_two == "- " ||
      first_two == "? " || text == "-" || text == "?") {
    return SyntaxError("a value that starts with '" + std::string(1, text[0]) +
                       "' is not read; quote it if it is a string");
  }
  if (text.find(": ") != kNone || text.find(":\t") != kNone ||
      (!text.empty() && text.back() == ':')) {
    return SyntaxError("a value with \": \" in it must be quoted");
  }
  if (in_list && text.find_first_of("[{}") != kNone) {
    return SyntaxError("nested lists and maps are not read");
  }
  return YamlScalar{ToValue(text), std::string(text)};
}

absl::StatusOr<YamlScalar> ReadScalar(std::string_view* rest, bool in_list) {
  SkipSpaces(rest);
  if (rest->empty() || (rest->front() != '"' && rest->front() != '\'')) {
    return ReadPlain(rest, in_list);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(std::string text, rest->front() == '"'
                                                  ? ReadDoubleQuoted(rest)
                                                  : ReadSingleQuoted(rest));
  return YamlScalar{text, text};
}

}  // namespace

absl::StatusOr<std::string> ReadYamlKey(std::string_view* rest) {
  std::string key;
  if (!rest->empty() && (rest->front() == '"' || rest->front() == '\'')) {
    FOOTNOTE_ASSIGN_OR_RETURN(YamlScalar scalar, ReadScalar(rest, false));
    key = std::move(scalar.written);
  } else {
    const size_t end = rest->find(':');
    if (end == kNone || rest->find_first_of("[]{},&*!|>%@`#?") == 0) {
      return SyntaxError("expected \"key: value\"");
    }
    key = std::string(TrimRight(rest->substr(0, end)));
    rest->remove_prefix(end);
  }
  SkipSpaces(rest);
  const bool has_colon = !rest->empty() && rest->front() == ':';
  rest->remove_prefix(has_colon ? 1 : 0);
  const bool is_separated =
      rest->empty() || rest->front() == ' ' || rest->front() == '\t';
  if (key.empty() || !has_colon || !is_separated) {
    return SyntaxError("expected \"key: value\"");
  }
  return key;
}

absl::StatusOr<YamlScalar> ReadYamlScalar(std::string_view* rest) {
  return ReadScalar(rest, /*in_list=*/false);
}

absl::StatusOr<json> ReadYamlList(std::string_view* rest) {
  json list = json::array();
  SkipSpaces(rest);
  rest->remove_prefix(1);  // '['
  SkipSpaces(rest);
  while (!rest->empty() && rest->front() != ']') {
    FOOTNOTE_ASSIGN_OR_RETURN(YamlScalar scalar,
                              ReadScalar(rest, /*in_list=*/true));
    list.push_back(std::move(scalar.value));
    SkipSpaces(rest);
    if (rest->empty() || rest->front() == ']') {
      break;
    }
    if (rest->front() != ',') {
      return SyntaxError("expected ',' or ']' in a list");
    }
    rest->remove_prefix(1);
    SkipSpaces(rest);
  }
  if (rest->empty()) {
    return SyntaxError("a list without its ']' on the same line");
  }
  rest->remove_prefix(1);
  return list;
}

absl::Status CheckYamlEnd(std::string_view rest) {
  const size_t start = rest.find_first_not_of(" \t");
  if (start == kNone || (rest[start] == '#' && start > 0)) {
    return absl::OkStatus();
  }
  return SyntaxError("unexpected text after a value");
}

}  // namespace footnote::sources
