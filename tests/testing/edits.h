// Edits between words by the textbook, for what finds them faster.

#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace footnote {

// Returns the code points of valid UTF-8, each with its bits in some order: the
// same for the same ones.
inline std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) {
      points.back() = points.back() << 8U | byte;
    } else {
      points.push_back(byte);
    }
  }
  return points;
}

// The least edits that make one word of another: characters put in, taken out,
// changed, or changed places with the next one, none of them twice (optimal
// string alignment). By the whole table.
class EditTable {
 public:
  EditTable(std::u32string a, std::u32string b)
      : a_(std::move(a)),
        b_(std::move(b)),
        least_(a_.size() + 1, std::vector<uint32_t>(b_.size() + 1)) {
    for (uint32_t i = 0; i <= a_.size(); ++i) {
      for (uint32_t k = 0; k <= b_.size(); ++k) {
        least_[i][k] = Cell(i, k);
      }
    }
  }

  uint32_t edits() const { return least_.back().back(); }

 private:
  // Between the first i and k characters.
  uint32_t Cell(uint32_t i, uint32_t k) const {
    if (i == 0 || k == 0) {
      return i + k;
    }
    const uint32_t change = a_[i - 1] == b_[k - 1] ? 0 : 1;
    const uint32_t least = std::min({least_[i - 1][k] + 1, least_[i][k - 1] + 1,
                                     least_[i - 1][k - 1] + change});
    const bool are_swapped =
        i > 1 && k > 1 && a_[i - 1] == b_[k - 2] && a_[i - 2] == b_[k - 1];
    return are_swapped ? std::min(least, least_[i - 2][k - 2] + 1) : least;
  }

  std::u32string a_;
  std::u32string b_;
  std::vector<std::vector<uint32_t>> least_;
};

// Returns the edits between two words of UTF-8.
inline uint32_t EditsByTable(std::string_view a, std::string_view b) {
  return EditTable(CodePoints(a), CodePoints(b)).edits();
}

}  // namespace footnote
