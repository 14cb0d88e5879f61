// Finds words among other words with few edits: one word put in, left out or
// replaced is one edit. Words are numbers.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "server/search/deadline.h"

namespace footnote::grounding {

// A word that is none of the pattern's.
inline constexpr uint32_t kOtherWord = UINT32_MAX;

// Some words of a text that a pattern was found in.
struct Stretch {
  uint32_t edits = 0;
  size_t start = 0;  // word of the text
  size_t end = 0;    // exclusive

  bool operator==(const Stretch&) const = default;
};

// Words to be found. Thread-safe once made.
class WordPattern {
 public:
  // `words` are numbered from 0 on, each number below `distinct`.
  WordPattern(std::vector<uint32_t> words, uint32_t distinct);

  const std::vector<uint32_t>& words() const { return words_; }
  size_t size() const { return words_.size(); }
  // The memory that a pattern takes, about.
  static uint64_t BytesOf(size_t words, uint32_t distinct) {
    return uint64_t{distinct} * BlocksOf(words) * sizeof(uint64_t);
  }

  // Returns where the pattern stands in `text` with at most `most` edits,
  // without overlap: those with fewer edits before others, then by place, a
  // thousand at most. Ends are those of the longest such stretch, so that a
  // word replaced at an end stands for the one it replaces. Costs words of the
  // text times words of the pattern, over 64 (Myers, "A fast bit-vector
  // algorithm for approximate string matching", 1999; in blocks as in Hyyrö,
  // 2003). Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
  absl::StatusOr<std::vector<Stretch>> FindIn(
      const std::vector<uint32_t>& text, uint32_t most,
      const search::Deadline& deadline) const;

 private:
  class Column;
  enum class Start { kAnywhere, kFirst };

  static size_t BlocksOf(size_t words) { return (words + 63) / 64; }
  // Returns the fewest edits for each end in the text, from 0 on.
  absl::StatusOr<std::vector<uint32_t>> DistancesOf(
      const std::vector<uint32_t>& text, Start start,
      const search::Deadline& deadline) const;
  absl::StatusOr<size_t> FindStart(const std::vector<uint32_t>& text,
                                   size_t end, uint32_t edits,
                                   const search::Deadline& deadline) const;

  std::vector<uint32_t> words_;
  uint32_t distinct_;
  // Of each word the places where it stands, a bit each, then none.
  std::vector<uint64_t> masks_;
};

// What one edit, or several in a row, did: words [quote_start, quote_end) of
// the quote stand for [text_start, text_end) of the text.
struct WordDifference {
  size_t quote_start = 0;
  size_t quote_end = 0;
  size_t text_start = 0;
  size_t text_end = 0;

  bool operator==(const WordDifference&) const = default;
};

// Returns the differences between two lists of words that are `edits` apart, in
// order, by an alignment with as few edits; nothing where that would take more
// than some 8 MiB.
std::optional<std::vector<WordDifference>> FindDifferences(
    const std::vector<uint32_t>& quote, const std::vector<uint32_t>& text,
    uint32_t edits);

}  // namespace footnote::grounding
