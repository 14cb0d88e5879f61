#include "server/grounding/name_pieces.h"

#include <algorithm>
#include <utility>

#include "indexer/text/code_points.h"
#include "indexer/text/decimal.h"

namespace footnote::grounding {
namespace {

// Languages that write common nouns with a capital too.
bool HasCapitalNouns(std::string_view language) {
  return language == "de" || language == "lb";
}

bool IsCapital(std::string_view text, const text::Token& token) {
  const char32_t first = text::DecodeAt(text, token.start).value;
  if (first < 0x80) {
    return first >= 'A' && first <= 'Z';
  }
  // Latin, Greek and Cyrillic capitals; the multiplication sign is none.
  return first != 0xD7 && ((first >= 0xC0 && first <= 0xDE) ||
                           (first >= 0x391 && first <= 0x3AB) ||
                           (first >= 0x400 && first <= 0x42F));
}

// Finds the names of one text.
class NameFinder {
 public:
  NameFinder(std::string_view text, const std::vector<text::Token>& tokens,
             std::string_view language, const std::vector<bool>& taken)
      : text_(text), tokens_(tokens), language_(language), taken_(taken) {}

  std::vector<Piece> Find() {
    for (uint32_t at = 0; at < tokens_.size();) {
      if (!IsNamePart(at)) {
        ++at;
        continue;
      }
      uint32_t last = at + 1;
      while (last < tokens_.size() && AreJoined(last - 1) &&
             (IsNamePart(last) || IsNameNumber(last))) {
        ++last;
      }
      AddName(at, last);
      at = last;
    }
    return std::move(found_);
  }

 private:
  std::string_view WordAt(size_t at) const {
    return at < tokens_.size() ? std::string_view(tokens_[at].word)
                               : std::string_view();
  }

  // Whether a token looks like (a part of) a name.
  bool IsNamePart(uint32_t at) const {
    return !taken_[at] && IsCapital(text_, tokens_[at]);
  }

  // Whether only a space, a hyphen or the like lies between two tokens.
  bool AreJoined(uint32_t at) const {
    const std::string_view between =
        text_.substr(tokens_[at].end, tokens_[at + 1].start - tokens_[at].end);
    return between == " " || between == "-" || between == "\u00A0" ||
           between == " & " || between == ". " || between == "/";
  }

  // "Claude 3 Haiku"
  bool IsNameNumber(uint32_t at) const {
    return taken_[at] && tokens_[at].end - tokens_[at].start <= 3 &&
           at + 1 < tokens_.size() && AreJoined(at) && IsNamePart(at + 1) &&
           text::DigitValue(text::DecodeAt(text_, tokens_[at].start).value) >=
               0;
  }

  void AddName(uint32_t first, uint32_t last) {
    // The first word of a sentence has a capital anyhow.
    const bool begins = BeginsSentence(first);
    const uint32_t given = first;
    while (begins && first < last &&
           text::IsStopWord(WordAt(first), language_)) {
      ++first;
    }
    const bool is_sure = !begins || first > given || last - first > 1 ||
                         first >= last || HasInnerCapital(first);
    if (!begins && last - first == 1 && !tokens_[first].is_acronym &&
        text::IsStopWord(WordAt(first), language_)) {
      return;  // "I"
    }
    if (first >= last) {
      return;
    }
    Piece piece;
    piece.kind = PieceKind::kName;
    piece.first = first;
    piece.last = last;
    piece.start = tokens_[first].start;
    piece.end = tokens_[last - 1].end;
    piece.is_sure = is_sure;
    found_.push_back(std::move(piece));
  }

  bool BeginsSentence(uint32_t at) const {
    if (at == 0) {
      return true;
    }
    const std::string_view between = text_.substr(
        tokens_[at - 1].end, tokens_[at].start - tokens_[at - 1].end);
    return between.find_first_of(".!?:\n\"") != std::string_view::npos &&
           between != ". ";
  }

  // "OpenAI", "NSA", "Trainium2"
  bool HasInnerCapital(uint32_t at) const {
    const std::string_view surface = text_.substr(
        tokens_[at].start + 1, tokens_[at].end - tokens_[at].start - 1);
    return std::any_of(surface.begin(), surface.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
  }

  std::string_view text_;
  const std::vector<text::Token>& tokens_;
  std::string_view language_;
  const std::vector<bool>& taken_;
  std::vector<Piece> found_;
};

}  // namespace

std::vector<Piece> FindNames(std::string_view text,
                             const std::vector<text::Token>& tokens,
                             std::string_view language,
                             const std::vector<bool>& taken) {
  return HasCapitalNouns(language)
             ? std::vector<Piece>()
             : NameFinder(text, tokens, language, taken).Find();
}

}  // namespace footnote::grounding
