#include "server/search/query_shown.h"

#include <utility>

namespace footnote::search {
namespace {

using Node = SyntaxNode::Kind;

// Returns a word as a clause.
SyntaxNode ShowWord(const QueryWord& word, double boost) {
  SyntaxNode leaf;
  leaf.kind = word.is_prefix   ? Node::kPrefix
              : word.edits > 0 ? Node::kFuzzy
                               : Node::kText;
  leaf.distance = word.edits;
  leaf.text = word.word;
  leaf.boost = boost;
  return leaf;
}

// Adds a clause that is an alternative; plain words that follow each other are
// one clause.
void AddShown(SyntaxNode leaf, SyntaxNode* shown) {
  const bool is_plain = leaf.kind == Node::kText && leaf.boost == 1;
  if (is_plain && !shown->clauses.empty() &&
      shown->occurs.back() == Occur::kShould &&
      shown->clauses.back().kind == Node::kText &&
      shown->clauses.back().scope == Scope::kText &&
      shown->clauses.back().boost == 1) {
    shown->clauses.back().text += " " + leaf.text;
    return;
  }
  shown->occurs.push_back(Occur::kShould);
  shown->clauses.push_back(std::move(leaf));
}

}  // namespace

void AddShownWord(const QueryWord& word, double boost, SyntaxNode* shown) {
  if (!word.quantities.empty()) {
    return;  // its words are shown
  }
  AddShown(ShowWord(word, boost), shown);
  for (const std::string& synonym : word.synonyms) {
    QueryWord other;
    other.word = synonym;
    AddShown(ShowWord(other, boost), shown);
  }
}

SyntaxNode ShowWords(const std::vector<QueryWord>& words) {
  SyntaxNode shown;
  for (const QueryWord& word : words) {
    AddShownWord(word, word.boost, &shown);
  }
  return shown;
}

SyntaxNode CopyLeaf(const SyntaxNode& node) {
  SyntaxNode leaf;
  leaf.kind = node.kind;
  leaf.scope = node.scope;
  leaf.text = node.text;
  leaf.distance = node.distance;
  leaf.boost = node.boost;
  leaf.condition = node.condition;
  return leaf;
}

SyntaxNode Show(const SyntaxNode& node, const QueryPiece& piece) {
  SyntaxNode shown = CopyLeaf(node);
  if (piece.words.size() == 1) {
    shown.text = piece.text;
    shown.distance = piece.words[0].edits;
    // No prefix without a word before its star; no fuzzy word of two letters.
    if ((node.kind == Node::kPrefix && !piece.words[0].is_prefix) ||
        (node.kind == Node::kFuzzy && shown.distance == 0)) {
      shown.kind = Node::kText;
    }
  } else if (node.kind == Node::kText || node.kind == Node::kPhrase) {
    shown.kind = Node::kPhrase;
    shown.text = piece.text;
  }
  return shown;
}

}  // namespace footnote::search
