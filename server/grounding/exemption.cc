#include "server/grounding/exemption.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "server/grounding/cues.h"
#include "server/grounding/openers.h"
#include "server/grounding/pieces.h"
#include "server/grounding/word_meanings.h"

namespace footnote::grounding {
namespace {

constexpr size_t kMaxHeadingWords = 12;

// Looks at one sentence.
class SentenceReader {
 public:
  SentenceReader(const Said& said, const std::vector<text::Token>& tokens)
      : said_(said),
        tokens_(tokens),
        pieces_(FindPieces(said.text, tokens, said.language)) {}

  Exemption Exempt() const {
    if (IsQuestion()) {
      const bool tells =
          CountPhrase(tokens_, 0, "did you know") > 0 && States(3);
      return tells ? Exemption::kNone : Exemption::kQuestion;
    }
    if (const Opener* opener = FindOpener(tokens_, 0)) {
      const bool leads_on = said_.text.ends_with(':') && !HasValue(0);
      return !leads_on && StatesBehind(0) ? Exemption::kNone
                                          : opener->exemption;
    }
    if (CountContent(0, false) == 0) {
      return Exemption::kEmpty;
    }
    return IsHeading() ? Exemption::kHeading : Exemption::kNone;
  }

 private:
  std::string_view WordAt(size_t at) const {
    return at < tokens_.size() ? std::string_view(tokens_[at].word)
                               : std::string_view();
  }

  // Returns what stands between a token and the one before it.
  std::string_view Before(size_t at) const {
    const size_t start = at == 0 ? 0 : tokens_[at - 1].end;
    return said_.text.substr(start, tokens_[at].start - start);
  }

  bool IsQuestion() const {
    return said_.text.ends_with('?') || said_.text.ends_with("?\"") ||
           said_.text.ends_with("\uFF1F");
  }

  // Whether more than what openers say is stated from a token on.
  bool StatesBehind(size_t at) const {
    while (const Opener* opener = FindOpener(tokens_, at)) {
      const size_t after = at + CountPhrase(tokens_, at, opener->words);
      if (IsAbsence(at)) {
        at = ButAfter(after);
      } else {
        at = opener->is_clause ? ClauseAfter(after) : after;
      }
    }
    return at < tokens_.size() && States(at);
  }

  // Whether a source or the answerer is said not to say: "I could not find".
  bool IsAbsence(size_t first) const {
    const size_t last = ButAfter(first);
    for (size_t at = first; at < last; ++at) {
      if (WordAt(at) == "unclear" ||
          (IsNegation(WordAt(at)) && IsSayingBehind(at) &&
           (at == first || IsSpeakerBefore(first, at)))) {
        return true;
      }
    }
    return false;
  }

  // Whether a verb of sources is among the next words.
  bool IsSayingBehind(size_t negation) const {
    constexpr size_t kNear = 6;
    for (size_t at = negation + 1; at <= negation + kNear; ++at) {
      if (IsOfSources(WordAt(at))) {
        return true;
      }
    }
    return false;
  }

  // Whether a source or the answerer is among the last words of the clause.
  bool IsSpeakerBefore(size_t first, size_t negation) const {
    constexpr size_t kNear = 4;
    for (size_t at = negation; at > first && at + kNear > negation; --at) {
      if (IsSpeaker(WordAt(at - 1))) {
        return true;
      }
      if (Before(at - 1).find(',') != std::string_view::npos) {
        return false;
      }
    }
    return false;
  }

  // Returns the token that begins the next clause, or the number of tokens.
  size_t ClauseAfter(size_t at) const {
    while (at < tokens_.size() &&
           Before(at).find_first_of(",;:!.") == std::string_view::npos &&
           Before(at).find(" - ") == std::string_view::npos &&
           Before(at).find("\u2014") == std::string_view::npos) {
      ++at;
    }
    return at;
  }

  // Likewise, of the next clause that is another statement: "…, but".
  size_t ButAfter(size_t at) const {
    while (at < tokens_.size() && !IsBut(WordAt(at)) &&
           Before(at).find_first_of(";:") == std::string_view::npos &&
           Before(at).find("\u2014") == std::string_view::npos) {
      ++at;
    }
    return at;
  }

  // Whether something is stated from a token on, behind words of answering.
  bool States(size_t first) const {
    constexpr size_t kLeastWords = 2;
    return HasValue(first) || CountContent(first, true) >= kLeastWords;
  }

  static bool IsMeasure(const Piece& piece) {
    return piece.kind == PieceKind::kMoney ||
           piece.kind == PieceKind::kPercent || piece.kind == PieceKind::kUnit;
  }
  static bool IsNumber(const Piece& piece) {
    return piece.kind == PieceKind::kNumber &&
           !piece.key.starts_with("ordinal/");
  }

  // Whether an amount or a date is said from a token on; numbers of sources
  // are none.
  bool HasValue(size_t first) const {
    return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
      const bool is_value =
          IsMeasure(piece) || piece.kind == PieceKind::kDate ||
          (IsNumber(piece) && !IsOfAnswering(WordAt(piece.last)));
      return is_value && piece.is_sure && piece.first >= first;
    });
  }

  // Returns how many words say something from a token on, without those of
  // answering where these are `left_out`.
  size_t CountContent(size_t first, bool left_out) const {
    return static_cast<size_t>(
        std::count_if(tokens_.begin() + static_cast<ptrdiff_t>(first),
                      tokens_.end(), [&](const text::Token& token) {
                        return !text::IsStopWord(token.word, said_.language) &&
                               !(left_out && IsOfAnswering(token.word));
                      }));
  }

  bool IsVerb(size_t at) const {
    const std::string_view word = WordAt(at);
    return IsAuxiliary(word) || IsIrregularForm(word) ||
           (word.size() > 3 && word.ends_with("ed"));
  }

  bool IsHeading() const {
    const bool leads_on = said_.text.ends_with(':');
    const bool is_short = tokens_.size() <= kMaxHeadingWords &&
                          said_.ends_line && !EndsSentence() && IsTitle();
    if (!said_.is_title && !leads_on && !is_short) {
      return false;
    }
    return std::none_of(pieces_.begin(), pieces_.end(),
                        [&](const Piece& piece) { return IsStatedOf(piece); });
  }

  // Whether a line without a full stop states an amount or a date of
  // something: "Total: $99 billion", "| OpenAI | 2015 |", "It was sold in
  // 2021:".
  bool IsStatedOf(const Piece& piece) const {
    const bool is_date = piece.kind == PieceKind::kDate;
    const bool is_measure = IsMeasure(piece);
    if (!is_date && !is_measure && !IsNumber(piece)) {
      return false;
    }
    if (!HasOther(piece)) {
      return false;
    }
    if (said_.text.ends_with(':') || said_.is_title) {
      return (is_date || is_measure) && HasVerb();
    }
    return IsCell(piece) || (is_measure && !IsInTitle(piece)) ||
           (is_date && HasVerb());
  }

  // Whether a word that says something stands besides a piece.
  bool HasOther(const Piece& piece) const {
    for (size_t at = 0; at < tokens_.size(); ++at) {
      if ((at < piece.first || at >= piece.last) &&
          std::none_of(pieces_.begin(), pieces_.end(),
                       [&](const Piece& other) {
                         return other.kind != PieceKind::kName &&
                                at >= other.first && at < other.last;
                       }) &&
          !text::IsStopWord(WordAt(at), said_.language)) {
        return true;
      }
    }
    return false;
  }

  // Whether there is a verb that does not only lead on: "the reasons were:".
  bool HasVerb() const {
    for (size_t at = 0; at + 1 < tokens_.size(); ++at) {
      if (IsVerb(at)) {
        return !IsVerb(tokens_.size() - 1) &&
               std::none_of(tokens_.begin(), tokens_.end(),
                            [](const text::Token& token) {
                              return token.word == "following" ||
                                     token.word == "these";
                            });
      }
    }
    return false;
  }

  // Whether a piece stands right behind a colon, a dash or the line of a table.
  bool IsCell(const Piece& piece) const {
    if (piece.first == 0) {
      return false;
    }
    const std::string_view before = Before(piece.first);
    return before.find_first_of(":|=(") != std::string_view::npos ||
           before.find(" - ") != std::string_view::npos ||
           before.find("\u2013") != std::string_view::npos ||
           before.find("\u2014") != std::string_view::npos;
  }

  // "The $99 Billion Deal"
  bool IsInTitle(const Piece& piece) const {
    if (piece.last >= tokens_.size()) {
      return false;
    }
    const char next = said_.text[tokens_[piece.last].start];
    const std::string_view between = Before(piece.last);
    return next >= 'A' && next <= 'Z' && (between == " " || between == "-");
  }

  bool EndsSentence() const {
    constexpr std::string_view kEnds[] = {".",      "!",      "\u3002",
                                          "\uFF01", "\u2026", "\u0964"};
    std::string_view said = said_.text;
    while (said.ends_with('"') || said.ends_with(')') || said.ends_with('\'')) {
      said.remove_suffix(1);
    }
    return std::any_of(
        std::begin(kEnds), std::end(kEnds),
        [&](std::string_view end) { return said.ends_with(end); });
  }

  // Whether a line without a full stop is a title: every long word has a
  // capital, or there are only few words.
  bool IsTitle() const {
    constexpr size_t kFew = 3;
    constexpr size_t kLong = 4;
    return tokens_.size() <= kFew ||
           std::all_of(tokens_.begin(), tokens_.end(),
                       [&](const text::Token& token) {
                         const char first = said_.text[token.start];
                         return token.end - token.start < kLong ||
                                !(first >= 'a' && first <= 'z');
                       });
  }

  const Said& said_;
  const std::vector<text::Token>& tokens_;
  std::vector<Piece> pieces_;
};

}  // namespace

Exemption ExemptionOf(const Said& said,
                      const std::vector<text::Token>& tokens) {
  return SentenceReader(said, tokens).Exempt();
}

}  // namespace footnote::grounding
