#include "server/search/highlights.h"

#include "server/search/assemble.h"

namespace footnote::search {
namespace {

struct Match {
  uint32_t start = 0;
  uint32_t end = 0;
  const QueryWord* word = nullptr;
};

}  // namespace

std::vector<Highlight> FindHighlights(const index::Segment& segment,
                                      uint32_t passage, const std::string& text,
                                      const Query& query,
                                      const SegmentWords& words) {
  const std::vector<index::PassageToken> tokens = segment.ReadTokens(passage);
  std::vector<Match> matches;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const uint32_t number = words.WordOf(tokens[i].lexeme);
    if (number == SegmentWords::kNone) {
      continue;
    }
    const QueryWord* word = &query.words[number];
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
