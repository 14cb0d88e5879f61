// Numbers the distinct (word, stem) pairs of a segment being written.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace footnote::index {

// A lexeme as a column holds it: the length of the folded word in one byte, the
// word, then the key of its stem (see StemKey()).
// Words are at most 255 bytes long.
inline std::string EncodeLexeme(std::string_view word,
                                std::string_view stem_key) {
  std::string entry(1, static_cast<char>(word.size()));
  entry += word;
  entry += stem_key;
  return entry;
}

// The parts of such an entry; "" of one that is damaged.
inline std::string_view WordOf(std::string_view entry) {
  return entry.empty()
             ? entry
             : entry.substr(1, static_cast<unsigned char>(entry.front()));
}
inline std::string_view StemKeyOf(std::string_view entry) {
  const size_t at =
      entry.empty() ? 0 : 1 + size_t{static_cast<unsigned char>(entry.front())};
  return at > entry.size() ? std::string_view() : entry.substr(at);
}

// Numbers lexemes. Not thread-safe.
class LexemeTable {
 public:
  // Returns the number of a lexeme; the first gets 0, each new one the next.
  uint32_t Intern(std::string_view word, std::string_view stem_key) {
    std::string entry = EncodeLexeme(word, stem_key);
    const auto next = static_cast<uint32_t>(entries_.size());
    const auto [at, inserted] = numbers_.try_emplace(std::move(entry), next);
    if (inserted) {
      entries_.push_back(&at->first);
    }
    return at->second;
  }

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  // The entry of a lexeme, see EncodeLexeme().
  const std::string& entry(uint32_t lexeme) const { return *entries_[lexeme]; }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> entries_;
};

}  // namespace footnote::index
