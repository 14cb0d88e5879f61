#include "indexer/text/quantity_reader.h"

#include "indexer/text/char_class.h"
#include "indexer/text/code_points.h"
#include "indexer/text/decimal.h"
#include "indexer/text/fold.h"

namespace footnote::text {
namespace {

constexpr size_t kMostSpaces = 3;
constexpr size_t kMostLetters = 32;

bool IsSpace(char32_t c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0xA0 ||
         c == 0x2009 || c == 0x202F;
}

bool IsHyphen(char32_t c) { return c == '-' || c == 0x2010 || c == 0x2011; }

// Characters of Chinese, Japanese and Korean stand beside anything.
bool IsWordLetter(char32_t c) {
  const CharClass properties = ClassOf(c);
  return (properties.letter_or_digit && DigitValue(c) < 0 &&
          properties.word != WordClass::kCharacter) ||
         properties.word == WordClass::kExtend;
}

}  // namespace

char32_t QuantityReader::At(size_t at) const {
  return at < text_.size() ? DecodeAt(text_, at).value : 0;
}

char32_t QuantityReader::Before(size_t at) const {
  return at > 0 ? DecodeAt(text_, PreviousCodePoint(text_, at)).value : 0;
}

size_t QuantityReader::SkipSpaces(size_t at) const {
  bool broken = false;
  for (size_t i = 0; i < kMostSpaces && IsSpace(At(at)); ++i) {
    if (At(at) == '\n' && broken) {
      break;
    }
    broken |= At(at) == '\n';
    at = DecodeAt(text_, at).end;
  }
  return at;
}

size_t QuantityReader::SkipSpacesOrHyphen(size_t at) const {
  return IsHyphen(At(at)) ? DecodeAt(text_, at).end : SkipSpaces(at);
}

size_t QuantityReader::SkipSpacesBack(size_t at) const {
  for (size_t i = 0; i < kMostSpaces && IsSpace(Before(at)); ++i) {
    at = PreviousCodePoint(text_, at);
  }
  return at;
}

FoldedWord QuantityReader::WordAt(size_t at) const {
  FoldedWord word{at, at, {}};
  size_t since_stop = 0;  // letters
  bool has_stop = false;
  for (size_t i = 0; i < kMostLetters && IsWordLetter(At(word.end)); ++i) {
    word.end = DecodeAt(text_, word.end).end;
    ++since_stop;
    if (since_stop == 1 && At(word.end) == '.' &&
        IsWordLetter(At(word.end + 1))) {
      ++word.end;
      since_stop = 0;
      has_stop = true;
    }
  }
  word.text = FoldWord(text_.substr(at, word.end - at));
  if (has_stop && At(word.end) == '.') {
    ++word.end;  // the last one of "U.S." is of the word too
  }
  return word;
}

FoldedWord QuantityReader::WordBefore(size_t at) const {
  FoldedWord word{at, at, {}};
  for (size_t i = 0; i < kMostLetters && IsWordLetter(Before(word.start));
       ++i) {
    word.start = PreviousCodePoint(text_, word.start);
  }
  word.text = FoldWord(text_.substr(word.start, at - word.start));
  return word;
}

bool QuantityReader::IsDigitAt(size_t at) const {
  return DigitValue(At(at)) >= 0;
}

bool QuantityReader::IsDigitBefore(size_t at) const {
  return DigitValue(Before(at)) >= 0;
}

bool QuantityReader::IsInWordAt(size_t at) const {
  return IsWordLetter(At(at)) || IsDigitAt(at);
}

bool QuantityReader::IsInWordBefore(size_t at) const {
  return IsWordLetter(Before(at)) || IsDigitBefore(at);
}

}  // namespace footnote::text
