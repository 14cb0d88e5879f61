// What a text becomes, as a document's and as a query.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/base/text_offset.h"
#include "server/search/deadline.h"
#include "server/search/query.h"
#include "server/search/view.h"

namespace footnote::search {

struct AnalysisOptions {
  std::string text;      // at most kMaxQueryChars
  std::string language;  // of the text as a document's; "" to detect it
  bool strict_query = false;
  bool exact_words = false;
};

// A token of the text as a document's.
struct AnalyzedToken {
  Span span;
  std::string word;  // folded
  std::string stem;  // in the text's language
  bool is_stop_word = false;
};

// A term of the index that a word stands for.
struct AnalyzedTerm {
  std::string text;       // a folded word, or a stem
  std::string language;   // of a stem; "" for a folded word
  uint64_t passages = 0;  // that the view shows with it
};

// A word of the text as a query.
struct AnalyzedWord {
  QueryWord word;
  bool is_scored = false;
  std::vector<AnalyzedTerm> terms;  // those that occur
  uint64_t passages = 0;            // that its score is made of
};

struct Analysis {
  std::string language;
  std::vector<AnalyzedToken> tokens;
  Query query;
  std::vector<AnalyzedWord> words;  // those that are scored first
  bool expansion_cut = false;       // a word has more terms
};

// Returns what the text becomes in the collection of a view. Thread-safe.
// Errors: those of ParseQuery(); kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss
// INDEX_CORRUPT.
absl::StatusOr<Analysis> AnalyzeText(const View& view,
                                     const AnalysisOptions& options,
                                     const Deadline& deadline);

}  // namespace footnote::search
