// One corpus in one segment, and in several.

#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "tests/search/split_corpus.h"
#include "tests/testing/growing_collection.h"

namespace footnote {

// Builds a corpus in 1, 2, 5 and 9 segments, those of several when first asked
// for. Not thread-safe.
class SplitGenerations {
 public:
  explicit SplitGenerations(SplitCorpus corpus)
      : corpus_(std::move(corpus)),
        generations_{corpus_.BuildWhole(collections_.data())} {}

  const SplitCorpus& corpus() const { return corpus_; }

  // Returns the one of one segment.
  const index::Generation& whole() const { return *generations_.front(); }

  // Returns all of them, that of one segment first.
  const std::vector<std::shared_ptr<const index::Generation>>& all() {
    constexpr size_t kSegments[] = {2, 5, 9};
    while (generations_.size() < collections_.size()) {
      const size_t next = generations_.size();
      generations_.push_back(
          corpus_.BuildSplit(kSegments[next - 1], &collections_[next]));
    }
    return generations_;
  }

 private:
  const SplitCorpus corpus_;
  std::array<GrowingCollection, 4> collections_;
  std::vector<std::shared_ptr<const index::Generation>> generations_;
};

}  // namespace footnote
