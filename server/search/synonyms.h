// The synonyms of a collection, ready to be found in queries.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "indexer/index/synonyms.h"

namespace footnote::search {

// What words of a query stand for too.
struct SynonymMatch {
  size_t words = 0;             // how many words it takes the place of
  std::vector<std::string> to;  // texts, one or several words each
};

// Thread-safe once made.
class Synonyms {
 public:
  explicit Synonyms(const std::vector<index::SynonymRule>& rules);

  // Returns what stands for the folded words of a query from the one at `at`
  // on: of the sides that match there the longest, without itself.
  SynonymMatch Find(const std::vector<std::string_view>& words,
                    size_t at) const;

 private:
  struct Side {
    std::vector<std::string> words;  // folded
    std::vector<std::string> to;
  };

  std::unordered_map<std::string, std::vector<Side>> sides_;  // by first word
};

}  // namespace footnote::search
