#include "indexer/text/word_breaks.h"

#include <algorithm>

#include "indexer/text/code_points.h"
#include "indexer/text/icu_breaks.h"
#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

bool IsLetterClass(WordClass c) {
  return c == WordClass::kLetter || c == WordClass::kHebrew;
}

bool IsWordClass(WordClass c) {
  return IsLetterClass(c) || c == WordClass::kNumeric ||
         c == WordClass::kExtendNumLet;
}

// WB5, 8 to 10, 13a, 13b, and runs of a dictionary's script.
bool Joins(WordClass a, WordClass b) {
  return (IsWordClass(a) && IsWordClass(b)) ||
         (a == WordClass::kComplex && b == WordClass::kComplex);
}

// WB6, 7, 7b, 7c, 11, 12: `a` and `b` join over `middle`.
bool JoinsOver(WordClass a, WordClass middle, WordClass b) {
  const bool both =
      middle == WordClass::kMidNumLet || middle == WordClass::kSingleQuote;
  if (IsLetterClass(a) && IsLetterClass(b)) {
    return both || middle == WordClass::kMidLetter ||
           (middle == WordClass::kDoubleQuote && a == WordClass::kHebrew &&
            b == WordClass::kHebrew);
  }
  return a == WordClass::kNumeric && b == WordClass::kNumeric &&
         (both || middle == WordClass::kMidNum);
}

bool IsMiddle(WordClass c) {
  return c >= WordClass::kMidLetter && c <= WordClass::kDoubleQuote;
}

bool IsAttached(WordClass c) {
  return c == WordClass::kExtend || c == WordClass::kZwj;
}

SegmentKind KindOf(const CharClass& properties) {
  if (properties.word == WordClass::kCharacter) {
    return SegmentKind::kCharacter;
  }
  if (properties.emoji) {
    return SegmentKind::kEmoji;
  }
  return properties.letter_or_digit ? SegmentKind::kWord : SegmentKind::kOther;
}

bool IsAsciiAlphanumeric(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

WordBreaks::WordBreaks(std::string_view text)
    : text_(text), table_(CharClassTable()) {}

WordBreaks::Look WordBreaks::LookAt(size_t at) const {
  const CodePoint read = DecodeAt(text_, at);
  return {read.value < kCharClassTableSize ? table_[read.value]
                                           : ClassOf(read.value),
          read.end};
}

size_t WordBreaks::SkipAttached(size_t at) const {
  while (at < text_.size()) {
    const Look look = LookAt(at);
    if (!IsAttached(look.properties.word)) {
      break;
    }
    at = look.end;
  }
  return at;
}

// Takes in `middle` and what comes after it where they join.
bool WordBreaks::ExtendOverMiddle(const Look& middle, Run* run) const {
  const WordClass middle_class = middle.properties.word;
  const size_t after = SkipAttached(middle.end);
  if (after < text_.size()) {
    const Look look = LookAt(after);
    if (JoinsOver(run->last, middle_class, look.properties.word)) {
      run->last = look.properties.word;
      run->end = look.end;
      return true;
    }
  }
  if (run->last == WordClass::kHebrew &&
      middle_class == WordClass::kSingleQuote) {  // WB7a
    run->last = WordClass::kOther;
    run->end = middle.end;
    return true;
  }
  return false;
}

// Takes in the next code point or more; returns whether there was no boundary.
bool WordBreaks::Extend(Run* run) const {
  const Look look = LookAt(run->end);
  const CharClass& next = look.properties;
  if (IsAttached(next.word)) {  // WB4
    run->after_joiner = next.word == WordClass::kZwj;
    run->end = look.end;
    return true;
  }
  const bool joined = run->after_joiner && next.pictograph;  // WB3c
  run->after_joiner = false;
  if (joined || Joins(run->last, next.word)) {
    run->kind = std::max(run->kind, KindOf(next));
    run->last = next.word;
    run->end = look.end;
    return true;
  }
  if (run->last == WordClass::kRegional && next.word == WordClass::kRegional) {
    run->last = WordClass::kOther;  // WB15, 16: pairs
    run->end = look.end;
    return true;
  }
  return IsMiddle(next.word) && ExtendOverMiddle(look, run);
}

WordBreaks::Run WordBreaks::ReadRun(size_t start) const {
  const Look first = LookAt(start);
  Run run;
  run.last = first.properties.word;
  run.end = first.end;
  run.kind = KindOf(first.properties);
  run.after_joiner = run.last == WordClass::kZwj;
  switch (run.last) {
    case WordClass::kCr:
      run.end += text_.substr(run.end, 1) == "\n" ? 1 : 0;
      return run;
    case WordClass::kLf:
    case WordClass::kNewline:
      return run;
    case WordClass::kSpace:  // WB3d
      while (run.end < text_.size() &&
             LookAt(run.end).properties.word == WordClass::kSpace) {
        run.end = LookAt(run.end).end;
      }
      break;
    default:
      break;
  }
  while (run.end < text_.size()) {
    if (IsWordClass(run.last) && IsAsciiAlphanumeric(text_[run.end])) {
      run.last = table_[static_cast<unsigned char>(text_[run.end])].word;
      run.kind = SegmentKind::kWord;
      run.after_joiner = false;
      ++run.end;
    } else if (!Extend(&run)) {
      break;
    }
  }
  return run;
}

size_t WordBreaks::EndOfComplex(size_t start, size_t run_end) {
  if (complex_ends_.empty()) {
    complex_ends_ = FindWordEnds(text_.substr(start, run_end - start));
    for (size_t& end : complex_ends_) {
      end += start;
    }
    std::reverse(complex_ends_.begin(), complex_ends_.end());
  }
  const size_t end = complex_ends_.back();
  complex_ends_.pop_back();
  return end;
}

std::optional<Segment> WordBreaks::Next() {
  if (at_ >= text_.size()) {
    return std::nullopt;
  }
  Segment segment{at_, at_, SegmentKind::kOther};
  const bool is_lone_space = text_[at_] == ' ' && at_ + 1 < text_.size() &&
                             IsAsciiAlphanumeric(text_[at_ + 1]);
  if (is_lone_space) {  // the most frequent case by far
    segment.end = ++at_;
    return segment;
  }
  do {
    if (!complex_ends_.empty()) {
      segment.end = EndOfComplex(at_, at_);
      segment.kind = std::max(segment.kind, SegmentKind::kWord);
    } else {
      const Run run = ReadRun(segment.end);
      segment.kind = std::max(segment.kind, run.kind);
      segment.end = run.last == WordClass::kComplex
                        ? EndOfComplex(segment.end, run.end)
                        : run.end;
    }
  } while (!IsGraphemeBoundary(text_, segment.end));
  at_ = segment.end;
  return segment;
}

}  // namespace footnote::text
