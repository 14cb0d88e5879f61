#include "server/search/unscored.h"

#include <algorithm>
#include <queue>
#include <string_view>

#include "indexer/index/segment.h"

namespace footnote::search {
namespace {

constexpr uint32_t kDocumentsPerLook = 4096;

// Walks over the documents of all segments in order of their ids.
class DocumentWalk {
 public:
  explicit DocumentWalk(const index::Generation& generation)
      : segments_(generation.segments()), at_(segments_.size()) {
    for (uint32_t i = 0; i < segments_.size(); ++i) {
      Push(i);
    }
  }

  struct Place {
    uint32_t segment = 0;
    uint32_t document = 0;
  };

  bool AtEnd() const { return next_.empty(); }

  Place Next() {
    const uint32_t segment = next_.top().segment;
    next_.pop();
    const uint32_t document =
        segments_[segment]->document_order()[at_[segment]];
    ++at_[segment];
    Push(segment);
    return {segment, document};
  }

 private:
  struct Head {
    std::string_view id;
    uint32_t segment = 0;

    // Collections may have the same ids.
    bool operator<(const Head& other) const {
      return id != other.id ? id > other.id : segment > other.segment;
    }
  };

  void Push(uint32_t segment) {
    const index::Segment& of = *segments_[segment];
    if (at_[segment] < of.document_count()) {
      next_.push({of.document_id(of.document_order()[at_[segment]]), segment});
    }
  }

  const std::vector<std::shared_ptr<const index::Segment>>& segments_;
  std::vector<uint32_t> at_;        // in the order of each segment
  std::priority_queue<Head> next_;  // the first id on top
};

}  // namespace

absl::Status AddUnscored(const View& view,
                         const std::vector<PassageSet>& matching,
                         uint32_t limit, const Deadline& deadline,
                         std::vector<Candidate>* best) {
  // Those that score nothing though they have a word are found again here.
  while (!best->empty() && best->back().score == 0) {
    best->pop_back();
  }
  if (best->size() >= limit) {
    return absl::OkStatus();
  }
  // There are no others that score.
  std::vector<PassageSet> left = matching;
  for (const Candidate& candidate : *best) {
    left[candidate.segment].Take(candidate.passage);
  }
  if (std::all_of(left.begin(), left.end(),
                  [](const PassageSet& set) { return set.IsEmpty(); })) {
    return absl::OkStatus();
  }
  const auto& segments = view.generation().segments();
  DocumentWalk walk(view.generation());
  for (uint32_t seen = 1; !walk.AtEnd() && best->size() < limit; ++seen) {
    if (seen % kDocumentsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
    const DocumentWalk::Place at = walk.Next();
    const index::DocumentPlace& place =
        segments[at.segment]->document_place(at.document);
    const uint32_t end = place.first_passage + place.passage_count;
    for (uint32_t passage = left[at.segment].NextFrom(place.first_passage);
         passage < end && best->size() < limit;
         passage = left[at.segment].NextFrom(passage + 1)) {
      best->push_back({at.segment, passage, 0});
    }
  }
  return absl::OkStatus();
}

}  // namespace footnote::search
