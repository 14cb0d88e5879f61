#include "server/search/segment_words.h"

#include "indexer/index/lexeme_table.h"

namespace footnote::search {
namespace {

constexpr uint32_t kWordsPerLook = 64;

}  // namespace

QueryTexts::QueryTexts(const Query& query, const Statistics& statistics) {
  for (uint32_t i = 0; i < query.words.size(); ++i) {
    const QueryWord& word = query.words[i];
    if (word.by_word) {
      words_.emplace_back(word.word, i);
    }
    if ((word.is_prefix || word.edits > 0) && i < statistics.words.size()) {
      // Terms of folded words are these words.
      for (const std::string& term : statistics.words[i].terms) {
        words_.emplace_back(term, i);
      }
    }
  }
  std::sort(words_.begin(), words_.end());
}

uint32_t QueryTexts::WordOf(std::string_view text) const {
  const auto at = std::lower_bound(words_.begin(), words_.end(),
                                   std::pair(text, uint32_t{0}));
  return at != words_.end() && at->first == text ? at->second
                                                 : SegmentWords::kNone;
}

SegmentWords::SegmentWords(const index::Segment& segment, const Query& query,
                           const QueryTexts& texts, const Deadline& deadline)
    : segment_(segment), query_(query), texts_(texts) {
  for (uint32_t i = 0; i < query.words.size(); ++i) {
    if (i % kWordsPerLook == kWordsPerLook - 1 && deadline.Passed()) {
      is_complete_ = false;
      break;
    }
    for (const std::string& stem : query.words[i].stems) {
      for (const uint32_t lexeme : segment.LexemesOfStem(stem)) {
        seen_[lexeme % kBits / 64] |= uint64_t{1} << (lexeme % 64);
        by_stem_.emplace_back(lexeme, i);
      }
    }
  }
  std::sort(by_stem_.begin(), by_stem_.end());
}

uint32_t SegmentWords::WordOfText(uint32_t lexeme) const {
  return texts_.WordOf(index::WordOf(segment_.lexeme(lexeme)));
}

uint32_t SegmentWords::WordAloneOf(uint32_t lexeme) const {
  uint32_t first = kNone;
  ForEachWordByStem(lexeme, [&](uint32_t word) {
    if (query_.words[word].alone) {
      first = std::min(first, word);
    }
  });
  if (first == kNone && !texts_.is_empty()) {
    first = WordOfText(lexeme);
    return first != kNone && query_.words[first].alone ? first : kNone;
  }
  return first;
}

GenerationWords::InSegment& GenerationWords::Find(uint32_t segment) {
  std::unique_ptr<InSegment>& found = found_[segment];
  if (!found) {
    const index::Segment& of = *generation_.segments()[segment];
    found = std::make_unique<InSegment>(
        InSegment{SegmentWords(of, query_, texts_, deadline_), {}});
    for (const QueryPhrase& phrase : query_.phrases) {
      found->phrases.emplace_back(of, query_, statistics_, phrase);
    }
  }
  return *found;
}

}  // namespace footnote::search
