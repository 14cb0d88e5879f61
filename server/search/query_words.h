// The words of a query's pieces.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/query.h"

namespace footnote::search {

// Documents by language.
using LanguageCounts = std::map<std::string, uint64_t>;

// Looks at the clock after so many words; a query of few is analysed whatever
// the time.
class QueryPace {
 public:
  explicit QueryPace(const Deadline& deadline) : deadline_(deadline) {}

  const Deadline& deadline() const { return deadline_; }

  // Counts words; returns whether the deadline has passed.
  bool PassedAfter(size_t words) {
    constexpr size_t kWordsPerLook = 1024;
    words_ += words;
    if (words_ < kWordsPerLook) {
      return false;
    }
    words_ = 0;
    return deadline_.Passed();
  }

 private:
  const Deadline& deadline_;
  size_t words_ = 0;
};

// A quantity in a piece.
struct PieceQuantity {
  QueryWord word;
  uint32_t first = 0;  // token
  uint32_t end = 0;    // exclusive
};

// A piece of a query, analysed.
struct QueryPiece {
  std::vector<QueryWord> words;     // but for what a bigram before covers
  std::vector<uint32_t> positions;  // of each word, in tokens
  uint32_t tokens = 0;
  std::vector<PieceQuantity> quantities;  // by the first token
  // Synonyms that are no form of a single word: of several words, or for some.
  std::vector<QueryPiece> alternatives;
  bool ends_with_word = false;  // nothing stands after the last token
  std::string text;             // folded; characters of a run stay together
};

// Returns the words of `text` in each language; with `exact` as they are, but
// for characters without spaces between them.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<QueryPiece> AnalyzePiece(std::string_view text,
                                        const LanguageCounts& languages,
                                        bool exact, QueryPace* pace);

// Gives the words of a piece the forms of their synonyms, and the piece the
// others.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::Status AddSynonyms(const Synonyms& synonyms,
                         const LanguageCounts& languages, QueryPace* pace,
                         QueryPiece* piece);

// Returns the language that the function words of a query speak for: the one
// with most of them, the more frequent one among equals.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<std::string> GuessLanguage(
    const std::vector<const QueryWord*>& words, const LanguageCounts& languages,
    QueryPace* pace);

// Returns what tells a word from others: all the forms under which it is looked
// up. Words alike in one language may differ in another.
std::string KeyOf(const QueryWord& word);

}  // namespace footnote::search
