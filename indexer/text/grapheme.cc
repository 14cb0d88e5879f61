#include <algorithm>

#include "indexer/text/char_class.h"
#include "indexer/text/code_points.h"
#include "indexer/text/icu_breaks.h"
#include "indexer/text/utf8.h"

namespace footnote::text {

namespace {

constexpr size_t kMaxClusterBytes = 512;

// Whether nothing before `a` can make `a` and `b` join: a boundary between
// them whatever the text. False where it takes more context to tell.
bool IsSureBetween(GraphemeClass a, GraphemeClass b) {
  if (a == GraphemeClass::kControl || b == GraphemeClass::kControl) {
    return true;
  }
  if (a == GraphemeClass::kPrepend) {
    return false;
  }
  switch (b) {
    case GraphemeClass::kAttach:
      return false;
    case GraphemeClass::kRegional:
      return a != GraphemeClass::kRegional;
    case GraphemeClass::kPictograph:
    case GraphemeClass::kConsonant:
      return a != GraphemeClass::kAttach;
    case GraphemeClass::kHangulL:
    case GraphemeClass::kHangulSyllable:
      return a != GraphemeClass::kHangulL;
    case GraphemeClass::kHangulVowel:
      return a < GraphemeClass::kHangulL;
    default:
      return true;
  }
}

// `at` is a code point boundary inside `text`.
bool IsSureBoundary(std::string_view text, size_t at) {
  const auto before = static_cast<unsigned char>(text[at - 1]);
  const auto after = static_cast<unsigned char>(text[at]);
  if (before < 0x80 && after < 0x80) {
    return before != '\r' || after != '\n';
  }
  const char32_t a = DecodeAt(text, PreviousCodePoint(text, at)).value;
  return IsSureBetween(ClassOf(a).grapheme,
                       ClassOf(DecodeAt(text, at).value).grapheme);
}

// Returns the largest sure boundary in (low, at], or `low` or less if none.
size_t FindSureBoundary(std::string_view text, size_t at, size_t low) {
  while (at > low && !IsSureBoundary(text, at)) {
    at = PreviousCodePoint(text, at);
  }
  return at;
}

// Returns the largest multiple of kMaxClusterBytes, moved down to a code point,
// which is <= `at`, a code point boundary.
size_t BlockOf(std::string_view text, size_t at) {
  const size_t low = at / kMaxClusterBytes * kMaxClusterBytes;
  const size_t next = FloorToCodePoint(text, low + kMaxClusterBytes);
  return next <= at ? next : FloorToCodePoint(text, low);
}

// Returns a boundary <= `at`, near it, from which segmentation can start. Each
// kMaxClusterBytes of the text, where the same distance before has no sure
// boundary, there counts as one.
size_t FindAnchor(std::string_view text, size_t at) {
  const size_t block = BlockOf(text, at);
  const size_t near = FindSureBoundary(text, at, block);
  if (near > block) {
    return near;
  }
  const size_t low = block - std::min(block, kMaxClusterBytes);
  const size_t far = FindSureBoundary(text, block, low);
  return far > low || low == 0 ? far : block;
}

// Returns the largest boundary <= `at`, a code point boundary inside `text`.
size_t FloorOfCodePoint(std::string_view text, size_t at) {
  const size_t anchor = FindAnchor(text, at);
  if (anchor == at) {
    return at;
  }
  const size_t end = DecodeAt(text, at).end;
  return anchor +
         FloorToIcuGrapheme(text.substr(anchor, end - anchor), at - anchor);
}

}  // namespace

bool IsGraphemeBoundary(std::string_view text, size_t at) {
  if (at == 0 || at >= text.size()) {
    return at == 0 || at == text.size();
  }
  if (IsTrail(text[at])) {
    return false;
  }
  return IsSureBoundary(text, at) || FloorOfCodePoint(text, at) == at;
}

size_t FloorToGrapheme(std::string_view text, size_t at) {
  at = FloorToCodePoint(text, at);
  if (at == 0 || at == text.size()) {
    return at;
  }
  return IsSureBoundary(text, at) ? at : FloorOfCodePoint(text, at);
}

size_t CeilToGrapheme(std::string_view text, size_t at) {
  while (at < text.size() && !IsGraphemeBoundary(text, at)) {
    ++at;
  }
  return std::min(at, text.size());
}

}  // namespace footnote::text
