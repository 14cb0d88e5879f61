#include "server/grounding/quote_tokens.h"

#include <algorithm>
#include <utility>

#include "indexer/index/lexeme_table.h"
#include "indexer/text/analyzer.h"

namespace footnote::grounding {
namespace {

constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";

bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A quote without the zero width spaces within its words, which part them for
// the analyzer but are nothing.
class PlainQuote {
 public:
  explicit PlainQuote(std::string_view quote) {
    size_t from = 0;
    size_t at = 0;
    while ((at = quote.find(kZeroWidthSpace, at)) != std::string_view::npos) {
      const size_t after = at + kZeroWidthSpace.size();
      if (at > 0 && IsAsciiLetter(quote[at - 1]) && after < quote.size() &&
          IsAsciiLetter(quote[after])) {
        text_ += quote.substr(from, at - from);
        dropped_.push_back(static_cast<uint32_t>(text_.size()));
        from = after;
      }
      at = after;
    }
    text_ += quote.substr(from);
  }

  const std::string& text() const { return text_; }

  // Returns where a byte of text() stands in the quote.
  uint32_t InQuote(uint32_t byte) const {
    const auto before =
        std::upper_bound(dropped_.begin(), dropped_.end(), byte) -
        dropped_.begin();
    return byte + static_cast<uint32_t>(static_cast<size_t>(before) *
                                        kZeroWidthSpace.size());
  }

 private:
  std::string text_;
  std::vector<uint32_t> dropped_;  // places in text_
};

}  // namespace

uint32_t WordNumbers::Add(std::string_view word) {
  if (const uint32_t number = Find(word); number != kOtherWord) {
    return number;
  }
  const auto added = numbers_.emplace(word, size()).first;
  words_.push_back(&added->first);
  return added->second;
}

size_t QuoteTokens::TokenFrom(uint32_t at) const {
  return static_cast<size_t>(
      std::lower_bound(starts.begin(), starts.end(), at) - starts.begin());
}

absl::StatusOr<QuoteTokens> ReadQuoteTokens(std::string_view quote,
                                            const search::Deadline& deadline) {
  thread_local text::Analyzer analyzer;
  // Words, other than stems, are those of any language.
  const PlainQuote plain(quote);
  const auto tokens =
      analyzer.Analyze(plain.text(), "und", [&] { return deadline.Passed(); });
  if (!tokens) {
    return search::DeadlineError();
  }
  QuoteTokens read;
  for (const text::Token& token : *tokens) {
    read.words.push_back(read.numbers.Add(token.word));
    read.starts.push_back(plain.InQuote(token.start));
  }
  return read;
}

uint32_t QuoteLexemes::NumberOf(uint32_t lexeme) {
  Known& known = known_[lexeme % kKnown];
  if (known.lexeme != lexeme) {
    known.lexeme = lexeme;
    known.number = numbers_->Find(index::WordOf(segment_->lexeme(lexeme)));
  }
  return known.number;
}

}  // namespace footnote::grounding
