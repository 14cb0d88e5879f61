// Numbers the distinct lexemes of a segment being written.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/index/schema.h"

namespace footnote::index {

// A lexeme as a column holds it: the folded word and its spelling with accents
// ("" where that is the word), each after its length in a byte, then the key of
// the stem (see StemKey()). Both are at most 255 bytes long.
struct Lexeme {
  std::string_view word;
  std::string_view spelling;
  std::string_view stem_key;
};

// Appends the entry of a word, its spelling and its stem in a language.
inline void AppendLexeme(const Lexeme& lexeme, std::string* out) {
  *out += static_cast<char>(lexeme.word.size());
  *out += lexeme.word;
  *out += static_cast<char>(lexeme.spelling.size());
  *out += lexeme.spelling;
  *out += lexeme.stem_key;
}

// Returns the part of an entry whose length stands at `at`; "" of one that is
// damaged.
inline std::string_view PartAt(std::string_view entry, size_t at) {
  return at >= entry.size()
             ? std::string_view()
             : entry.substr(at + 1, static_cast<unsigned char>(entry[at]));
}

// The parts of such an entry; "" of one that is damaged.
inline std::string_view WordOf(std::string_view entry) {
  return PartAt(entry, 0);
}
inline std::string_view SpellingOf(std::string_view entry) {
  return PartAt(entry, 1 + WordOf(entry).size());
}
inline std::string_view StemKeyOf(std::string_view entry) {
  const size_t at = 2 + WordOf(entry).size() + SpellingOf(entry).size();
  return at > entry.size() ? std::string_view() : entry.substr(at);
}

// Numbers lexemes. Not thread-safe.
class LexemeTable {
 public:
  // Returns the number of a lexeme; the first gets 0, each new one the next.
  uint32_t Intern(const Lexeme& lexeme) {
    std::string entry;
    AppendLexeme(lexeme, &entry);
    return Intern(entry);
  }
  // The same, by its entry.
  uint32_t Intern(std::string_view entry);

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  // The entry of a lexeme, see Lexeme; it lives as long as the table.
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
