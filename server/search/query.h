// What a query text asks for.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"

namespace footnote::search {

// One word of a query, with every form under which the index has it. The
// forms score as one word.
struct QueryWord {
  std::string word;                // folded, for people and highlights
  std::vector<std::string> stems;  // stem keys, one for each language
  bool by_word = false;     // the folded word itself is a form (one character)
  bool joins_next = false;  // a bigram: its match reaches into the next token
  bool is_prefix = false;   // any word that begins with `word` matches
  uint32_t count = 1;       // how often the query has it
};

struct Query {
  std::vector<QueryWord> words;  // distinct, in the order of the text
};

// Analyses `text` for a collection whose documents are in `languages`
// (documents by language). A word with a "*" right after it stands for all
// words that begin with it. Function words are left out where other words
// remain. A text without words gives a query without words.
// Errors (kInvalidArgument): QUERY_EMPTY, QUERY_TOO_LONG, QUERY_NOT_UTF8;
// kDeadlineExceeded DEADLINE_EXCEEDED. Thread-safe.
absl::StatusOr<Query> ParseQuery(
    std::string_view text, const std::map<std::string, uint64_t>& languages,
    const Deadline& deadline = {});

// Returns the words of a query with spaces between them.
std::string ToString(const Query& query);

}  // namespace footnote::search
