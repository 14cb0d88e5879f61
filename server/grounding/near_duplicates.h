// Tells texts that nearly repeat others.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace footnote::grounding {

// Texts by the runs of three words in them. Not thread-safe.
class NearDuplicates {
 public:
  // Returns the index of the first text added that has four fifths of the runs
  // of `text` or more (Broder, "On the resemblance and containment of
  // documents", 1997); nothing where none has.
  std::optional<size_t> Find(std::string_view text) const;

  // Adds a text; its index is the number of those added before.
  void Add(std::string_view text);

 private:
  std::vector<std::unordered_set<uint64_t>> texts_;  // hashes of runs
};

}  // namespace footnote::grounding
