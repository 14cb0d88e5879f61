// The folded words of a segment in order, with the number of passages that have
// each: for completion and spelling.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/status.h"
#include "indexer/index/column.h"

namespace footnote::index {

// Thread-safe.
class WordList {
 public:
  // Opens the columns in `folder`. Errors: kDataLoss INDEX_CORRUPT.
  static absl::StatusOr<WordList> Open(const std::string& folder);

  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }
  // Words are numbered in the order of their bytes.
  std::string_view word(uint32_t number) const { return words_[number]; }
  // How many passages of the segment have the word, tombstones or not.
  uint32_t passages(uint32_t number) const { return passages_[number]; }
  // Returns the first word that is not before `text`, or size().
  uint32_t LowerBound(std::string_view text) const;

 private:
  BlobColumn words_;
  ValueColumn<uint32_t> passages_;
};

// Writes and syncs the columns in `folder`, from finished postings there.
absl::Status WriteWordList(const std::string& folder);

}  // namespace footnote::index
