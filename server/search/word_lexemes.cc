#include "server/search/word_lexemes.h"

#include <algorithm>

#include "indexer/index/lexeme_table.h"
#include "server/search/expansion.h"

namespace footnote::search {

WordLexemes::WordLexemes(const index::Segment& segment, const QueryWord& word,
                         const WordTerms& terms)
    : segment_(segment), word_(word) {
  for (const std::string& stem : word.stems) {
    for (const uint32_t lexeme : segment.LexemesOfStem(stem)) {
      seen_[lexeme % kBits / 64] |= uint64_t{1} << (lexeme % 64);
      by_stem_.push_back(lexeme);
    }
  }
  std::sort(by_stem_.begin(), by_stem_.end());
  if (word.by_word) {
    texts_.push_back(word.word);
  }
  if ((word.is_prefix || word.edits > 0) && !word.of_fields) {
    // Terms of folded words are these words.
    texts_.insert(texts_.end(), terms.terms.begin(), terms.terms.end());
    std::sort(texts_.begin(), texts_.end());
  }
  looks_at_text_ = !texts_.empty() || word.is_prefix || word.edits > 0;
}

bool WordLexemes::HasText(uint32_t lexeme) {
  if (lexeme >= kKnown) {
    return IsText(index::WordOf(segment_.lexeme(lexeme)));
  }
  known_.resize(kKnown);
  uint8_t& known = known_[lexeme];
  if (known == 0) {
    const bool is_word = IsText(index::WordOf(segment_.lexeme(lexeme)));
    known = static_cast<uint8_t>(is_word ? Known::kIs : Known::kNot);
  }
  return known == static_cast<uint8_t>(Known::kIs);
}

bool WordLexemes::IsText(std::string_view folded) const {
  return word_.of_fields
             ? IsWordOf(word_, folded, {})
             : std::binary_search(texts_.begin(), texts_.end(), folded);
}

bool IsWordOf(const QueryWord& word, std::string_view folded,
              std::string_view stem_key) {
  if (word.is_prefix) {
    return folded.substr(0, word.word.size()) == word.word;
  }
  if (word.edits > 0) {
    return IsWithinEdits(word.word, folded, word.edits);
  }
  return (word.by_word && folded == word.word) ||
         (!stem_key.empty() && std::find(word.stems.begin(), word.stems.end(),
                                         stem_key) != word.stems.end());
}

}  // namespace footnote::search
