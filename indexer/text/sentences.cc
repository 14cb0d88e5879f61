#include "indexer/text/sentences.h"

#include <algorithm>
#include <array>
#include <string>

#include <unicode/uchar.h>

#include "indexer/text/abbreviations.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/code_points.h"
#include "indexer/text/fold.h"
#include "indexer/text/sentence_marks.h"
#include "indexer/text/utf8.h"
#include "indexer/text/word_breaks.h"

namespace footnote::text {
namespace {

constexpr size_t kMaxWithoutMarks = 600;  // of scripts without full stops
constexpr size_t kMaxAbbreviation = 24;
constexpr size_t kMaxStarter = 24;

bool IsLower(char32_t c) {
  return u_isULowercase(static_cast<UChar32>(c)) != 0;
}
bool IsUpper(char32_t c) {
  const auto value = static_cast<UChar32>(c);
  return u_isUUppercase(value) != 0 || u_istitle(value) != 0;
}

BreakKind KindOfLines(size_t lines) {
  if (lines == 0) {
    return BreakKind::kSentence;
  }
  return lines == 1 ? BreakKind::kLine : BreakKind::kParagraph;
}

// A run of terminators and what closes after it.
struct Terminator {
  size_t start = 0;
  size_t marks_end = 0;  // before quotes and brackets that close
  size_t end = 0;
  Mark mark = Mark::kNone;  // the strongest
};

class Splitter {
 public:
  Splitter(std::string_view text, std::string_view language)
      : text_(text), language_(language == "und" ? "en" : language) {}

  std::vector<Sentence> Split() {
    size_t at = SkipGap(text_, 0).end;
    while (at < text_.size()) {
      at = Step(at);
    }
    if (start_ < text_.size()) {
      End(text_.size(), BreakKind::kParagraph);
    } else if (!sentences_.empty()) {
      sentences_.back().after = BreakKind::kParagraph;
    }
    return std::move(sentences_);
  }

 private:
  // Handles the character at `at`; returns where to go on.
  size_t Step(size_t at) {
    const CodePoint read = DecodeAt(text_, at);
    switch (MarkOf(read.value)) {
      case Mark::kStop:
      case Mark::kAsk:
      case Mark::kWideStop:
        return HandleTerminator(at);
      case Mark::kLine:
        return HandleLine(at);
      case Mark::kSpace:
        return HandleSpace(at, read.end);
      case Mark::kNone:
        break;
    }
    if (read.value == ';' && language_ == "el") {  // asks, in Greek
      return HandleTerminator(at);
    }
    return read.end;
  }

  // Ends the sentence; returns its end, moved to a grapheme boundary.
  size_t End(size_t end, BreakKind after) {
    end = CeilToGrapheme(text_, end);
    while (end - start_ > kMaxSentenceBytes) {
      Push(FindCut(), BreakKind::kSentence);
    }
    Push(end, after);
    return end;
  }

  void Push(size_t end, BreakKind after) {
    sentences_.push_back(
        {static_cast<uint32_t>(start_), static_cast<uint32_t>(end), after});
    start_ = end;
  }

  // Returns where to cut the sentence under way, which is too long.
  size_t FindCut() const {
    const size_t limit = start_ + kMaxSentenceBytes;
    for (size_t at = limit; at > start_ + kMaxSentenceBytes / 2; --at) {
      if (MarkOfAscii(text_[at - 1]) == Mark::kSpace &&
          IsGraphemeBoundary(text_, at)) {
        return at;
      }
    }
    constexpr size_t kWindow = 300;
    const size_t from = FloorToGrapheme(text_, limit - kWindow);
    const size_t to = FloorToCodePoint(text_, limit + kWindow);
    size_t cut = from;
    WordBreaks breaks(text_.substr(from, to - from));
    while (const std::optional<Segment> segment = breaks.Next()) {
      if (from + segment->end > limit) {
        break;
      }
      cut = from + segment->end;
    }
    if (cut > from && IsGraphemeBoundary(text_, cut)) {
      return cut;
    }
    const size_t floor = FloorToGrapheme(text_, limit);
    return floor > start_ ? floor : FloorToCodePoint(text_, limit);
  }

  // Scripts without full stops end sentences by spaces, if need be.
  size_t HandleSpace(size_t at, size_t end) {
    if (at - start_ <= kMaxWithoutMarks) {
      return end;
    }
    const char32_t before = DecodeAt(text_, PreviousCodePoint(text_, at)).value;
    const bool is_thai_or_lao = before >= 0xE00 && before < 0xF00;
    if (!is_thai_or_lao) {
      return end;
    }
    const Gap gap = SkipGap(text_, at);
    return End(gap.end, KindOfLines(gap.lines));
  }

  size_t HandleLine(size_t at) {
    const Gap gap = SkipGap(text_, at);
    if (gap.end >= text_.size()) {
      return gap.end;
    }
    if (gap.lines == 1 && GoesOnAfterLine(at, gap.end)) {
      return gap.end;
    }
    return End(gap.end, KindOfLines(gap.lines));
  }

  // Whether a line that ends without a terminator is wrapped prose.
  bool GoesOnAfterLine(size_t line_end, size_t next) const {
    const char32_t first = DecodeAt(text_, next).value;
    if (IsLower(first)) {
      return !IsListMarker(text_, next);
    }
    const bool may_go_on =
        u_isalnum(static_cast<UChar32>(first)) != 0 || IsOpening(first);
    if (!may_go_on || IsListMarker(text_, next)) {
      return false;
    }
    const std::string_view word = LastWord(line_end);
    if (word.empty()) {
      return false;
    }
    return word.back() == ',' || (IsLower(DecodeAt(word, 0).value) &&
                                  IsStopWord(FoldWord(word), language_));
  }

  // Returns the text before `end` and white space, from white space or an
  // opening mark on; at most kMaxAbbreviation bytes.
  std::string_view LastWord(size_t end) const {
    while (end > start_ && MarkOfAscii(text_[end - 1]) == Mark::kSpace) {
      --end;
    }
    size_t at = end;
    while (at > start_) {
      const size_t before = PreviousCodePoint(text_, at);
      const char32_t c = DecodeAt(text_, before).value;
      const Mark mark = MarkOf(c);
      if (mark == Mark::kSpace || mark == Mark::kLine || IsOpening(c)) {
        break;
      }
      if (end - before > kMaxAbbreviation) {
        return {};
      }
      at = before;
    }
    return text_.substr(at, end - at);
  }

  Terminator ReadTerminator(size_t at) const {
    Terminator read{at, at, at, Mark::kStop};
    while (read.marks_end < text_.size()) {
      const CodePoint next = DecodeAt(text_, read.marks_end);
      const Mark mark = next.value == ';' && read.marks_end == at
                            ? Mark::kAsk
                            : MarkOf(next.value);
      if (mark != Mark::kStop && mark != Mark::kAsk &&
          mark != Mark::kWideStop) {
        break;
      }
      read.mark = std::max(read.mark, mark);
      read.marks_end = next.end;
    }
    read.end = SkipClosing(read.marks_end);
    return read;
  }

  // Skips quotes and brackets that close, and numbers of notes: "[12]".
  size_t SkipClosing(size_t at) const {
    while (at < text_.size()) {
      const CodePoint next = DecodeAt(text_, at);
      if (next.value == '[') {
        size_t end = next.end;
        while (end < text_.size() && IsAsciiDigit(text_[end])) {
          ++end;
        }
        if (end == next.end || end >= text_.size() || text_[end] != ']') {
          break;
        }
        at = end + 1;
      } else if (IsClosing(next.value)) {
        at = next.end;
      } else {
        break;
      }
    }
    return at;
  }

  size_t HandleTerminator(size_t at) {
    const Terminator read = ReadTerminator(at);
    const Gap gap = SkipGap(text_, read.end);
    if (gap.end >= text_.size()) {
      return gap.end;
    }
    bool is_end = false;
    if (gap.end == read.end) {
      is_end = EndsWithoutSpace(read);
    } else {
      is_end = gap.lines > 1 || EndsBefore(read, gap);
    }
    return is_end ? End(gap.end, KindOfLines(gap.lines)) : gap.end;
  }

  bool EndsWithoutSpace(const Terminator& read) const {
    if (read.mark != Mark::kWideStop) {
      return false;
    }
    const auto next = static_cast<UChar32>(DecodeAt(text_, read.end).value);
    if (u_getIntPropertyValue(next, UCHAR_SENTENCE_BREAK) == U_SB_SCONTINUE) {
      return false;
    }
    constexpr UChar32 kFirstHiragana = 0x3041;
    constexpr UChar32 kLastHiragana = 0x309F;
    const bool is_quoted_speech = read.end > read.marks_end &&
                                  next >= kFirstHiragana &&
                                  next <= kLastHiragana;
    return !is_quoted_speech;
  }

  // Whether the sentence ends at a terminator before white space.
  bool EndsBefore(const Terminator& read, const Gap& gap) const {
    if (read.mark == Mark::kWideStop) {
      return true;
    }
    const char next = text_[gap.end];
    if (gap.lines == 0 && (next == ',' || next == ';' || next == ':')) {
      return false;
    }
    if (gap.lines > 0 && IsListMarker(text_, gap.end)) {
      return true;
    }
    const bool stands_alone =
        read.start > start_ &&
        MarkOfAscii(text_[read.start - 1]) == Mark::kSpace;
    if (stands_alone) {
      return true;  // text cut into words by a machine
    }
    const size_t starter = SkipOpening(gap.end);
    if (starter < text_.size() && IsLower(DecodeAt(text_, starter).value)) {
      return false;
    }
    const bool is_single_stop =
        read.mark == Mark::kStop && read.marks_end == read.start + 1;
    return !is_single_stop || EndsAfterWord(read.start, gap, starter);
  }

  size_t SkipOpening(size_t at) const {
    constexpr int kMaxOpening = 4;
    for (int i = 0; i < kMaxOpening && at < text_.size(); ++i) {
      const CodePoint next = DecodeAt(text_, at);
      if (!IsOpening(next.value)) {
        break;
      }
      at = next.end;
    }
    return at;
  }

  // Whether a full stop at `stop` ends the sentence, judged by the word before
  // it and the one at `starter` after it.
  bool EndsAfterWord(size_t stop, const Gap& gap, size_t starter) const {
    const std::string_view word = LastWord(stop);
    const bool is_number =
        !word.empty() && std::all_of(word.begin(), word.end(), IsAsciiDigit);
    if (gap.lines == 0 && word.size() <= 4 && IsAllOfSentence(word) &&
        (is_number || word.size() == 1)) {
      return false;  // numbers a list
    }
    if (is_number && word.size() <= 3 && HasOrdinalStops(language_)) {
      return StartsSentence(starter);
    }
    switch (FindAbbreviation(word, language_)) {
      case Abbreviation::kNone:
        return true;
      case Abbreviation::kNeverLast:
        return false;
      case Abbreviation::kBeforeNumber:
        return starter >= text_.size() || !IsAsciiDigit(text_[starter]);
      case Abbreviation::kMaybeLast:
        return StartsSentence(starter);
    }
    return true;
  }

  bool IsAllOfSentence(std::string_view word) const {
    return text_.data() + SkipGap(text_, start_).end == word.data();
  }

  // Whether a function word with a capital stands at `at`: the start of a
  // sentence beyond doubt, but not an initial.
  bool StartsSentence(size_t at) const {
    size_t end = at;
    while (end < text_.size() && end - at < kMaxStarter) {
      const CodePoint next = DecodeAt(text_, end);
      if (u_isalpha(static_cast<UChar32>(next.value)) == 0) {
        break;
      }
      end = next.end;
    }
    if (end == at || !IsUpper(DecodeAt(text_, at).value)) {
      return false;
    }
    const bool is_initial =
        DecodeAt(text_, at).end == end && text_.substr(end, 1) == ".";
    return !is_initial &&
           IsStopWord(FoldWord(text_.substr(at, end - at)), language_);
  }

  std::string_view text_;
  std::string_view language_;
  size_t start_ = 0;  // of the sentence under way
  std::vector<Sentence> sentences_;
};

}  // namespace

std::vector<Sentence> SplitSentences(std::string_view text,
                                     std::string_view language) {
  return Splitter(text, language).Split();
}

}  // namespace footnote::text
