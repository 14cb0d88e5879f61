// How many edits turn a word into those of a list, in order of the list.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::search {

// Compares a word with others that come in bytewise order; what they share with
// the one before is not computed again. Edits are characters put in, left out
// or changed, and neighbours swapped, none edited twice ("optimal string
// alignment": Boytsov, "Indexing methods for approximate dictionary searching",
// 2011). Not thread-safe.
class EditDistance {
 public:
  EditDistance(std::string_view word, uint32_t most);

  // Compares with `other`. Returns the distance where it is at most `most`.
  std::optional<uint32_t> To(std::string_view other);

  // How many bytes of the last word no near word begins with: 0 where one may
  // begin with all of it.
  size_t dead_bytes() const { return dead_bytes_; }

 private:
  // Adds the row of one more character; returns whether any word that begins so
  // may be near.
  bool AddRow(char32_t c);

  uint32_t* Row(size_t number) { return cells_.data() + number * row_cells_; }

  std::vector<char32_t> word_;
  uint32_t most_;
  std::string path_;             // the bytes that rows were made for
  std::vector<char32_t> chars_;  // of path_
  std::vector<size_t> ends_;     // of these, in bytes
  // Rows of the usual table, one more than chars_. What is more than `most`
  // counts as one more than it, so that few cells beside the diagonal have to
  // be looked at (Ukkonen, "Algorithms for approximate string matching", 1985).
  std::vector<uint32_t> cells_;
  size_t row_cells_;
  size_t dead_bytes_ = 0;
};

}  // namespace footnote::search
