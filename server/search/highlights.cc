#include "server/search/highlights.h"

#include "indexer/index/lexeme_table.h"
#include "server/search/assemble.h"

namespace footnote::search {
namespace {

struct Match {
  uint32_t start = 0;
  uint32_t end = 0;
  const QueryWord* word = nullptr;
};

}  // namespace

Highlighter::Highlighter(const Query& query) {
  for (const QueryWord& word : query.words) {
    for (const std::string& stem : word.stems) {
      by_stem_.emplace(stem, &word);
    }
    if (word.by_word) {
      by_word_.emplace(word.word, &word);
    }
  }
}

const QueryWord* Highlighter::WordOf(std::string_view lexeme) const {
  const auto by_stem =
      by_stem_.find(std::string(index::LexemeTable::StemKeyOf(lexeme)));
  if (by_stem != by_stem_.end()) {
    return by_stem->second;
  }
  if (by_word_.empty()) {
    return nullptr;
  }
  const auto by_word =
      by_word_.find(std::string(index::LexemeTable::WordOf(lexeme)));
  return by_word == by_word_.end() ? nullptr : by_word->second;
}

std::vector<Highlight> Highlighter::Find(const index::Segment& segment,
                                         uint32_t passage,
                                         const std::string& text) const {
  const std::vector<index::PassageToken> tokens = segment.ReadTokens(passage);
  std::vector<Match> matches;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const QueryWord* word = WordOf(segment.lexeme(tokens[i].lexeme));
    if (word == nullptr) {
      continue;
    }
    const bool reaches_on = word->joins_next && i + 1 < tokens.size();
    const uint32_t end = tokens[reaches_on ? i + 1 : i].end;
    if (!matches.empty() && tokens[i].start < matches.back().end) {
      matches.back().end = end;
    } else {
      matches.push_back({tokens[i].start, end, word});
    }
  }
  std::vector<Highlight> highlights;
  OffsetCursor cursor(text, {});
  for (const Match& match : matches) {
    const TextOffset start = cursor.At(match.start);
    highlights.push_back({{start, cursor.At(match.end)}, match.word->word});
  }
  return highlights;
}

}  // namespace footnote::search
