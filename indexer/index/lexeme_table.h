// Numbers the distinct (word, stem) pairs of a segment being written.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/index/schema.h"

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

// Appends the entry of a word and its stem in a language.
inline void AppendLexeme(std::string_view word, std::string_view language,
                         std::string_view stem, std::string* out) {
  *out += static_cast<char>(word.size());
  *out += word;
  AppendStemKey(language, stem, out);
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
    return Intern(EncodeLexeme(word, stem_key));
  }
  // The same, by its entry.
  uint32_t Intern(std::string_view entry);

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  // The entry of a lexeme, see EncodeLexeme(); it lives as long as the table.
  std::string_view entry(uint32_t lexeme) const { return entries_[lexeme]; }

  // The memory that the table takes, about.
  uint64_t memory_bytes() const;

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t number = kFree;
  };
  static constexpr uint32_t kFree = UINT32_MAX;

  void Grow();
  std::string_view Store(std::string_view entry);

  std::vector<Slot> slots_;  // by hash; the next ones after it where taken
  std::vector<std::string_view> entries_;  // by number
  std::deque<std::string> blocks_;         // the bytes of entries
};

}  // namespace footnote::index
