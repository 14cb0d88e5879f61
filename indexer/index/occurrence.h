// How often a passage has a word, and how long the passage is, in one number.

#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace footnote::index {

// The frequency that a posting carries. The matcher then need not look up the
// length of every passage it scores, which costs it more than the scoring.
//
// Lengths are rounded to four significant bits, as Lucene's norms are (its
// SmallFloat.intToByte4): 0 to 15 are exact, then there are eight classes to
// an octave. The most frequent case, a word that a passage has once or twice,
// stays below 128, which is one byte in a posting.
struct Occurrence {
  uint32_t frequency = 0;     // at least 1
  uint32_t length_class = 0;  // below kLengthClasses

  static constexpr uint32_t kLengthClasses = 64;

  constexpr uint32_t Encode() const {
    return (frequency - 1) * kLengthClasses + length_class;
  }
  static constexpr Occurrence Decode(uint32_t encoded) {
    return {encoded / kLengthClasses + 1, encoded % kLengthClasses};
  }
};

// Returns the class of a passage of so many tokens.
constexpr uint32_t LengthClassOf(uint32_t words) {
  constexpr uint32_t kExact = 16;  // lengths below
  constexpr uint32_t kSteps = 8;   // to an octave
  constexpr int kExactBits = 4;
  if (words < kExact) {
    return words;
  }
  const auto shift = static_cast<uint32_t>(std::bit_width(words) - kExactBits);
  return std::min(shift * kSteps + (words >> shift),
                  Occurrence::kLengthClasses - 1);
}

// Returns the length that a class stands for: the middle of its lengths.
constexpr double LengthOfClass(uint32_t length_class) {
  constexpr uint32_t kExact = 16;
  constexpr uint32_t kSteps = 8;
  if (length_class < kExact) {
    return length_class;
  }
  const uint32_t shift = length_class / kSteps - 1;
  const uint32_t first = (length_class - shift * kSteps) << shift;
  return first + ((1U << shift) - 1) / 2.0;
}

}  // namespace footnote::index
