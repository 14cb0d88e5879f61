#include "indexer/sources/plain_text.h"

#include <array>

#include "indexer/text/utf8.h"

namespace footnote::sources {
namespace {

constexpr size_t kMaxTitleChars = 120;
constexpr size_t kMaxTitleBytes = kMaxTitleChars * 4;

// White space beyond ASCII (White_Space of Unicode), and the characters of no
// width that say nothing either.
constexpr std::array<std::string_view, 22> kWideBlanks = {
    "\u00A0", "\u1680", "\u2000", "\u2001",  "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007",  "\u2008", "\u2009",
    "\u200A", "\u200B", "\u2028", "\u2029",  "\u202F", "\u205F",
    "\u2060", "\u3000", "\uFEFF", "\xC2\x85"};

// Ends of sentences and of parts of them, beyond ASCII.
constexpr std::array<std::string_view, 9> kWideEnds = {
    "\u3002", "\uFF01", "\uFF1F", "\uFF0C", "\u3001",
    "\uFF1B", "\uFF1A", "\u2026", "\u0964"};

// Marks that may close a sentence after its end.
constexpr std::array<std::string_view, 8> kClosers = {
    "\"", "'", ")", "]", "\u201D", "\u2019", "\u00BB", "\u300D"};

// Returns the length of the white space character at the start of `text`, or 0.
size_t BlankLength(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  if (static_cast<unsigned char>(text[0]) < 0x80) {
    return std::string_view(" \t\n\v\f\r").find(text[0]) !=
                   std::string_view::npos
               ? 1
               : 0;
  }
  for (const std::string_view blank : kWideBlanks) {
    if (text.substr(0, blank.size()) == blank) {
      return blank.size();
    }
  }
  return 0;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

// Returns the one of `ends` that `text` ends with, or "".
template <size_t kCount>
std::string_view EndAmong(const std::array<std::string_view, kCount>& ends,
                          std::string_view text) {
  for (const std::string_view end : ends) {
    if (EndsWith(text, end)) {
      return end;
    }
  }
  return "";
}

std::string_view Trim(std::string_view text) {
  while (const size_t length = BlankLength(text)) {
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    const std::string_view blank = EndAmong(kWideBlanks, text);
    if (blank.empty() && BlankLength(text.substr(text.size() - 1)) == 0) {
      break;
    }
    text.remove_suffix(blank.empty() ? 1 : blank.size());
  }
  return text;
}

bool EndsLikeProse(std::string_view line) {
  for (std::string_view closer = EndAmong(kClosers, line); !closer.empty();
       closer = EndAmong(kClosers, line)) {
    line.remove_suffix(closer.size());
  }
  return line.empty() ||
         std::string_view(".!?,;:").find(line.back()) !=
             std::string_view::npos ||
         !EndAmong(kWideEnds, line).empty();
}

}  // namespace

bool IsBlank(std::string_view text) {
  while (const size_t length = BlankLength(text)) {
    text.remove_prefix(length);
  }
  return text.empty();
}

std::string FindPlainTextTitle(std::string_view text) {
  while (const size_t length = BlankLength(text)) {
    text.remove_prefix(length);
  }
  const size_t line_end =
      text.substr(0, kMaxTitleBytes + 2).find_first_of("\r\n");
  if (line_end == std::string_view::npos) {
    return "";
  }
  const std::string_view line = Trim(text.substr(0, line_end));
  std::string_view next = text.substr(line_end);
  next.remove_prefix(next.substr(0, 2) == "\r\n" ? 2 : 1);
  const bool goes_on = !next.empty() && next[0] >= 'a' && next[0] <= 'z';
  if (text::MeasureText(line).chars > kMaxTitleChars || EndsLikeProse(line) ||
      goes_on || IsBlank(next)) {
    return "";
  }
  return std::string(line);
}

}  // namespace footnote::sources
