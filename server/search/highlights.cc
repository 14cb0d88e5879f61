#include "server/search/highlights.h"

#include <algorithm>
#include <tuple>

#include "server/search/assemble.h"

namespace footnote::search {
namespace {

// A matched stretch of a passage, in bytes.
struct Match {
  uint32_t start = 0;
  uint32_t end = 0;
  const std::string* term = nullptr;

  // Of those that begin together the longest comes first.
  bool operator<(const Match& other) const {
    return std::tie(start, other.end) < std::tie(other.start, end);
  }
};

// Finds the matches of one passage.
class MatchFinder {
 public:
  MatchFinder(const index::Segment& segment, uint32_t passage,
              const Query& query)
      : query_(query), tokens_(segment.ReadTokens(passage)) {}

  // Finds words that the query has outside of phrases.
  void FindWords(const SegmentWords& words) {
    for (uint32_t i = 0; i < tokens_.size(); ++i) {
      const uint32_t number = words.WordAloneOf(tokens_[i].lexeme);
      if (number == SegmentWords::kNone) {
        continue;
      }
      const QueryWord& word = query_.words[number];
      const bool reaches_on = word.joins_next && i + 1 < tokens_.size();
      Add(i, reaches_on ? i + 1 : i, word.word);
    }
  }

  // Finds quantities of the query, in whatever spelling.
  void FindQuantities(const index::Segment& segment, uint32_t passage) {
    const bool has_some = std::any_of(
        query_.words.begin(), query_.words.end(),
        [](const QueryWord& word) { return !word.quantities.empty(); });
    if (!has_some) {
      return;
    }
    for (const index::PassageQuantity& found :
         segment.ReadQuantities(passage)) {
      const std::string_view key = segment.quantity(found.quantity);
      for (const QueryWord& word : query_.words) {
        if (std::find(word.quantities.begin(), word.quantities.end(), key) !=
            word.quantities.end()) {
          matches_.push_back({found.start, found.end, &word.word});
        }
      }
    }
  }

  // Finds phrases: as a whole, but for words that only stand near each other.
  void FindPhrases(std::vector<PhraseInSegment>* phrases) {
    std::vector<uint32_t> lexemes;
    for (const index::PassageToken& token : tokens_) {
      lexemes.push_back(token.lexeme);
    }
    for (size_t i = 0; i < phrases->size(); ++i) {
      const QueryPhrase& phrase = query_.phrases[i];
      (*phrases)[i].ForEachPlaceAmong(lexemes, [&](const PhrasePlace& place) {
        AddPhrase(phrase, place);
        return true;
      });
    }
  }

  // Returns what was found by start, with what overlaps joined.
  std::vector<Match> Finish() {
    std::sort(matches_.begin(), matches_.end());
    std::vector<Match> joined;
    for (const Match& match : matches_) {
      if (!joined.empty() && match.start < joined.back().end) {
        joined.back().end = std::max(joined.back().end, match.end);
      } else {
        joined.push_back(match);
      }
    }
    return joined;
  }

 private:
  void Add(uint32_t first, uint32_t last, const std::string& term) {
    last = std::min(last, static_cast<uint32_t>(tokens_.size()) - 1);
    matches_.push_back({tokens_[first].start, tokens_[last].end, &term});
  }

  void AddPhrase(const QueryPhrase& phrase, const PhrasePlace& place) {
    if (phrase.slop == 0) {
      Add(place.front(), place.front() + phrase.tokens - 1, phrase.text);
      return;
    }
    for (size_t i = 0; i < place.size(); ++i) {
      const QueryWord& word = query_.WordAt(phrase.slots[i].word);
      Add(place[i], place[i] + (word.joins_next ? 1 : 0), word.word);
    }
  }

  const Query& query_;
  const std::vector<index::PassageToken> tokens_;
  std::vector<Match> matches_;
};

}  // namespace

std::vector<Highlight> FindHighlights(const index::Segment& segment,
                                      uint32_t passage, const std::string& text,
                                      const Query& query,
                                      GenerationWords::InSegment* words) {
  MatchFinder finder(segment, passage, query);
  finder.FindWords(words->words);
  finder.FindPhrases(&words->phrases);
  finder.FindQuantities(segment, passage);
  std::vector<Highlight> highlights;
  OffsetCursor cursor(text, {});
  for (const Match& match : finder.Finish()) {
    const TextOffset start = cursor.At(match.start);
    highlights.push_back({{start, cursor.At(match.end)}, *match.term});
  }
  return highlights;
}

}  // namespace footnote::search
