#include "indexer/text/fold.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "indexer/text/char_class.h"
#include "indexer/text/code_points.h"

namespace footnote::text {
namespace {

constexpr char32_t kTatweel = 0x640;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

icu::UnicodeString FromUtf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

using GetForm = const icu::Normalizer2* (*)(UErrorCode&);

icu::UnicodeString Normalize(const icu::UnicodeString& text, GetForm get) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = get(error);
  icu::UnicodeString normalized;
  if (U_SUCCESS(error)) {
    form->normalize(text, normalized, error);
  }
  return U_SUCCESS(error) ? normalized : text;
}

bool IsApostrophe(char32_t c) {
  return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x2BC;
}

// Whether `c` may stand in a folded word: what words are made of.
bool MayStay(char32_t c) {
  const uint32_t category = U_GET_GC_MASK(static_cast<UChar32>(c));
  if ((category & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0) {
    return c != kTatweel;
  }
  if ((category & (U_GC_Z_MASK | U_GC_C_MASK)) != 0) {
    return false;
  }
  const CharClass properties = ClassOf(c);
  return properties.letter_or_digit ||
         (properties.word >= WordClass::kLetter &&
          properties.word <= WordClass::kExtendNumLet &&
          properties.word != WordClass::kDoubleQuote);
}

// Whether a word may start and end with `c`.
bool MayBeOutside(char32_t c) {
  const CharClass properties = ClassOf(c);
  return properties.letter_or_digit ||
         properties.word == WordClass::kExtendNumLet ||
         (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

void TrimOutside(std::string* word) {
  size_t start = 0;
  while (start < word->size()) {
    const CodePoint first = DecodeAt(*word, start);
    if (MayBeOutside(first.value)) {
      break;
    }
    start = first.end;
  }
  word->erase(0, start);
  while (!word->empty()) {
    const size_t last = PreviousCodePoint(*word, word->size());
    if (MayBeOutside(DecodeAt(*word, last).value)) {
      break;
    }
    word->resize(last);
  }
}

std::string FoldCaseByIcu(std::string_view token, CaseRules rules) {
  icu::UnicodeString text = FromUtf8(token);
  if (rules == CaseRules::kTurkish) {
    text.foldCase(U_FOLD_CASE_EXCLUDE_SPECIAL_I);
  }
  text = Normalize(text, &icu::Normalizer2::getNFKCCasefoldInstance);
  std::string folded;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(text.char32At(i));
    if (IsApostrophe(c)) {
      folded += '\'';
    } else if (MayStay(c)) {
      AppendCodePoint(c, &folded);
    }
  }
  TrimOutside(&folded);
  return folded;
}

std::string FoldCaseOfAscii(std::string_view token) {
  std::string folded(token);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c | 0x20);
    }
  }
  return folded;
}

void DropPossessive(std::string* word) {
  while (word->size() > 2 && word->ends_with("'s")) {
    word->resize(word->size() - 2);
  }
}

// Takes out the full stops of "u.s.a": single letters all.
void JoinAcronym(std::string* word) {
  std::string joined;
  size_t at = 0;
  while (at < word->size()) {
    const CodePoint letter = DecodeAt(*word, at);
    const bool is_last = letter.end == word->size();
    if (!ClassOf(letter.value).letter_or_digit ||
        (!is_last && (*word)[letter.end] != '.')) {
      return;
    }
    joined.append(*word, at, letter.end - at);
    at = letter.end + 1;
  }
  if (!IsDigit(joined.front())) {
    *word = joined;
  }
}

// Whether the separator at `at` divides groups of thousands: three digits
// follow (two, three in India's manner are left alone), then no more.
bool DividesGroup(std::string_view word, size_t at) {
  size_t digits = 0;
  while (at + 1 + digits < word.size() && IsDigit(word[at + 1 + digits])) {
    ++digits;
  }
  return digits == 3;
}

// "1,400,000" -> "1400000", and so with apostrophes.
void JoinDigitGroups(std::string* word) {
  const size_t first = word->find_first_not_of("0123456789");
  if (first == std::string::npos || first == 0 || first > 3 ||
      ((*word)[first] != ',' && (*word)[first] != '\'')) {
    return;
  }
  const char separator = (*word)[first];
  for (size_t at = first; at != std::string::npos;
       at = word->find(separator, at + 1)) {
    if (!DividesGroup(*word, at)) {
      return;
    }
  }
  word->erase(std::remove(word->begin(), word->end(), separator), word->end());
}

bool TakesMarkOff(UChar32 base) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(base, &error)) {
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_ARABIC:
    case USCRIPT_HEBREW:
    case USCRIPT_COMMON:
      return true;
    default:
      return false;
  }
}

// Returns the plain letters for one that does not decompose, or "".
std::string_view PlainLetters(UChar32 c) {
  switch (c) {
    case 0x131:  // dotless i
      return "i";
    case 0xF8:  // o with stroke
      return "o";
    case 0x142:  // l with stroke
      return "l";
    case 0x111:  // d with stroke
    case 0xF0:   // eth
      return "d";
    case 0x127:  // h with stroke
      return "h";
    case 0x167:  // t with stroke
      return "t";
    case 0x14B:  // eng
      return "n";
    case 0xE6:  // ae
      return "ae";
    case 0x153:  // oe
      return "oe";
    case 0xFE:  // thorn
      return "th";
    default:
      return "";
  }
}

}  // namespace

std::string FoldCase(std::string_view token, CaseRules rules) {
  const bool default_ascii = rules == CaseRules::kDefault && IsAscii(token);
  std::string folded =
      default_ascii ? FoldCaseOfAscii(token) : FoldCaseByIcu(token, rules);
  if (folded.find_first_of("'.,") == std::string::npos) {
    return folded;
  }
  TrimOutside(&folded);
  DropPossessive(&folded);
  if (folded.empty()) {
    return folded;
  }
  JoinAcronym(&folded);
  JoinDigitGroups(&folded);
  return folded;
}

std::string StripAccents(std::string_view folded) {
  if (IsAscii(folded)) {
    return std::string(folded);
  }
  const icu::UnicodeString text =
      Normalize(FromUtf8(folded), &icu::Normalizer2::getNFDInstance);
  icu::UnicodeString plain;
  bool takes_off = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    const bool is_mark =
        (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
    if (is_mark && takes_off) {
      continue;
    }
    if (!is_mark) {
      takes_off = TakesMarkOff(c);
    }
    const std::string_view letters = PlainLetters(c);
    if (letters.empty()) {
      plain.append(c);
    } else {
      plain.append(FromUtf8(letters));
    }
  }
  std::string stripped;
  Normalize(plain, &icu::Normalizer2::getNFCInstance).toUTF8String(stripped);
  return stripped;
}

std::string FoldWord(std::string_view token) {
  return StripAccents(FoldCase(token, CaseRules::kDefault));
}

std::string FoldEmoji(std::string_view token) {
  std::string folded(token);
  for (const std::string_view selector : {"\xEF\xB8\x8E", "\xEF\xB8\x8F"}) {
    for (size_t at = folded.find(selector); at != std::string::npos;
         at = folded.find(selector, at)) {
      folded.erase(at, selector.size());
    }
  }
  return folded;
}

}  // namespace footnote::text
