#include "indexer/text/char_class.h"

#include <vector>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace footnote::text {
namespace {

int32_t Property(UChar32 c, UProperty property) {
  return u_getIntPropertyValue(c, property);
}

bool IsLetter(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_L_MASK) != 0; }

// Whether `c` is a unit of a script written without spaces whose unit is the
// character.
bool IsCharacterToken(UChar32 c) {
  if (!IsLetter(c) && Property(c, UCHAR_GENERAL_CATEGORY) != U_LETTER_NUMBER) {
    return false;
  }
  if (Property(c, UCHAR_IDEOGRAPHIC) != 0 ||
      Property(c, UCHAR_WORD_BREAK) == U_WB_KATAKANA) {
    return true;
  }
  switch (Property(c, UCHAR_SCRIPT)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
      return true;
    default:
      return false;
  }
}

WordClass FromWordBreak(int32_t word_break) {
  switch (word_break) {
    case U_WB_CR:
      return WordClass::kCr;
    case U_WB_LF:
      return WordClass::kLf;
    case U_WB_NEWLINE:
      return WordClass::kNewline;
    case U_WB_EXTEND:
    case U_WB_FORMAT:
      return WordClass::kExtend;
    case U_WB_ZWJ:
      return WordClass::kZwj;
    case U_WB_REGIONAL_INDICATOR:
      return WordClass::kRegional;
    case U_WB_WSEGSPACE:
      return WordClass::kSpace;
    case U_WB_ALETTER:
    case U_WB_KATAKANA:
      return WordClass::kLetter;
    case U_WB_HEBREW_LETTER:
      return WordClass::kHebrew;
    case U_WB_NUMERIC:
      return WordClass::kNumeric;
    case U_WB_MIDLETTER:
      return WordClass::kMidLetter;
    case U_WB_MIDNUM:
      return WordClass::kMidNum;
    case U_WB_MIDNUMLET:
      return WordClass::kMidNumLet;
    case U_WB_SINGLE_QUOTE:
      return WordClass::kSingleQuote;
    case U_WB_DOUBLE_QUOTE:
      return WordClass::kDoubleQuote;
    case U_WB_EXTENDNUMLET:
      return WordClass::kExtendNumLet;
    default:
      return WordClass::kOther;
  }
}

WordClass WordClassOf(UChar32 c) {
  if (c == ':' || c == 0xFE55 || c == 0xFF1A) {
    return WordClass::kOther;
  }
  const WordClass word = FromWordBreak(Property(c, UCHAR_WORD_BREAK));
  if (word == WordClass::kExtend || word == WordClass::kZwj) {
    return word;
  }
  if (IsCharacterToken(c)) {
    return WordClass::kCharacter;
  }
  if (Property(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) {
    return WordClass::kComplex;
  }
  return word;
}

GraphemeClass GraphemeClassOf(UChar32 c) {
  switch (Property(c, UCHAR_GRAPHEME_CLUSTER_BREAK)) {
    case U_GCB_CR:
    case U_GCB_LF:
    case U_GCB_CONTROL:
      return GraphemeClass::kControl;
    case U_GCB_PREPEND:
      return GraphemeClass::kPrepend;
    case U_GCB_EXTEND:
    case U_GCB_SPACING_MARK:
    case U_GCB_ZWJ:
      return GraphemeClass::kAttach;
    case U_GCB_REGIONAL_INDICATOR:
      return GraphemeClass::kRegional;
    case U_GCB_L:
      return GraphemeClass::kHangulL;
    case U_GCB_LV:
    case U_GCB_LVT:
      return GraphemeClass::kHangulSyllable;
    case U_GCB_V:
    case U_GCB_T:
      return GraphemeClass::kHangulVowel;
    default:
      break;
  }
  if (Property(c, UCHAR_EXTENDED_PICTOGRAPHIC) != 0) {
    return GraphemeClass::kPictograph;
  }
  return Property(c, UCHAR_INDIC_SYLLABIC_CATEGORY) == U_INSC_CONSONANT
             ? GraphemeClass::kConsonant
             : GraphemeClass::kPlain;
}

CharClass MakeClass(UChar32 c) {
  CharClass made;
  made.word = WordClassOf(c);
  made.grapheme = GraphemeClassOf(c);
  made.letter_or_digit =
      (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK)) != 0 ||
      (u_isUAlphabetic(c) != 0 && (U_GET_GC_MASK(c) & U_GC_M_MASK) == 0);
  made.pictograph = Property(c, UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
  made.ignorable = Property(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
  constexpr UChar32 kFirstSymbol = 0x2600;  // before it: arrows, signs, "(c)"
  made.emoji = made.word == WordClass::kRegional ||
               (made.pictograph && c >= kFirstSymbol &&
                (U_GET_GC_MASK(c) & U_GC_SO_MASK) != 0);
  return made;
}

}  // namespace

const CharClass* CharClassTable() {
  static const std::vector<CharClass> kTable = [] {
    std::vector<CharClass> made;
    made.reserve(kCharClassTableSize);
    for (char32_t c = 0; c < kCharClassTableSize; ++c) {
      made.push_back(MakeClass(static_cast<UChar32>(c)));
    }
    return made;
  }();
  return kTable.data();
}

CharClass ClassOf(char32_t code_point) {
  return code_point < kCharClassTableSize
             ? CharClassTable()[code_point]
             : MakeClass(static_cast<UChar32>(code_point));
}

}  // namespace footnote::text
