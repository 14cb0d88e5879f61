// Documents that may be seen at certain times only.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "server/search/view.h"

namespace footnote::search {

// When a document may be seen: from `from` on, before `until`; Unix seconds.
struct Period {
  int64_t from = INT64_MIN;
  int64_t until = INT64_MAX;

  bool Holds(int64_t now) const { return from <= now && now < until; }
  bool operator==(const Period&) const = default;
};

// Returns when a document may be seen.
Period PeriodOf(const index::DocumentFacets& facets);

// Those documents of a segment that may not always be seen, by their index.
using TimedDocuments = std::map<uint32_t, Period>;

// Returns the timed documents of each segment of a generation, but for those
// that are gone. Costs a look at a few bytes of each document.
std::vector<TimedDocuments> FindTimed(const index::Generation& generation);

// Returns the timed documents of each segment of a retained generation of the
// collection in `folder`. Their times are those that the current one has for a
// document; where it no longer has it, those of the newest generation that had
// it and is still kept. Costs look-ups of timed documents, and what LastTimes
// says.
std::vector<TimedDocuments> FindTimed(const index::Generation& retained,
                                      const index::Generation& current,
                                      const std::string& folder);

// What may be seen of a generation, as time passes. Thread-safe.
class CurrentView {
 public:
  // `timed` has the timed documents of each segment.
  CurrentView(std::shared_ptr<const index::Generation> generation,
              std::vector<TimedDocuments> timed);

  const std::shared_ptr<const index::Generation>& generation() const {
    return generation_;
  }

  // Returns the view of a moment, in Unix seconds. The same one until it
  // changes; making another costs what View says.
  std::shared_ptr<const View> At(int64_t now) const;

 private:
  std::vector<Roaring> HiddenAt(int64_t now) const;

  const std::shared_ptr<const index::Generation> generation_;
  const std::vector<TimedDocuments> timed_;
  mutable std::mutex mutex_;  // guards what follows
  mutable Period valid_;      // when view_ is right; null before the first
  mutable std::shared_ptr<const View> view_;
};

}  // namespace footnote::search
