#include "indexer/text/names.h"

#include <algorithm>
#include <array>

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/uversion.h>

#include "indexer/text/code_points.h"
#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

// Raise it when the rules below change.
constexpr char kVersion[] = "names1";

constexpr char32_t kZeroWidthSpace = 0x200B;

// How far a boundary looks past format characters and accents.
constexpr int kMaxInvisible = 32;

// Blocks of marks that are accents: letters without them are still readable.
// Marks of Indic and other scripts, and those of kana, are not.
struct Range {
  char32_t first;
  char32_t last;
};
constexpr std::array<Range, 11> kAccents = {{{0x0300, 0x036F},
                                             {0x0483, 0x0489},
                                             {0x0591, 0x05C7},
                                             {0x0610, 0x061A},
                                             {0x064B, 0x065F},
                                             {0x0670, 0x0670},
                                             {0x1AB0, 0x1AFF},
                                             {0x1DC0, 0x1DFF},
                                             {0x20D0, 0x20FF},
                                             {0xFE00, 0xFE0F},
                                             {0xFE20, 0xFE2F}}};

constexpr std::u32string_view kSingleQuotes =
    U"\u00B4\u02B9\u02BB\u02BC\u2018\u2019\u201A\u201B\u2032\u2039\u203A";
constexpr std::u32string_view kDoubleQuotes =
    U"\u00AB\u00BB\u201C\u201D\u201E\u201F\u2033";

UChar32 ToIcu(char32_t code_point) { return static_cast<UChar32>(code_point); }

bool IsMark(char32_t code_point) {
  return (U_GET_GC_MASK(ToIcu(code_point)) & U_GC_M_MASK) != 0;
}

bool IsAccent(char32_t code_point) {
  return IsMark(code_point) &&
         std::any_of(kAccents.begin(), kAccents.end(), [&](const Range& range) {
           return range.first <= code_point && code_point <= range.last;
         });
}

// Returns whether it folds to nothing and separates nothing.
bool IsInvisible(char32_t code_point) {
  return code_point >= 0x80 && code_point != kZeroWidthSpace &&
         (u_charType(ToIcu(code_point)) == U_FORMAT_CHAR ||
          IsAccent(code_point));
}

bool IsDash(char32_t code_point) {
  return code_point == 0x2212 || code_point == 0x2043 ||
         u_charType(ToIcu(code_point)) == U_DASH_PUNCTUATION;
}

bool IsSingleQuote(char32_t code_point) {
  return kSingleQuotes.find(code_point) != std::u32string_view::npos;
}

bool IsWhiteSpace(char32_t code_point) {
  return code_point < 0x80
             ? code_point == ' ' || (code_point >= '\t' && code_point <= '\r')
             : u_isUWhiteSpace(ToIcu(code_point)) != 0;
}

bool IsWord(char32_t code_point) {
  if (code_point < 0x80) {
    return (code_point >= 'a' && code_point <= 'z') ||
           (code_point >= 'A' && code_point <= 'Z') ||
           (code_point >= '0' && code_point <= '9') || code_point == '_';
  }
  const uint32_t category = U_GET_GC_MASK(ToIcu(code_point));
  return (category &
          (U_GC_L_MASK | U_GC_ND_MASK | U_GC_PC_MASK | U_GC_M_MASK)) != 0 &&
         !IsSingleQuote(code_point);
}

// Returns whether names in its script have no spaces around them.
bool IsUnspaced(char32_t code_point) {
  if (code_point < 0x0E00) {
    return false;
  }
  if ((code_point >= 0x3000 && code_point <= 0x30FF) ||
      (code_point >= 0xFF66 && code_point <= 0xFF9F)) {
    return true;  // some of kana are common to two scripts
  }
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(ToIcu(code_point), &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    default:
      return false;
  }
}

// Appends one code point of a decomposition, folded.
void FoldOne(char32_t code_point, std::string* folded) {
  if (code_point >= 0x80) {
    if (code_point == kZeroWidthSpace || IsInvisible(code_point)) {
      return;
    }
    if (IsSingleQuote(code_point)) {
      code_point = '\'';
    } else if (kDoubleQuotes.find(code_point) != std::u32string_view::npos) {
      code_point = '"';
    } else if (IsDash(code_point)) {
      code_point = '-';
    }
  }
  AppendCodePoint(code_point, folded);
}

// Returns what `code_point` decomposes to: canonically, and from its width or
// from a Latin ligature.
icu::UnicodeString Decompose(char32_t code_point) {
  const auto type =
      u_getIntPropertyValue(ToIcu(code_point), UCHAR_DECOMPOSITION_TYPE);
  const bool is_ligature = code_point >= 0xFB00 && code_point <= 0xFB06;
  const bool is_compatible =
      is_ligature || type == U_DT_WIDE || type == U_DT_NARROW;
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* normalizer = is_compatible
                                       ? unorm2_getNFKCInstance(&error)
                                       : unorm2_getNFCInstance(&error);
  constexpr int32_t kCapacity = 32;  // the longest has 18
  std::array<UChar, kCapacity> units{};
  const int32_t length =
      U_FAILURE(error) != 0
          ? -1
          : unorm2_getDecomposition(normalizer, ToIcu(code_point), units.data(),
                                    kCapacity, &error);
  if (length < 0 || U_FAILURE(error) != 0) {
    return {ToIcu(code_point)};
  }
  return {units.data(), length};
}

// Folds the run of white space at text[at]; returns where it ends.
size_t FoldWhiteSpace(std::string_view text, size_t at, std::string* folded) {
  int breaks = 0;
  while (at < text.size()) {
    const CodePoint next = DecodeAt(text, at);
    if (!IsWhiteSpace(next.value)) {
      break;
    }
    const bool is_crlf =
        next.value == '\r' && next.end < text.size() && text[next.end] == '\n';
    const bool is_break = next.value == '\n' || next.value == '\r' ||
                          next.value == 0x2028 || next.value == 0x85;
    breaks += is_break && !is_crlf ? 1 : 0;
    breaks += next.value == 0x2029 ? 2 : 0;
    at = next.end;
  }
  *folded += breaks > 1 ? '\n' : ' ';
  return at;
}

// Returns the first visible code point from `at` on, or 0.
char32_t VisibleAfter(std::string_view text, size_t at) {
  for (int i = 0; i < kMaxInvisible && at < text.size(); ++i) {
    const CodePoint next = DecodeAt(text, at);
    if (!IsInvisible(next.value)) {
      return next.value;
    }
    at = next.end;
  }
  return 0;
}

// Returns the last visible code point before `at`, or 0.
char32_t VisibleBefore(std::string_view text, size_t at) {
  for (int i = 0; i < kMaxInvisible && at > 0; ++i) {
    at = PreviousCodePoint(text, at);
    const char32_t code_point = DecodeAt(text, at).value;
    if (!IsInvisible(code_point)) {
      return code_point;
    }
  }
  return 0;
}

// Returns whether `outside`, next to a name, makes the name a part of a longer
// word, `inside` being the name's own character there.
bool GoesOn(char32_t outside, char32_t inside) {
  return IsWord(outside) && !IsUnspaced(outside) && !IsUnspaced(inside);
}

// Returns whether the characters around `at` are ASCII and visible, so that
// they tell all: `at` is a grapheme boundary then.
bool IsPlainAscii(std::string_view text, size_t at) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  return is_plain(text[at - 1]) && is_plain(text[at]);
}

}  // namespace

size_t FoldNameCharacter(std::string_view text, size_t at,
                         std::string* folded) {
  const CodePoint current = DecodeAt(text, at);
  if (IsWhiteSpace(current.value)) {
    return FoldWhiteSpace(text, at, folded);
  }
  if (current.value < 0x80) {
    *folded += text[at];
    return current.end;
  }
  const icu::UnicodeString parts = Decompose(current.value);
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    FoldOne(static_cast<char32_t>(parts.char32At(i)), folded);
  }
  return current.end;
}

std::string FoldName(std::string_view name) {
  std::string folded;
  for (size_t at = 0; at < name.size();) {
    at = FoldNameCharacter(name, at, &folded);
  }
  const size_t start = std::min(folded.find_first_not_of(" \n"), folded.size());
  const size_t end = folded.find_last_not_of(" \n") + 1;
  return folded.substr(start, std::max(end, start) - start);
}

std::string ToCapitals(std::string_view name) {
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  text.toUpper(icu::Locale::getRoot());
  std::string capitals;
  return text.toUTF8String(capitals);
}

bool IsNameStart(std::string_view text, size_t at) {
  if (at == 0 || at >= text.size()) {
    return at == 0;
  }
  return IsPlainAscii(text, at)
             ? !IsWord(static_cast<unsigned char>(text[at - 1]))
             : !GoesOn(VisibleBefore(text, at), VisibleAfter(text, at)) &&
                   IsGraphemeBoundary(text, at);
}

bool IsNameEnd(std::string_view text, size_t at) {
  if (at == 0 || at >= text.size()) {
    return at > 0;
  }
  return IsPlainAscii(text, at)
             ? !IsWord(static_cast<unsigned char>(text[at]))
             : !GoesOn(VisibleAfter(text, at), VisibleBefore(text, at)) &&
                   IsGraphemeBoundary(text, at);
}

std::string NameFoldingStamp() {
  return std::string(kVersion) + "/icu" + U_ICU_VERSION;
}

}  // namespace footnote::text
