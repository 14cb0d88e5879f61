#include "server/grounding/word_alignment.h"

#include <algorithm>

namespace footnote::grounding {
namespace {

constexpr size_t kBits = 64;
constexpr size_t kMostStretches = 1000;
constexpr size_t kStepsPerLook = 1 << 16;  // less than a millisecond

// Vertical differences of 64 rows of a column of the matrix of edits.
struct Block {
  uint64_t plus = ~uint64_t{0};
  uint64_t minus = 0;

  // Goes on by one column. `carry` is the difference along the row above the
  // block, -1 to 1; `last` has the bit of the last row, along which the
  // difference comes back.
  int Step(uint64_t equal, int carry, uint64_t last) {
    const uint64_t vertical = equal | minus;
    equal |= carry < 0 ? 1 : 0;
    const uint64_t horizontal = (((equal & plus) + plus) ^ plus) | equal;
    uint64_t up = minus | ~(horizontal | plus);
    uint64_t down = plus & horizontal;
    const int out = (up & last) != 0 ? 1 : (down & last) != 0 ? -1 : 0;
    up = (up << 1U) | (carry > 0 ? 1 : 0);
    down = (down << 1U) | (carry < 0 ? 1 : 0);
    plus = down | ~(vertical | up);
    minus = up & vertical;
    return out;
  }
};

// Where a pattern ends, and with how many edits.
struct End {
  uint32_t edits = 0;
  size_t at = 0;
};

// Returns the ends with at most `most` edits, each the last of a row of equal
// ones, the fewest edits first.
std::vector<End> EndsOf(const std::vector<uint32_t>& distances, uint32_t most) {
  std::vector<End> ends;
  for (size_t at = 0; at < distances.size(); ++at) {
    const bool is_last =
        at + 1 == distances.size() || distances[at + 1] != distances[at];
    if (distances[at] <= most && is_last) {
      ends.push_back({distances[at], at});
    }
  }
  std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) {
    return a.edits != b.edits ? a.edits < b.edits : a.at < b.at;
  });
  return ends;
}

}  // namespace

// A column of the matrix of edits, from the top to the bottom.
class WordPattern::Column {
 public:
  explicit Column(const WordPattern& pattern)
      : masks_(pattern.masks_),
        blocks_(BlocksOf(pattern.size())),
        last_(uint64_t{1} << ((pattern.size() - 1) % kBits)) {}

  // Goes on by the word whose masks begin at `mask`; returns by how much the
  // bottom rises.
  int Step(size_t mask, int carry) {
    for (size_t i = 0; i + 1 < blocks_.size(); ++i) {
      carry = blocks_[i].Step(masks_[mask + i], carry, uint64_t{1} << 63U);
    }
    return blocks_.back().Step(masks_[mask + blocks_.size() - 1], carry, last_);
  }

 private:
  const std::vector<uint64_t>& masks_;
  std::vector<Block> blocks_;
  uint64_t last_;
};

WordPattern::WordPattern(std::vector<uint32_t> words, uint32_t distinct)
    : words_(std::move(words)),
      distinct_(distinct),
      masks_((size_t{distinct} + 1) * BlocksOf(words_.size())) {
  for (size_t i = 0; i < words_.size(); ++i) {
    masks_[words_[i] * BlocksOf(words_.size()) + i / kBits] |= uint64_t{1}
                                                               << (i % kBits);
  }
}

absl::StatusOr<std::vector<uint32_t>> WordPattern::DistancesOf(
    const std::vector<uint32_t>& text, Start start,
    const search::Deadline& deadline) const {
  const size_t blocks = BlocksOf(size());
  const int carry = start == Start::kFirst ? 1 : 0;
  const size_t words_per_look = std::max<size_t>(1, kStepsPerLook / blocks);
  Column column(*this);
  std::vector<uint32_t> distances = {static_cast<uint32_t>(size())};
  distances.reserve(text.size() + 1);
  for (size_t at = 0; at < text.size(); ++at) {
    if (at % words_per_look == 0 && deadline.Passed()) {
      return search::DeadlineError();
    }
    const size_t word = std::min(text[at], distinct_);
    const int rise = column.Step(word * blocks, carry);
    distances.push_back(
        static_cast<uint32_t>(static_cast<int64_t>(distances.back()) + rise));
  }
  return distances;
}

// Returns where the longest stretch of so many edits begins that ends at `end`.
absl::StatusOr<size_t> WordPattern::FindStart(
    const std::vector<uint32_t>& text, size_t end, uint32_t edits,
    const search::Deadline& deadline) const {
  const size_t reach = std::min(end, size() + edits);
  const auto first = text.rbegin() + static_cast<ptrdiff_t>(text.size() - end);
  const std::vector<uint32_t> backwards(first,
                                        first + static_cast<ptrdiff_t>(reach));
  const WordPattern pattern({words_.rbegin(), words_.rend()}, distinct_);
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<uint32_t> distances,
      pattern.DistancesOf(backwards, Start::kFirst, deadline));
  size_t length = distances.size() - 1;
  while (length > 0 && distances[length] != edits) {
    --length;
  }
  return end - length;
}

absl::StatusOr<std::vector<Stretch>> WordPattern::FindIn(
    const std::vector<uint32_t>& text, uint32_t most,
    const search::Deadline& deadline) const {
  std::vector<Stretch> found;
  if (words_.empty()) {
    return found;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<uint32_t> distances,
                            DistancesOf(text, Start::kAnywhere, deadline));
  std::vector<bool> taken(text.size() + 1);
  for (const End& end : EndsOf(distances, most)) {
    if (taken[end.at] || found.size() == kMostStretches) {
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const size_t start,
                              FindStart(text, end.at, end.edits, deadline));
    const bool overlaps =
        std::any_of(taken.begin() + static_cast<ptrdiff_t>(start) + 1,
                    taken.begin() + static_cast<ptrdiff_t>(end.at),
                    [](bool is_taken) { return is_taken; });
    const size_t last = std::min(text.size(), end.at + size() / 2);
    std::fill(taken.begin() + static_cast<ptrdiff_t>(start) + 1,
              taken.begin() + static_cast<ptrdiff_t>(last) + 1, true);
    if (!overlaps) {
      found.push_back({end.edits, start, end.at});
    }
  }
  return found;
}

namespace {

// The matrix of edits near its diagonal, with what was done in each cell.
class Band {
 public:
  enum class Step : uint8_t { kKeep, kReplace, kAdd, kDrop };

  Band(const std::vector<uint32_t>& quote, const std::vector<uint32_t>& text,
       uint32_t reach)
      : quote_(quote),
        text_(text),
        reach_(reach),
        width_(size_t{2} * reach + 1),
        steps_((quote.size() + 1) * width_) {
    std::vector<uint32_t> row(width_, kFar);
    std::vector<uint32_t> before;
    for (size_t i = 0; i <= quote_.size(); ++i) {
      before = row;
      FillRow(i, before, &row);
    }
  }

  Step At(size_t i, size_t j) const {
    return steps_[i * width_ + (j + reach_ - i)];
  }

 private:
  static constexpr uint32_t kFar = UINT32_MAX / 2;

  void FillRow(size_t i, const std::vector<uint32_t>& before,
               std::vector<uint32_t>* row) {
    for (size_t k = 0; k < width_; ++k) {
      const size_t shifted = i + k;  // j + reach_
      const bool is_inside =
          shifted >= reach_ && shifted - reach_ <= text_.size();
      (*row)[k] = is_inside ? FillCell(i, k, before, *row) : kFar;
    }
  }

  uint32_t FillCell(size_t i, size_t k, const std::vector<uint32_t>& before,
                    const std::vector<uint32_t>& row) {
    const size_t j = i + k - reach_;
    if (i == 0 && j == 0) {
      return 0;
    }
    uint32_t best = kFar;
    Step step = Step::kKeep;
    const auto offer = [&](uint32_t edits, Step way) {
      if (edits < best) {
        best = edits;
        step = way;
      }
    };
    if (i > 0 && j > 0) {
      const bool is_same = quote_[i - 1] == text_[j - 1];
      offer(before[k] + (is_same ? 0 : 1),
            is_same ? Step::kKeep : Step::kReplace);
    }
    if (i > 0 && k + 1 < width_) {
      offer(before[k + 1] + 1, Step::kAdd);
    }
    if (j > 0 && k > 0) {
      offer(row[k - 1] + 1, Step::kDrop);
    }
    steps_[i * width_ + k] = step;
    return best;
  }

  const std::vector<uint32_t>& quote_;
  const std::vector<uint32_t>& text_;
  const uint32_t reach_;
  const size_t width_;
  std::vector<Step> steps_;
};

}  // namespace

std::optional<std::vector<WordDifference>> FindDifferences(
    const std::vector<uint32_t>& quote, const std::vector<uint32_t>& text,
    uint32_t edits) {
  constexpr uint64_t kMostCells = 8 << 20;
  if ((quote.size() + 1) * (uint64_t{2} * edits + 1) > kMostCells) {
    return std::nullopt;
  }
  const Band band(quote, text, edits);
  std::vector<WordDifference> differences;
  size_t i = quote.size();
  size_t j = text.size();
  bool is_open = false;  // the last difference goes on
  while (i > 0 || j > 0) {
    const Band::Step step = band.At(i, j);
    const size_t quote_end = i;
    const size_t text_end = j;
    i -= step == Band::Step::kDrop ? 0 : 1;
    j -= step == Band::Step::kAdd ? 0 : 1;
    if (step == Band::Step::kKeep) {
      is_open = false;
      continue;
    }
    if (!is_open) {
      differences.push_back({i, quote_end, j, text_end});
    }
    differences.back().quote_start = i;
    differences.back().text_start = j;
    is_open = true;
  }
  std::reverse(differences.begin(), differences.end());
  return differences;
}

}  // namespace footnote::grounding
