#include "server/grounding/quote_tokens.h"

#include <algorithm>
#include <utility>

#include "indexer/index/lexeme_table.h"
#include "indexer/text/analyzer.h"

namespace footnote::grounding {

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
  const auto tokens =
      analyzer.Analyze(quote, "und", [&] { return deadline.Passed(); });
  if (!tokens) {
    return search::DeadlineError();
  }
  QuoteTokens read;
  for (const text::Token& token : *tokens) {
    read.words.push_back(read.numbers.Add(token.word));
    read.starts.push_back(token.start);
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
