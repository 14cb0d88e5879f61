// Word boundaries: UAX #29 by hand for speed, ICU's dictionaries for scripts
// that need them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "indexer/text/char_class.h"

namespace footnote::text {

enum class SegmentKind : uint8_t {
  kOther,  // white space, punctuation, symbols
  kEmoji,
  kWord,       // has a letter or a digit
  kCharacter,  // one character of Han, kana or Hangul
};

// What lies between two word boundaries.
struct Segment {
  size_t start = 0;
  size_t end = 0;  // exclusive
  SegmentKind kind = SegmentKind::kOther;
};

// Walks over the segments of a text, which must outlive it. They tile the
// text; boundaries are UAX #29's (root locale) which are grapheme boundaries
// too, with the tailoring of WordClass. Not thread-safe.
class WordBreaks {
 public:
  explicit WordBreaks(std::string_view text);

  // Returns the next segment, nothing at the end.
  std::optional<Segment> Next();

 private:
  // A code point that was looked at.
  struct Look {
    CharClass properties;
    size_t end = 0;
  };
  // A segment under way.
  struct Run {
    WordClass last = WordClass::kOther;  // what the rules look back at
    size_t end = 0;
    bool after_joiner = false;
    SegmentKind kind = SegmentKind::kOther;
  };

  Look LookAt(size_t at) const;
  size_t SkipAttached(size_t at) const;
  Run ReadRun(size_t start) const;
  bool Extend(Run* run) const;
  bool ExtendOverMiddle(const Look& middle, Run* run) const;
  // Returns the end of the piece of a kComplex run that starts at `start`.
  size_t EndOfComplex(size_t start, size_t run_end);

  std::string_view text_;
  const CharClass* table_;
  size_t at_ = 0;
  std::vector<size_t> complex_ends_;  // of the current run, last first
};

}  // namespace footnote::text
