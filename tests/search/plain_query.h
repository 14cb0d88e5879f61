// Query trees, looked up by the book: passage by passage, in its tokens.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "indexer/index/generation.h"
#include "indexer/text/analyzer.h"
#include "server/search/result.h"
#include "server/search/syntax.h"

namespace footnote::search {

// A passage with the tokens that a query may look for.
struct TokenizedPassage {
  Passage passage;
  std::vector<text::Token> tokens;
  std::vector<text::Token> title;
  std::vector<std::vector<text::Token>> headings;
  std::string day;  // of publication, "2026-04-21"; "" for none
};

// Says which passages meet a query, by what server/QUERIES.md promises. The
// analyzer alone is shared with the engine. Takes trees without function words,
// unless words are exact. Not thread-safe.
class PlainQuery {
 public:
  PlainQuery(const index::Generation& generation, bool exact_words);

  const std::vector<TokenizedPassage>& passages() const { return passages_; }

  // Returns whether a passage meets a group.
  bool IsMet(const SyntaxNode& group, const TokenizedPassage& passage) const;

 private:
  using Tokens = std::vector<text::Token>;

  // A word of a query in the language of a passage.
  struct Word {
    text::Token token;
    size_t position = 0;
    bool is_prefix = false;
    uint32_t edits = 0;
  };

  void Add(Passage passage);
  bool MeetsClause(const SyntaxNode& node, Occur occur,
                   const TokenizedPassage& passage) const;
  bool MeetsWords(const SyntaxNode& node, bool together,
                  const TokenizedPassage& passage) const;
  static bool MeetsCondition(const SyntaxCondition& condition,
                             const TokenizedPassage& passage);
  std::vector<Word> WordsOf(const SyntaxNode& node,
                            const std::string& language) const;
  bool IsWord(const Word& word, const text::Token& token) const;
  bool StandTogether(const std::vector<Word>& words, size_t slop,
                     const Tokens& tokens) const;

  mutable text::Analyzer analyzer_;
  bool exact_words_;
  std::vector<TokenizedPassage> passages_;
};

}  // namespace footnote::search
