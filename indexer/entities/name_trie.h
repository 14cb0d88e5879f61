// A compact trie over the bytes of names.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace footnote::entities {

// Maps names to numbers, byte by byte. Immutable and thread-safe once made.
class NameTrie {
 public:
  using Node = uint32_t;
  static constexpr Node kRoot = 0;
  static constexpr Node kNoNode = UINT32_MAX;
  static constexpr uint32_t kNoValue = UINT32_MAX;

  using Names = std::vector<std::pair<std::string, uint32_t>>;

  NameTrie() : NameTrie(Names()) {}
  // `names` are not empty and each occurs once; their order does not matter.
  explicit NameTrie(Names names);

  // Returns the node below `node` for `byte`, or kNoNode.
  Node Step(Node node, unsigned char byte) const;

  // Returns the number of the name that ends at `node`, or kNoValue.
  uint32_t value(Node node) const { return spans_[node].value; }

  // Returns whether a name starts with `byte`.
  bool HasStart(unsigned char byte) const { return starts_[byte] != kNoNode; }

 private:
  struct Span {
    uint32_t first_edge = 0;
    uint32_t edge_count = 0;
    uint32_t value = kNoValue;
  };

  std::vector<Span> spans_;            // by node
  std::vector<unsigned char> labels_;  // by edge
  std::vector<Node> targets_;          // by edge
  std::array<Node, 256> starts_{};     // below the root
};

}  // namespace footnote::entities
