#include "server/search/segment_words.h"

#include "indexer/index/lexeme_table.h"

namespace footnote::search {
namespace {

constexpr uint32_t kWordsPerLook = 64;

}  // namespace

SegmentWords::SegmentWords(const index::Segment& segment, const Query& query,
                           const Deadline& deadline)
    : segment_(segment), query_(query) {
  for (uint32_t i = 0; i < query.words.size(); ++i) {
    if (i % kWordsPerLook == kWordsPerLook - 1 && deadline.Passed()) {
      is_complete_ = false;
      break;
    }
    const QueryWord& word = query.words[i];
    if (word.by_word || word.is_prefix) {
      by_text_.push_back(i);
    }
    for (const std::string& stem : word.stems) {
      for (const uint32_t lexeme : segment.LexemesOfStem(stem)) {
        seen_[lexeme % kBits / 64] |= uint64_t{1} << (lexeme % 64);
        by_stem_.emplace_back(lexeme, i);
      }
    }
  }
  std::sort(by_stem_.begin(), by_stem_.end());
}

uint32_t SegmentWords::WordOfText(std::string_view lexeme) const {
  const std::string_view text = index::WordOf(lexeme);
  for (const uint32_t i : by_text_) {
    const QueryWord& word = query_.words[i];
    if (word.is_prefix ? text.starts_with(word.word) : text == word.word) {
      return i;
    }
  }
  return kNone;
}

}  // namespace footnote::search
