#include "server/search/edit_distance.h"

#include <algorithm>

#include "indexer/text/code_points.h"

namespace footnote::search {

EditDistance::EditDistance(std::string_view word, uint32_t most) : most_(most) {
  for (size_t at = 0; at < word.size();) {
    const text::CodePoint read = text::DecodeAt(word, at);
    word_.push_back(read.value);
    at = read.end;
  }
  row_cells_ = word_.size() + 1;
  for (uint32_t i = 0; i < row_cells_; ++i) {
    cells_.push_back(std::min(i, most_ + 1));
  }
}

bool EditDistance::AddRow(char32_t c) {
  const size_t depth = chars_.size() + 1;
  const uint32_t far = most_ + 1;
  if (cells_.size() < (depth + 1) * row_cells_) {
    cells_.resize((depth + 1) * row_cells_);
  }
  uint32_t* row = Row(depth);
  const uint32_t* above = Row(depth - 1);
  std::fill_n(row, row_cells_, far);
  size_t i = depth > most_ ? depth - most_ : 0;
  if (i == 0) {
    row[i++] = static_cast<uint32_t>(depth);
  }
  uint32_t least = row[0];
  for (; i < row_cells_ && i <= depth + most_; ++i) {
    uint32_t cell = std::min({above[i] + 1, row[i - 1] + 1,
                              above[i - 1] + (word_[i - 1] == c ? 0U : 1U)});
    if (i > 1 && depth > 1 && word_[i - 1] == chars_[depth - 2] &&
        word_[i - 2] == c) {
      cell = std::min(cell, Row(depth - 2)[i - 2] + 1);
    }
    row[i] = std::min(cell, far);
    least = std::min(least, row[i]);
  }
  chars_.push_back(c);
  return least <= most_;
}

std::optional<uint32_t> EditDistance::To(std::string_view other) {
  const size_t same = static_cast<size_t>(
      std::mismatch(path_.begin(), path_.end(), other.begin(), other.end())
          .first -
      path_.begin());
  while (!ends_.empty() && ends_.back() > same) {
    ends_.pop_back();
    chars_.pop_back();
  }
  dead_bytes_ = 0;
  size_t at = ends_.empty() ? 0 : ends_.back();
  while (at < other.size()) {
    const text::CodePoint read = text::DecodeAt(other, at);
    at = read.end;
    ends_.push_back(at);
    if (!AddRow(read.value)) {
      dead_bytes_ = at;
      break;
    }
  }
  path_ = other.substr(0, at);
  const uint32_t distance = Row(chars_.size())[word_.size()];
  if (dead_bytes_ > 0 || distance > most_) {
    return std::nullopt;
  }
  return distance;
}

}  // namespace footnote::search
