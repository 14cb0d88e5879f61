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

// Gets a normal form once for each place: what ICU then makes is seen by every
// thread. Null where ICU has no data.
template <GetForm kGet>
const icu::Normalizer2* Form() {
  static const icu::Normalizer2* const kForm = [] {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* got = kGet(error);
    return U_SUCCESS(error) != 0 ? got : nullptr;
  }();
  return kForm;
}

template <GetForm kGet>
icu::UnicodeString Normalize(const icu::UnicodeString& text) {
  const icu::Normalizer2* form = Form<kGet>();
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString normalized;
  if (form != nullptr) {
    form->normalize(text, normalized, error);
  }
  return form != nullptr && U_SUCCESS(error) != 0 ? normalized : text;
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

// Whether a word may start with `c`.
bool MayBeFirst(char32_t c) {
  const CharClass properties = ClassOf(c);
  return properties.letter_or_digit && properties.word != WordClass::kExtend;
}

bool IsMark(char32_t c) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

// Takes away what stands before the first letter or digit and after the last
// with its marks.
void TrimOutside(std::string* word) {
  size_t start = word->size();
  size_t end = 0;
  for (size_t at = 0; at < word->size();) {
    const CodePoint read = DecodeAt(*word, at);
    if (MayBeFirst(read.value)) {
      start = std::min(start, at);
      end = read.end;
    } else if (end == at && IsMark(read.value)) {
      end = read.end;
    }
    at = read.end;
  }
  word->resize(std::max(start, end));
  word->erase(0, start);
}

std::string FoldCaseByIcu(std::string_view token, CaseRules rules) {
  icu::UnicodeString text = FromUtf8(token);
  if (rules == CaseRules::kTurkish) {
    text.foldCase(U_FOLD_CASE_EXCLUDE_SPECIAL_I);
  }
  text = Normalize<&icu::Normalizer2::getNFKCCasefoldInstance>(text);
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
    CodePoint letter = DecodeAt(*word, at);
    const bool is_letter = ClassOf(letter.value).letter_or_digit;
    while (letter.end < word->size() &&
           IsMark(DecodeAt(*word, letter.end).value)) {
      letter.end = DecodeAt(*word, letter.end).end;
    }
    const bool is_last = letter.end == word->size();
    if (!is_letter || (!is_last && (*word)[letter.end] != '.')) {
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

// Whether `mark` is an accent, of any script or of those below.
bool IsAccent(UChar32 mark) {
  if ((U_GET_GC_MASK(mark) & (U_GC_MN_MASK | U_GC_ME_MASK)) == 0) {
    return false;
  }
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(mark, &error)) {
    case USCRIPT_INHERITED:
    case USCRIPT_COMMON:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_ARABIC:
    case USCRIPT_HEBREW:
      return true;
    default:
      return false;
  }
}

bool LosesAccents(UChar32 base) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(base, &error)) {
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_ARABIC:
    case USCRIPT_HEBREW:
      return true;
    case USCRIPT_COMMON:
      return u_isalnum(base) != 0;
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
  if (folded.find_first_of("'.,_") == std::string::npos) {
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
      Normalize<&icu::Normalizer2::getNFDInstance>(FromUtf8(folded));
  icu::UnicodeString plain;
  bool loses_accents = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (loses_accents && IsAccent(c)) {
      continue;
    }
    if (!IsMark(static_cast<char32_t>(c))) {
      loses_accents = LosesAccents(c);
    }
    const std::string_view letters = PlainLetters(c);
    if (letters.empty()) {
      plain.append(c);
    } else {
      plain.append(FromUtf8(letters));
    }
  }
  std::string stripped;
  Normalize<&icu::Normalizer2::getNFCInstance>(plain).toUTF8String(stripped);
  return stripped;
}

std::string FoldWord(std::string_view token) {
  return StripAccents(FoldCase(token, CaseRules::kDefault));
}

std::string FoldEmoji(std::string_view token) {
  constexpr char32_t kTextSelector = 0xFE0E;
  constexpr char32_t kEmojiSelector = 0xFE0F;
  std::string folded;
  for (size_t at = 0; at < token.size();) {
    const CodePoint read = DecodeAt(token, at);
    const CharClass properties = ClassOf(read.value);
    const bool is_selector =
        read.value == kTextSelector || read.value == kEmojiSelector;
    if (!is_selector && (properties.pictograph || properties.emoji ||
                         properties.grapheme == GraphemeClass::kAttach)) {
      folded += token.substr(at, read.end - at);
    }
    at = read.end;
  }
  return folded;
}

}  // namespace footnote::text
