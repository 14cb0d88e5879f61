#include "indexer/text/utf8.h"

#include <cstring>

#include "indexer/text/code_points.h"

namespace footnote::text {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080;

// Returns the first offset from `at` on which is not ASCII, or near before it.
size_t SkipAscii(std::string_view text, size_t at) {
  uint64_t word = 0;
  while (at + sizeof(word) <= text.size()) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & kHighBits) != 0) {
      break;
    }
    at += sizeof(word);
  }
  return at;
}

// What may follow a lead byte: how many bytes, and the range of the first.
struct Lead {
  size_t trail_count = 0;  // 0: no lead byte of a longer form
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Lead LeadOf(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {1};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    const unsigned char low = byte == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = byte == 0xED ? 0x9F : 0xBF;
    return {2, low, high};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    const unsigned char low = byte == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = byte == 0xF4 ? 0x8F : 0xBF;
    return {3, low, high};
  }
  return {};
}

// The longest prefix at an offset that starts a well-formed sequence.
struct Part {
  size_t length = 1;
  bool valid = false;
};

Part ReadPart(std::string_view text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    return {1, true};
  }
  const Lead lead = LeadOf(first);
  if (lead.trail_count == 0 || at + 1 >= text.size()) {
    return {1, false};
  }
  const auto second = static_cast<unsigned char>(text[at + 1]);
  if (second < lead.low || second > lead.high) {
    return {1, false};
  }
  size_t length = 2;
  while (length <= lead.trail_count && at + length < text.size() &&
         IsTrail(text[at + length])) {
    ++length;
  }
  return {length, length == lead.trail_count + 1};
}

}  // namespace

TextOffset operator+(const TextOffset& a, const TextOffset& b) {
  return {a.bytes + b.bytes, a.chars + b.chars, a.utf16 + b.utf16};
}

TextOffset MeasureText(std::string_view text) {
  uint64_t trails = 0;
  uint64_t pairs = 0;
  for (const char byte : text) {
    trails += IsTrail(byte) ? 1 : 0;
    pairs += static_cast<unsigned char>(byte) >= 0xF0 ? 1 : 0;
  }
  const uint64_t chars = text.size() - trails;
  return {text.size(), chars, chars + pairs};
}

size_t FindInvalidUtf8(std::string_view text) {
  size_t at = SkipAscii(text, 0);
  while (at < text.size()) {
    const Part part = ReadPart(text, at);
    if (!part.valid) {
      return at;
    }
    at += part.length;
    if (part.length == 1) {
      at = SkipAscii(text, at);
    }
  }
  return std::string_view::npos;
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  std::string replaced;
  replaced.reserve(text.size());
  while (true) {
    const size_t valid = FindInvalidUtf8(text);
    replaced += text.substr(0, valid);
    if (valid == std::string_view::npos) {
      return replaced;
    }
    AppendCodePoint(0xFFFD, &replaced);
    text.remove_prefix(valid + ReadPart(text, valid).length);
  }
}

size_t FloorToCodePoint(std::string_view text, size_t at) {
  if (at >= text.size()) {
    return text.size();
  }
  while (at > 0 && IsTrail(text[at])) {
    --at;
  }
  return at;
}

}  // namespace footnote::text
