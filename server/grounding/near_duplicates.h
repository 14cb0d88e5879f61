// Tells texts that nearly repeat others.

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "server/search/word_runs.h"

namespace footnote::grounding {

// Texts by the runs of three words in them. Not thread-safe.
class NearDuplicates {
 public:
  // Returns the index of the first text added that has four fifths of the runs
  // of `text` or more (its containment: Broder, "On the resemblance and
  // containment of documents", 1997); nothing where none has.
  std::optional<size_t> Find(std::string_view text) const;

  // Adds a text; its index is the number of those added before.
  void Add(std::string_view text);

 private:
  std::vector<search::WordRuns> texts_;
};

}  // namespace footnote::grounding
