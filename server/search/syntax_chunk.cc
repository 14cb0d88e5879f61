#include "server/search/syntax_chunk.h"

#include <charconv>

#include "indexer/text/code_points.h"
#include "indexer/text/sentence_marks.h"

namespace footnote::search {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// ASCII's punctuation and symbols.
bool IsPunctuation(char c) {
  return c > ' ' && c < 0x7F && !IsDigit(c) &&
         !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// Whether a backslash at `at` quotes what follows.
bool QuotesNext(std::string_view text, size_t at) {
  return text[at] == '\\' && at + 1 < text.size() &&
         (IsPunctuation(text[at + 1]) || QuoteClassAt(text, at + 1) != 0);
}

// Whether the character at `at` is quoted by a backslash.
bool IsQuoted(std::string_view text, size_t at) {
  size_t backslashes = 0;
  while (backslashes < at && text[at - backslashes - 1] == '\\') {
    ++backslashes;
  }
  return backslashes % 2 != 0;
}

// Reads digits, and digits after a full stop, to the end of `text`.
std::optional<double> ReadNumber(std::string_view text) {
  if (text.empty() || !IsDigit(text.front()) || !IsDigit(text.back()) ||
      text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  double number = 0;
  const char* end = text.data() + text.size();
  const auto read =
      std::from_chars(text.data(), end, number, std::chars_format::fixed);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number)
                                                   : std::nullopt;
}

// A word without what stands behind it.
struct Suffixes {
  size_t core_end = 0;
  SyntaxNode::Kind kind = SyntaxNode::Kind::kText;
  uint32_t distance = 0;
  double boost = 1;
};

// Returns where `mark` stands last, unquoted and not first.
size_t FindLast(std::string_view text, char mark) {
  const size_t at = text.rfind(mark);
  return at == 0 || at == std::string_view::npos || IsQuoted(text, at)
             ? std::string_view::npos
             : at;
}

// Reads the suffixes of a word that nothing follows.
Suffixes ReadSuffixes(std::string_view word) {
  Suffixes found;
  const size_t caret = FindLast(word, '^');
  if (caret != std::string_view::npos) {
    const std::optional<double> boost = ReadNumber(word.substr(caret + 1));
    if (boost && *boost <= kMaxBoost) {
      found.boost = *boost;
      word = word.substr(0, caret);
    }
  }
  found.core_end = word.size();
  const size_t star = FindLast(word, '*');
  const size_t tilde = FindLast(word, '~');
  if (star != std::string_view::npos && star + 1 == word.size() &&
      word.find('*') == star) {
    found.kind = SyntaxNode::Kind::kPrefix;
    found.core_end = star;
  } else if (tilde != std::string_view::npos && word.find('~') == tilde) {
    const std::string_view distance = word.substr(tilde + 1);
    if (distance.empty() || distance == "1" || distance == "2") {
      found.kind = SyntaxNode::Kind::kFuzzy;
      found.core_end = tilde;
      found.distance =
          distance.empty() ? 0 : static_cast<uint32_t>(distance[0] - '0');
    }
  }
  return found;
}

// Notes the first mark of `core` that has a meaning only elsewhere.
void NoteStrayMark(std::string_view core, size_t offset,
                   std::vector<SyntaxSlip>* slips) {
  for (size_t at = 0; at < core.size(); at = NextInChunk(core, at)) {
    const char* expected = nullptr;
    switch (core[at]) {
      case '*':
        expected = "the end of a word before \"*\"";
        break;
      case '~':
        expected =
            "\"~\", \"~1\" or \"~2\" at the end of a word, or \"~\" and "
            "a number after a phrase";
        break;
      case '^':
        expected = "\"^\" and a number up to 1000 at the end of a clause";
        break;
      default:
        continue;
    }
    slips->push_back({offset + at, expected});
    return;
  }
}

}  // namespace

int QuoteClassAt(std::string_view text, size_t at) {
  if (at >= text.size() || text::IsTrail(text[at])) {
    return 0;
  }
  constexpr int kStraight = 1;
  constexpr int kCurly = 2;
  constexpr int kAngle = 3;
  switch (text::DecodeAt(text, at).value) {
    case '"':
    case 0xFF02:  // full width
      return kStraight;
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
      return kCurly;
    case 0xAB:
    case 0xBB:
      return kAngle;
    default:
      return 0;
  }
}

std::optional<size_t> QuoteEnd(std::string_view text, size_t at) {
  const int wanted = QuoteClassAt(text, at);
  size_t next = text::DecodeAt(text, at).end;
  while (next < text.size()) {
    const size_t end = NextInChunk(text, next);
    if (QuoteClassAt(text, next) == wanted) {
      return end;
    }
    next = end;
  }
  return std::nullopt;
}

std::string QuotedText(std::string_view quotation) {
  const size_t start = text::DecodeAt(quotation, 0).end;
  const size_t end = text::PreviousCodePoint(quotation, quotation.size());
  return Unescape(quotation.substr(start, end - start));
}

size_t NextInChunk(std::string_view text, size_t at) {
  return text::DecodeAt(text, QuotesNext(text, at) ? at + 1 : at).end;
}

bool IsGapAt(std::string_view text, size_t at) {
  return at >= text.size() ||
         (!text::IsTrail(text[at]) && text::SkipGap(text, at).end > at);
}

std::string Unescape(std::string_view chunk) {
  std::string text;
  for (size_t at = 0; at < chunk.size(); ++at) {
    if (QuotesNext(chunk, at)) {
      ++at;
    }
    text += chunk[at];
  }
  return text;
}

double TakeBoost(std::string_view text, size_t* at) {
  if (*at >= text.size() || text[*at] != '^') {
    return 1;
  }
  size_t end = *at + 1;
  while (end < text.size() && (IsDigit(text[end]) || text[end] == '.')) {
    ++end;
  }
  while (end > *at + 1 && text[end - 1] == '.') {
    --end;
  }
  const auto boost = ReadNumber(text.substr(*at + 1, end - *at - 1));
  if (!boost || *boost > kMaxBoost) {
    return 1;
  }
  *at = end;
  return *boost;
}

SyntaxNode LexChunk(std::string_view chunk, size_t offset,
                    std::vector<SyntaxSlip>* slips) {
  SyntaxNode node;
  node.kind = SyntaxNode::Kind::kText;
  node.offset = offset;
  if (chunk == "\\AND" || chunk == "\\OR" || chunk == "\\NOT") {
    node.text = chunk.substr(1);
    return node;
  }
  // A sentence may end after a suffix: "How much is pre*?"
  size_t end = chunk.find_last_not_of(".,;:!?");
  end = end == std::string_view::npos || chunk[end] == '\\' ? chunk.size()
                                                            : end + 1;
  const Suffixes found = ReadSuffixes(chunk.substr(0, end));
  std::string_view core = chunk;
  if (found.core_end < end) {
    core = chunk.substr(0, found.core_end);
    node.kind = found.kind;
    node.distance = found.distance;
    node.boost = found.boost;
  }
  NoteStrayMark(core, offset, slips);
  node.text = Unescape(core);
  return node;
}

}  // namespace footnote::search
