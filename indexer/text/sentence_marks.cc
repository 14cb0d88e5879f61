#include "indexer/text/sentence_marks.h"

#include <unicode/uchar.h>

#include "indexer/text/code_points.h"

namespace footnote::text {

Mark MarkOfAscii(char c) {
  switch (c) {
    case '.':
      return Mark::kStop;
    case '!':
    case '?':
      return Mark::kAsk;
    case '\n':
    case '\r':
    case '\v':
    case '\f':
      return Mark::kLine;
    case ' ':
    case '\t':
      return Mark::kSpace;
    default:
      return Mark::kNone;
  }
}

Mark MarkOf(char32_t code_point) {
  if (code_point < 0x80) {
    return MarkOfAscii(static_cast<char>(code_point));
  }
  if (code_point == 0x2026) {
    return Mark::kStop;
  }
  switch (u_getIntPropertyValue(static_cast<UChar32>(code_point),
                                UCHAR_SENTENCE_BREAK)) {
    case U_SB_ATERM:
      return Mark::kStop;
    case U_SB_STERM:
      return Mark::kWideStop;
    case U_SB_SEP:
      return Mark::kLine;
    case U_SB_SP:
      return Mark::kSpace;
    default:
      return Mark::kNone;
  }
}

bool IsClosing(char32_t c) {
  if (c < 0x80) {
    return std::string_view("\"')]}*_`").find(static_cast<char>(c)) !=
           std::string_view::npos;
  }
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) &
          (U_GC_PE_MASK | U_GC_PF_MASK | U_GC_PI_MASK)) != 0;
}

bool IsOpening(char32_t c) {
  if (c < 0x80) {
    return std::string_view("\"'([{*_`").find(static_cast<char>(c)) !=
           std::string_view::npos;
  }
  return c == 0xBF || c == 0xA1 ||
         (U_GET_GC_MASK(static_cast<UChar32>(c)) &
          (U_GC_PS_MASK | U_GC_PF_MASK | U_GC_PI_MASK)) != 0;
}

Gap SkipGap(std::string_view text, size_t at) {
  Gap gap{at, 0};
  while (gap.end < text.size()) {
    const CodePoint read = DecodeAt(text, gap.end);
    const Mark mark = MarkOf(read.value);
    if (mark == Mark::kLine) {
      constexpr char32_t kParagraphSeparator = 0x2029;
      gap.lines += read.value == kParagraphSeparator ? 2 : 1;
      const bool is_crlf =
          read.value == '\r' && text.substr(read.end, 1) == "\n";
      gap.end = read.end + (is_crlf ? 1 : 0);
    } else if (mark == Mark::kSpace) {
      gap.end = read.end;
    } else {
      break;
    }
  }
  return gap;
}

bool IsListMarker(std::string_view text, size_t at) {
  const char first = text[at];
  const std::string_view rest = text.substr(at, 8);
  if (first == '-' || first == '*' || first == '+') {
    return rest.size() > 1 && rest[1] == ' ';
  }
  size_t i = first == '(' ? 1 : 0;
  const size_t digits = i;
  while (i < rest.size() && IsAsciiDigit(rest[i])) {
    ++i;
  }
  if (i == digits && i < rest.size() && (rest[i] | 0x20) >= 'a' &&
      (rest[i] | 0x20) <= 'z') {
    ++i;
  }
  return i > digits && i + 1 < rest.size() &&
         (rest[i] == ')' || (rest[i] == '.' && IsAsciiDigit(rest[i - 1]))) &&
         rest[i + 1] == ' ';
}

}  // namespace footnote::text
