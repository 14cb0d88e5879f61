// The sets of passages that have the most frequent stems of a segment, one bit
// a passage: counting what matches reads them instead of long posting lists.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/base/status.h"
#include "indexer/index/column.h"

namespace footnote::index {

// A stem has a set where at least one of so many passages has it: the set then
// is no larger than its postings. Small segments have none.
inline constexpr uint32_t kFrequentOneIn = 12;
inline constexpr uint32_t kMinPassagesForSets = 1024;

// Returns how many 64-bit words a set over so many passages takes.
constexpr uint64_t SetWords(uint64_t passages) { return (passages + 63) / 64; }

// Reads the postings in `postings_path` and writes the two columns: terms in
// order, and their sets.
absl::Status WriteFrequentTerms(const std::string& postings_path,
                                const std::string& terms_path,
                                const std::string& sets_path);

// The two columns, opened for reading. Thread-safe.
class FrequentTerms {
 public:
  // Errors: kDataLoss INDEX_CORRUPT.
  static absl::StatusOr<FrequentTerms> Open(const std::string& terms_path,
                                            const std::string& sets_path,
                                            uint32_t passages);

  // Returns the SetWords() words of a term's set, lowest bit first; null where
  // the term has none.
  const uint64_t* Find(std::string_view term) const;

 private:
  BlobColumn terms_;
  ValueColumn<uint64_t> sets_;
  uint64_t words_ = 0;  // of one set
};

}  // namespace footnote::index
