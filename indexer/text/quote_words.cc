#include "indexer/text/quote_words.h"

#include <algorithm>
#include <array>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "indexer/text/code_points.h"

namespace footnote::text {
namespace {

enum class Kind : uint8_t { kBreak, kLetter, kCharacter, kSign };

// A folded character and the bytes of the text that it comes from.
struct Folded {
  char32_t value = 0;
  Kind kind = Kind::kBreak;
  uint32_t start = 0;
  uint32_t end = 0;
};

constexpr char32_t kAsciiEnd = 0x80;
constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kLastCodePoint = 0x10FFFF;

bool IsAsciiDigit(char32_t c) { return c >= '0' && c <= '9'; }
bool IsAscii(char byte) {
  return (static_cast<unsigned char>(byte) & 0x80U) == 0;
}

bool IsApostrophe(char32_t c) {
  switch (c) {
    case 0x27:
    case 0x60:
    case 0xB4:
    case 0x2BC:
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
      return true;
    default:
      return false;
  }
}

// Whether a character is dropped: category Cf, variation selectors.
bool IsInvisible(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) ||
         u_charType(static_cast<UChar32>(c)) == U_FORMAT_CHAR;
}

// Returns what a character counts as before it is folded.
char32_t Replace(char32_t c) {
  constexpr char32_t kMinusSign = 0x2212;
  if (IsApostrophe(c)) {
    return '\'';
  }
  return c == kMinusSign ? U'-' : c;
}

// Whether a character is a word by itself: Han or kana.
bool IsCharacter(char32_t c) {
  const auto value = static_cast<UChar32>(c);
  if (c >= 0x30A0 && c <= 0x30FF) {
    return true;
  }
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(value, &error);
  return ((script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA) &&
          (U_GET_GC_MASK(value) & U_GC_M_MASK) == 0) ||
         u_hasBinaryProperty(value, UCHAR_UNIFIED_IDEOGRAPH) != 0;
}

Kind KindOf(char32_t c) {
  constexpr char32_t kFirstCharacter =
      0x2E80;  // nothing before it is Han, kana
  constexpr char32_t kPerMille = 0x2030;
  if (c >= kFirstCharacter && IsCharacter(c)) {
    return Kind::kCharacter;
  }
  const uint32_t category = U_GET_GC_MASK(static_cast<UChar32>(c));
  if ((category & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0) {
    return Kind::kLetter;
  }
  if ((category & (U_GC_SC_MASK | U_GC_SM_MASK | U_GC_SO_MASK)) != 0 ||
      c == '%' || c == '&' || c == '@' || c == kPerMille) {
    return c == kReplacement ? Kind::kBreak : Kind::kSign;
  }
  return Kind::kBreak;
}

// What ASCII folds to.
const std::array<Folded, kAsciiEnd>& AsciiTable() {
  static const auto kTable = [] {
    std::array<Folded, kAsciiEnd> made;
    for (char32_t c = 0; c < kAsciiEnd; ++c) {
      const char32_t folded = Replace(c >= 'A' && c <= 'Z' ? c | 0x20U : c);
      made[c] = {folded, KindOf(folded), 0, 0};
    }
    return made;
  }();
  return kTable;
}

// Folds a text, piece by piece: a piece normalises by itself.
class Folding {
 public:
  explicit Folding(std::string_view text) : text_(text) {
    UErrorCode error = U_ZERO_ERROR;
    nfkc_ = icu::Normalizer2::getNFKCInstance(error);
  }

  std::vector<Folded> Fold() {
    folded_.reserve(text_.size());
    const auto& ascii = AsciiTable();
    for (size_t at = 0; at < text_.size();) {
      const bool is_plain = IsAscii(text_[at]) &&
                            (at + 1 == text_.size() || IsAscii(text_[at + 1]));
      if (!is_plain) {
        at = FoldPiece(at);
        continue;
      }
      Folded& added =
          folded_.emplace_back(ascii[static_cast<unsigned char>(text_[at])]);
      added.start = static_cast<uint32_t>(at);
      added.end = static_cast<uint32_t>(++at);
    }
    return std::move(folded_);
  }

 private:
  CodePoint Read(size_t at) const {
    CodePoint read = DecodeAt(text_, at);
    const bool is_surrogate = read.value >= 0xD800 && read.value <= 0xDFFF;
    if (read.value > kLastCodePoint || is_surrogate) {
      read.value = kReplacement;
    }
    return read;
  }

  // Folds the piece that begins at `at`; returns where the next one begins.
  size_t FoldPiece(size_t at) {
    // More marks than this on one letter are no letter of any language.
    constexpr int kMaxPiece = 32;
    piece_.remove();
    size_t start = at;
    size_t end = at;
    for (int taken = 0; at < text_.size() && taken < kMaxPiece; ++taken) {
      const CodePoint read = Read(at);
      if (IsInvisible(read.value)) {
        at = read.end;
        continue;
      }
      const char32_t value = Replace(read.value);
      if (piece_.isEmpty() == 0 &&
          nfkc_->hasBoundaryBefore(static_cast<UChar32>(value)) != 0) {
        break;
      }
      start = piece_.isEmpty() != 0 ? at : start;
      piece_.append(static_cast<UChar32>(value));
      at = end = read.end;
    }
    if (piece_.isEmpty() == 0) {
      AddPiece(static_cast<uint32_t>(start), static_cast<uint32_t>(end));
    }
    return at;
  }

  void AddPiece(uint32_t start, uint32_t end) {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString text = nfkc_->normalize(piece_, error).foldCase();
    text = nfkc_->normalize(text, error);
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      const auto value = static_cast<char32_t>(text.char32At(i));
      if (!IsInvisible(value)) {
        const char32_t folded = Replace(value);
        folded_.push_back({folded, KindOf(folded), start, end});
      }
    }
  }

  std::string_view text_;
  const icu::Normalizer2* nfkc_ = nullptr;
  icu::UnicodeString piece_;
  std::vector<Folded> folded_;
};

bool IsLetterAt(const std::vector<Folded>& chars, size_t at) {
  return at < chars.size() && chars[at].kind == Kind::kLetter;
}

// Whether the character at `at`, after a letter, stands inside a word.
bool JoinsAt(const std::vector<Folded>& chars, size_t at) {
  if (!IsLetterAt(chars, at + 1)) {
    return false;
  }
  const char32_t c = chars[at].value;
  return c == '\'' ||
         ((c == '.' || c == ',') && IsAsciiDigit(chars[at - 1].value) &&
          IsAsciiDigit(chars[at + 1].value));
}

// Returns where the word that begins at `at` ends; `at` where none does.
size_t EndOfWord(const std::vector<Folded>& chars, size_t at) {
  if (chars[at].kind == Kind::kBreak) {
    return at;
  }
  if (chars[at].kind != Kind::kLetter) {
    return at + 1;
  }
  while (IsLetterAt(chars, at) || (at < chars.size() && JoinsAt(chars, at))) {
    ++at;
  }
  return at;
}

}  // namespace

void ForEachQuoteWord(std::string_view text, const QuoteWordVisitor& visit) {
  const std::vector<Folded> chars = Folding(text).Fold();
  std::string word;
  for (size_t at = 0; at < chars.size();) {
    const size_t end = EndOfWord(chars, at);
    if (end == at) {
      ++at;
      continue;
    }
    word.clear();
    for (size_t i = at; i < end; ++i) {
      AppendCodePoint(chars[i].value, &word);
    }
    visit(word, chars[at].start, chars[end - 1].end);
    at = end;
  }
}

std::vector<QuoteWord> ReadQuoteWords(std::string_view text) {
  std::vector<QuoteWord> words;
  ForEachQuoteWord(text,
                   [&](std::string_view word, uint32_t start, uint32_t end) {
                     words.push_back({std::string(word), start, end});
                   });
  return words;
}

}  // namespace footnote::text
