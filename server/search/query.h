// What a query text asks for.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/constraint.h"
#include "server/search/deadline.h"

namespace footnote::search {

class Synonyms;

// One word of a query, with every form under which the index has it. The
// forms score as one word.
struct QueryWord {
  std::string word;                // folded, for people and highlights
  std::string spelling;            // with its accents; empty where it has none
  std::vector<std::string> stems;  // stem keys, one for each language
  bool by_word = false;            // the folded word itself is a form
  bool is_acronym = false;         // "US": never a function word
  // Of a quantity: its keys (see text::Quantity), as each language reads it.
  // Then there are no other forms, and `word` is its text.
  std::vector<std::string> quantities;
  std::vector<std::string> synonyms;  // whose stems are among `stems`; folded
  bool joins_next = false;  // a bigram: its match reaches into the next token
  bool is_prefix = false;   // any word that begins with `word` matches
  uint32_t edits = 0;       // any word so near to `word` matches; 0: not fuzzy
  uint32_t count = 1;       // how often the query has it
  double boost = 1;         // what each of these weighs, on average
  bool alone = true;        // the query has it outside of phrases too
  bool of_fields = false;   // stands in titles and headings; not to be scored
};

struct Query {
  // What is scored: distinct, in the order of the text.
  std::vector<QueryWord> words;
  // What must or must not be there and is not scored.
  std::vector<QueryWord> others;
  // What passages must meet; nothing where any of `words` is enough.
  std::optional<Constraint> constraint;
  // The phrases of several words that passages may have, for highlights.
  std::vector<QueryPhrase> phrases;
  // The query as it is run: words folded, function words gone.
  SyntaxNode shown;
  // The function words that were left out.
  std::vector<std::string> dropped;

  // Returns a word by the number that constraints and phrases have for it.
  const QueryWord& WordAt(uint32_t number) const {
    return number < words.size() ? words[number]
                                 : others[number - words.size()];
  }
};

struct QueryOptions {
  bool strict = false;       // slips of the syntax are errors
  bool exact_words = false;  // words match as they are: no stems, and function
                             // words count
  // Those of the collection; null for none. Of no effect with exact_words.
  const Synonyms* synonyms = nullptr;
  // As in SyntaxOptions.
  std::function<bool(const std::string& field)> has_field = {};
};

// Analyses `text` for a collection whose documents are in `languages`
// (documents by language), by the language of server/QUERIES.md. Function words
// are left out where other words remain. A text without words gives a query
// without words.
// Errors (kInvalidArgument): QUERY_EMPTY, QUERY_TOO_LONG, QUERY_NOT_UTF8,
// QUERY_TOO_COMPLEX, with `strict` QUERY_SYNTAX; kDeadlineExceeded
// DEADLINE_EXCEEDED. Thread-safe.
absl::StatusOr<Query> ParseQuery(
    std::string_view text, const std::map<std::string, uint64_t>& languages,
    const QueryOptions& options = {}, const Deadline& deadline = {});

// Returns the query as it is run, as a text that asks for the same.
std::string ToString(const Query& query);

}  // namespace footnote::search
