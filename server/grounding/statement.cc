#include "server/grounding/statement.h"

#include <algorithm>
#include <utility>

#include "server/grounding/cues.h"
#include "server/grounding/word_meanings.h"

namespace footnote::grounding {
namespace {

// What words weigh: names and amounts are what a claim is about.
constexpr double kWordWeight = 1.0;
constexpr double kLightWeight = 0.3;
constexpr double kNameWeight = 1.3;
constexpr double kAmountWeight = 1.3;

// How many words "no" reaches over.
constexpr uint32_t kNounReach = 6;

bool EndsClause(char c) {
  return c == ',' || c == ';' || c == ':' || c == '(' || c == ')' || c == '?' ||
         c == '!' || c == '\n';
}

// Whether a clause ends between two words.
bool IsClauseEnd(std::string_view between) {
  return std::any_of(between.begin(), between.end(), EndsClause) ||
         between.find(" - ") != std::string_view::npos ||
         between.find("\u2014") != std::string_view::npos ||
         between.find(" \u2013") != std::string_view::npos ||
         between.find(". ") != std::string_view::npos;
}

// Fills in one statement.
class Builder {
 public:
  Builder(std::string_view text, std::string_view language,
          const std::vector<text::Token>& tokens)
      : text_(text), language_(language) {
    AddWords(tokens);
    made_.pieces = FindPieces(text, tokens, language);
    for (const Piece& piece : made_.pieces) {
      MarkPiece(piece);
    }
    FindCues();
    for (const CueAt& cue : made_.cues) {
      for (uint32_t at = cue.reach_first; at < cue.reach_last; ++at) {
        made_.words[at].meaning |= cue.meaning;
      }
    }
    for (Word& word : made_.words) {
      Weigh(&word);
      made_.weight += word.weight;
    }
  }

  Statement Take() { return std::move(made_); }

 private:
  void AddWords(const std::vector<text::Token>& tokens) {
    made_.words.reserve(tokens.size());
    uint32_t before = 0;
    uint16_t clause = 0;
    for (const text::Token& token : tokens) {
      const std::string_view between =
          text_.substr(before, token.start - before);
      if (!made_.words.empty() && IsClauseEnd(between) && clause < UINT16_MAX) {
        ++clause;
      }
      if (!made_.words.empty() && between.find('?') != std::string_view::npos) {
        answer_ = static_cast<uint32_t>(made_.words.size());
      }
      Word word;
      word.start = token.start;
      word.end = token.end;
      word.word = token.word;
      word.stem = token.stem;
      word.clause = clause;
      word.is_acronym = token.is_acronym;
      made_.words.push_back(std::move(word));
      before = token.end;
    }
  }

  void MarkPiece(const Piece& piece) {
    for (uint32_t at = piece.first; at < piece.last; ++at) {
      Word& word = made_.words[at];
      word.is_name = piece.kind == PieceKind::kName && piece.is_sure;
      word.is_amount = piece.kind != PieceKind::kName && piece.is_sure &&
                       piece.key.find("ordinal") == std::string::npos;
    }
  }

  void Weigh(Word* word) const {
    if (word->is_amount) {
      word->weight = kAmountWeight;
    } else if (word->is_name) {
      word->weight = kNameWeight;
    } else if (text::IsStopWord(word->word, language_)) {
      word->weight = 0;
    } else {
      const bool is_light = word->is_cue || IsLight(word->stem, language_);
      word->weight = is_light ? kLightWeight : kWordWeight;
    }
  }

  void FindCues() {
    const auto size = static_cast<uint32_t>(made_.words.size());
    for (uint32_t at = 0; at < size;) {
      const Cue* cue = CueAtWord(at);
      if (cue == nullptr) {
        ++at;
        continue;
      }
      const auto last = at + static_cast<uint32_t>(cue->words.size());
      if (!IsAuxiliaryAlone(*cue, last)) {
        AddCue(*cue, at, last);
      }
      at = last;
    }
  }

  const Cue* CueAtWord(uint32_t at) const {
    if (made_.words[at].is_name || made_.words[at].is_amount) {
      return nullptr;
    }
    for (const Cue& cue : CuesAt(made_.words[at].word, language_)) {
      bool is_here = at + cue.words.size() <= made_.words.size();
      for (size_t i = 1; is_here && i < cue.words.size(); ++i) {
        is_here = made_.words[at + i].word == cue.words[i];
      }
      if (is_here) {
        return &cue;
      }
    }
    return nullptr;
  }

  // "has" is a cue before a participle only: "has paid", "has since been".
  bool IsAuxiliaryAlone(const Cue& cue, uint32_t last) const {
    if (cue.meaning != kDone || cue.words.front() == "already") {
      return false;
    }
    for (uint32_t at = last; at < made_.words.size() && at < last + 3; ++at) {
      const std::string& word = made_.words[at].word;
      if (word == "been" || word == "already" || word.ends_with("ed") ||
          IsIrregularForm(word)) {
        return false;
      }
    }
    return true;
  }

  void AddCue(const Cue& cue, uint32_t first, uint32_t last) {
    CueAt at;
    at.first = first;
    at.last = last;
    at.meaning = cue.meaning;
    at.reach_first = last;
    at.reach_last = last;
    const auto size = static_cast<uint32_t>(made_.words.size());
    const uint16_t clause = made_.words[last - 1].clause;
    const bool is_far = cue.reach == Reach::kFar;
    while (at.reach_last < size &&
           (made_.words[at.reach_last].clause == clause || is_far) &&
           (cue.reach == Reach::kClause || !EndsReach(at.reach_last, is_far)) &&
           (cue.reach != Reach::kNoun || at.reach_last < last + kNounReach)) {
      ++at.reach_last;
    }
    if (cue.reach == Reach::kClause) {
      at.reach_first = first;
      while (at.reach_first > 0 &&
             made_.words[at.reach_first - 1].clause == clause) {
        --at.reach_first;
      }
    }
    const bool is_last = is_far && at.reach_last == last;  // "…, he thinks"
    if (is_last || AnswersQuestion(cue, first)) {
      at.reach_first = 0;
    }
    for (uint32_t i = first; i < last; ++i) {
      made_.words[i].is_cue = true;
    }
    made_.cues.push_back(at);
  }

  // Whether a cue says "no" to the question before it.
  bool AnswersQuestion(const Cue& cue, uint32_t at) const {
    constexpr uint32_t kFirstWords = 4;
    return (cue.meaning & (kNegated | kOpposed)) != 0 && answer_ > 0 &&
           at >= answer_ && at < answer_ + kFirstWords;
  }

  // Whether what a cue governs ends before a word.
  bool EndsReach(uint32_t at, bool is_far) const {
    const std::string& word = made_.words[at].word;
    if (!is_far) {
      return IsConjunction(word) && word != "and" && word != "or" &&
             word != "as";
    }
    const bool is_new_clause =
        at > 0 && made_.words[at - 1].clause != made_.words[at].clause;
    return is_new_clause && IsConjunction(word);
  }

  std::string_view text_;
  std::string_view language_;
  uint32_t answer_ = 0;  // the first word after a question; 0 for none
  Statement made_;
};

}  // namespace

Statement StatementReader::Read(std::string_view text,
                                std::string_view language,
                                const std::vector<Bytes>& left_out) {
  std::vector<text::Token> tokens = analyzer_.Analyze(text, language);
  const auto is_left_out = [&](const text::Token& token) {
    const auto after = std::upper_bound(
        left_out.begin(), left_out.end(), token.start,
        [](uint32_t at, const Bytes& bytes) { return at < bytes.end; });
    return after != left_out.end() && after->start <= token.start;
  };
  tokens.erase(std::remove_if(tokens.begin(), tokens.end(), is_left_out),
               tokens.end());
  return Builder(text, language, tokens).Take();
}

}  // namespace footnote::grounding
