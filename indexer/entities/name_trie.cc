#include "indexer/entities/name_trie.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace footnote::entities {
namespace {

// The names with one prefix, whose node they stand for.
struct Range {
  size_t first;
  size_t last;  // exclusive
  size_t depth;
};

}  // namespace

NameTrie::NameTrie(Names names) {
  std::sort(names.begin(), names.end());
  // Nodes are numbered in the order in which their ranges are made.
  std::vector<Range> ranges = {{0, names.size(), 0}};
  for (size_t node = 0; node < ranges.size(); ++node) {
    Range range = ranges[node];
    Span span;
    if (range.first < range.last &&
        names[range.first].first.size() == range.depth) {
      span.value = names[range.first].second;
      ++range.first;
    }
    span.first_edge = static_cast<uint32_t>(labels_.size());
    while (range.first < range.last) {
      const char label = names[range.first].first[range.depth];
      size_t next = range.first;
      while (next < range.last && names[next].first[range.depth] == label) {
        ++next;
      }
      labels_.push_back(static_cast<unsigned char>(label));
      targets_.push_back(static_cast<Node>(ranges.size()));
      ranges.push_back({range.first, next, range.depth + 1});
      range.first = next;
    }
    span.edge_count = static_cast<uint32_t>(labels_.size()) - span.first_edge;
    spans_.push_back(span);
  }
  starts_.fill(kNoNode);
  for (uint32_t edge = 0; edge < spans_[kRoot].edge_count; ++edge) {
    starts_[labels_[edge]] = targets_[edge];
  }
}

NameTrie::Node NameTrie::Step(Node node, unsigned char byte) const {
  if (node == kRoot) {
    return starts_[byte];
  }
  const Span& span = spans_[node];
  if (span.edge_count == 0) {
    return kNoNode;
  }
  const unsigned char* labels = labels_.data() + span.first_edge;
  const void* found = std::memchr(labels, byte, span.edge_count);
  if (found == nullptr) {
    return kNoNode;
  }
  return targets_[static_cast<size_t>(static_cast<const unsigned char*>(found) -
                                      labels_.data())];
}

}  // namespace footnote::entities
