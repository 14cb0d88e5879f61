// A query as it is run, put together again.

#pragma once

#include <vector>

#include "server/search/query_words.h"
#include "server/search/syntax.h"

namespace footnote::search {

// Adds a word that is an alternative, with its synonyms; plain words that
// follow each other are one clause. Quantities are not shown: their words are.
void AddShownWord(const QueryWord& word, double boost, SyntaxNode* shown);

// Returns words as a query has them, each once.
SyntaxNode ShowWords(const std::vector<QueryWord>& words);

// Returns a copy of a clause that is no group.
SyntaxNode CopyLeaf(const SyntaxNode& node);

// Returns the clause of words that stand together, as it was analysed.
SyntaxNode Show(const SyntaxNode& node, const QueryPiece& piece);

}  // namespace footnote::search
