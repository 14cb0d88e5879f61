// Numbers the distinct (word, stem) pairs of a segment being written.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "indexer/index/schema.h"

namespace footnote::index {

// A folded word with the key of its stem (see StemKey()). Tokens refer to
// lexemes by number. Not thread-safe.
class LexemeTable {
 public:
  // Returns the number of a lexeme; the first gets 0, each new one the next.
  uint32_t Intern(std::string_view word, std::string_view stem_key) {
    std::string entry(word);
    entry += kEntrySeparator;
    entry += stem_key;
    const auto next = static_cast<uint32_t>(entries_.size());
    const auto [at, inserted] = numbers_.try_emplace(std::move(entry), next);
    if (inserted) {
      entries_.push_back(&at->first);
    }
    return at->second;
  }

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  // The lexeme as a column holds it: word, kEntrySeparator, stem key.
  const std::string& entry(uint32_t lexeme) const { return *entries_[lexeme]; }

  static std::string_view WordOf(std::string_view entry) {
    return entry.substr(0, entry.find(kEntrySeparator));
  }
  static std::string_view StemKeyOf(std::string_view entry) {
    const size_t at = entry.find(kEntrySeparator);
    return at == std::string_view::npos ? std::string_view()
                                        : entry.substr(at + 1);
  }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> entries_;
};

}  // namespace footnote::index
