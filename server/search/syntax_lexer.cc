#include "server/search/syntax_lexer.h"

#include <charconv>
#include <optional>
#include <utility>

#include "indexer/text/sentence_marks.h"
#include "server/search/syntax_condition.h"

namespace footnote::search {
namespace {

using Kind = SyntaxToken::Kind;

bool IsSign(char c) { return c == '+' || c == '-'; }

bool IsFieldByte(char c, bool is_first) {
  const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  const bool is_other = (c >= '0' && c <= '9') || c == '.' || c == '-';
  return is_letter || c == '_' || static_cast<signed char>(c) < 0 ||
         (is_other && !is_first);
}

std::string MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

// Reads tokens one after the other.
class Lexer {
 public:
  Lexer(std::string_view text, const SyntaxOptions& options)
      : text_(text), options_(options) {}

  SyntaxTokens Run() {
    while ((at_ = text::SkipGap(text_, at_).end) < text_.size()) {
      LexClause();
    }
    return std::move(found_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  // Adds the token of the next `bytes`.
  SyntaxToken& Add(Kind kind, size_t bytes) {
    SyntaxToken& token = found_.tokens.emplace_back();
    token.kind = kind;
    token.offset = at_;
    token.text = text_.substr(at_, bytes);
    token.node.offset = at_;
    at_ += bytes;
    return token;
  }

  void Slip(size_t offset, std::string expected) {
    found_.slips.push_back({offset, std::move(expected)});
  }

  // Lexes what stands where a clause may begin.
  void LexClause() {
    if (IsSign(Peek())) {
      LexSign();
    } else if (!LexBracket() && !LexPhrase() && !LexField()) {
      LexWord(true);
    }
  }

  bool LexBracket() {
    if (Peek() == '(') {
      Add(Kind::kOpen, 1);
      return true;
    }
    if (Peek() != ')') {
      return false;
    }
    SyntaxToken& token = Add(Kind::kClose, 1);
    token.boost = TakeBoost(text_, &at_);
    token.text = text_.substr(token.offset, at_ - token.offset);
    return true;
  }

  // Lexes + or -. One that stands alone, or doubled, is text.
  void LexSign() {
    if (IsGapAt(text_, at_ + 1) || IsSign(Peek(1)) || Peek(1) == ')') {
      Slip(at_ + 1, "a word, a phrase, a field or a group after \"" +
                        std::string(1, Peek()) + "\"");
      LexWord(false);
      return;
    }
    const Occur occur = Peek() == '+' ? Occur::kMust : Occur::kMustNot;
    Add(Kind::kSign, 1).occur = occur;
  }

  bool LexPhrase() {
    if (QuoteClassAt(text_, at_) == 0) {
      return false;
    }
    const std::optional<size_t> end = QuoteEnd(text_, at_);
    if (!end) {
      Slip(text_.size(), "a quotation mark that closes the one at byte " +
                             std::to_string(at_));
      return false;
    }
    std::string words = QuotedText(text_.substr(at_, *end - at_));
    if (text::SkipGap(words, 0).end == words.size()) {
      Slip(at_ + 1, "words between the quotation marks");
      return false;
    }
    SyntaxToken& token = Add(Kind::kLeaf, *end - at_);
    token.node.kind = SyntaxNode::Kind::kPhrase;
    token.node.text = std::move(words);
    token.node.distance = TakeSlop();
    token.node.boost = TakeBoost(text_, &at_);
    return true;
  }

  // Takes "~" and a number.
  uint32_t TakeSlop() {
    if (Peek() != '~') {
      return 0;
    }
    uint32_t slop = 0;
    const char* first = text_.data() + at_ + 1;
    const auto read = std::from_chars(first, text_.data() + text_.size(), slop);
    if (read.ec != std::errc() || slop > kMaxSlop) {
      return 0;  // text, which is a slip
    }
    at_ += 1 + static_cast<size_t>(read.ptr - first);
    return slop;
  }

  // Lexes a field and its colon; of a condition its value too.
  bool LexField() {
    size_t bytes = 0;
    while (IsFieldByte(Peek(bytes), bytes == 0) &&
           !IsGapAt(text_, at_ + bytes) &&
           QuoteClassAt(text_, at_ + bytes) == 0) {
      ++bytes;
    }
    if (bytes == 0 || Peek(bytes) != ':' ||
        text_.substr(at_ + bytes, 3) == "://") {
      return false;
    }
    const std::string_view name = text_.substr(at_, bytes);
    const bool has_value =
        !IsGapAt(text_, at_ + bytes + 1) && Peek(bytes + 1) != ')';
    if (ScopeOf(name)) {
      return has_value ? LexScope(name) : MissesValue(name);
    }
    const std::string field = FilterFieldOf(name);
    if (!IsCommonField(field) &&
        !(options_.has_field && options_.has_field(field))) {
      if (has_value) {
        Slip(at_, "the name of a field; no document has one called \"" + field +
                      "\"");
      }
      return false;
    }
    return has_value ? LexCondition(field, bytes + 1) : MissesValue(name);
  }

  bool MissesValue(std::string_view name) {
    Slip(at_ + name.size() + 1, "a value right after the colon");
    return false;
  }

  bool LexScope(std::string_view name) {
    Add(Kind::kField, name.size() + 1).field = name;
    if (!LexBracket() && !LexPhrase()) {
      LexWord(false);
    }
    return true;
  }

  bool LexCondition(const std::string& field, size_t value_at) {
    if (Peek(value_at) == '(') {
      Add(Kind::kField, value_at).field = field;
      return true;
    }
    const size_t start = at_ + value_at;
    const size_t end = ConditionEnd(text_, start, field);
    absl::StatusOr<SyntaxCondition> condition =
        MakeCondition(field, text_.substr(start, end - start));
    if (!condition.ok()) {
      Slip(start,
           "a value that the field takes: " + MessageOf(condition.status()));
      return false;
    }
    SyntaxToken& token = Add(Kind::kLeaf, end - at_);
    token.node.kind = SyntaxNode::Kind::kCondition;
    token.node.condition = *std::move(condition);
    return true;
  }

  // Lexes up to white space or a bracket; `may_be_operator` where AND, OR and
  // NOT are no words.
  void LexWord(bool may_be_operator) {
    size_t end = at_;
    while (!IsGapAt(text_, end) &&
           (end == at_ || (text_[end] != '(' && text_[end] != ')'))) {
      end = NextInChunk(text_, end);
    }
    const std::string_view chunk = text_.substr(at_, end - at_);
    if (may_be_operator && (chunk == "AND" || chunk == "OR")) {
      Add(chunk == "AND" ? Kind::kAnd : Kind::kOr, chunk.size());
    } else if (may_be_operator && chunk == "NOT") {
      Add(Kind::kSign, chunk.size()).occur = Occur::kMustNot;
    } else {
      SyntaxToken& token = Add(Kind::kLeaf, chunk.size());
      token.node = LexChunk(chunk, token.offset, &found_.slips);
    }
  }

  const std::string_view text_;
  const SyntaxOptions& options_;
  size_t at_ = 0;
  SyntaxTokens found_;
};

}  // namespace

SyntaxTokens LexSyntax(std::string_view text, const SyntaxOptions& options) {
  return Lexer(text, options).Run();
}

}  // namespace footnote::search
