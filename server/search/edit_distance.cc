#include "server/search/edit_distance.h"

#include <algorithm>
#include <numeric>

#include "indexer/text/code_points.h"

namespace footnote::search {

EditDistance::EditDistance(std::string_view word, uint32_t most) : most_(most) {
  for (size_t at = 0; at < word.size();) {
    const text::CodePoint read = text::DecodeAt(word, at);
    word_.push_back(read.value);
    at = read.end;
  }
  rows_.emplace_back(word_.size() + 1);
  std::iota(rows_[0].begin(), rows_[0].end(), 0U);
}

bool EditDistance::AddRow(char32_t c) {
  const size_t depth = chars_.size();  // before this one
  const std::vector<uint32_t>& above = rows_[depth];
  std::vector<uint32_t> row(word_.size() + 1);
  row[0] = above[0] + 1;
  uint32_t least = row[0];
  for (size_t i = 1; i < row.size(); ++i) {
    row[i] = std::min({above[i] + 1, row[i - 1] + 1,
                       above[i - 1] + (word_[i - 1] == c ? 0U : 1U)});
    if (i > 1 && depth > 0 && word_[i - 1] == chars_[depth - 1] &&
        word_[i - 2] == c) {
      row[i] = std::min(row[i], rows_[depth - 1][i - 2] + 1);
    }
    least = std::min(least, row[i]);
  }
  rows_.push_back(std::move(row));
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
    rows_.pop_back();
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
  if (dead_bytes_ > 0 || rows_.back().back() > most_) {
    return std::nullopt;
  }
  return rows_.back().back();
}

}  // namespace footnote::search
