// The set of all passages that match a query, for counts and facets.

#pragma once

#include <cstdint>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/index/segment.h"
#include "server/search/query.h"
#include "server/search/result.h"
#include "server/search/searcher.h"

namespace footnote::search {

// A set of passages of one segment, one bit each.
class PassageSet {
 public:
  explicit PassageSet(uint32_t passage_count)
      : bits_((passage_count + kBits - 1) / kBits) {}

  void Add(uint32_t passage) {
    bits_[passage / kBits] |= uint64_t{1} << (passage % kBits);
  }
  void Remove(uint32_t passage) {
    bits_[passage / kBits] &= ~(uint64_t{1} << (passage % kBits));
  }

  // Calls `f` with each passage of the set, ascending.
  template <typename F>
  void ForEach(F&& f) const {
    for (size_t i = 0; i < bits_.size(); ++i) {
      for (uint64_t word = bits_[i]; word != 0; word &= word - 1) {
        f(static_cast<uint32_t>(i * kBits +
                                static_cast<size_t>(__builtin_ctzll(word))));
      }
    }
  }

 private:
  static constexpr uint32_t kBits = 64;
  std::vector<uint64_t> bits_;
};

// Returns the live passages of a segment that have any word of the query, read
// from the posting lists: no scoring, no estimate.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<PassageSet> FindAll(const index::Segment& segment,
                                   const Query& query,
                                   const Deadline& deadline);

// Returns how many passages, and documents with any of them, a set has.
MatchCount CountMatches(const index::Segment& segment, const PassageSet& set);

}  // namespace footnote::search
