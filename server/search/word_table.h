// The distinct words of a query, with how they are used.

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/search/query.h"

namespace footnote::search {

// Gathers the words of a query, each once: those that are scored, and others.
// Not thread-safe.
class WordTable {
 public:
  // Notes a use of a word. Returns the number that the word has until Finish().
  uint32_t Add(const QueryWord& word, bool is_scored, double boost);

  // Moves the words into the query; returns what their numbers become. Call
  // once, last.
  std::vector<uint32_t> Finish(Query* query);

 private:
  struct Use {
    QueryWord word;
    uint32_t count = 0;  // of uses that are scored
    double boosts = 0;   // of these together
    bool alone = false;  // one of these is
  };

  std::unordered_map<std::string, uint32_t> numbers_;  // by KeyOf()
  std::vector<Use> uses_;
};

}  // namespace footnote::search
