#include <algorithm>
#include <tuple>
#include <utility>

#include "server/search/syntax.h"

namespace footnote::search {
namespace {

struct Clause {
  Occur occur = Occur::kShould;
  SyntaxNode node;
};

void AddClause(Clause clause, SyntaxNode* group) {
  group->occurs.push_back(clause.occur);
  group->clauses.push_back(std::move(clause.node));
}

bool IsPlainGroup(const SyntaxNode& node) {
  return node.kind == SyntaxNode::Kind::kGroup && node.boost == 1;
}

bool AllAre(const SyntaxNode& group, Occur occur) {
  return std::all_of(group.occurs.begin(), group.occurs.end(),
                     [&](Occur other) { return other == occur; });
}

// Whether the clauses of an inner group may stand in the outer one instead.
// Alternatives of fields alone would narrow there.
bool IsSpliced(const Clause& clause) {
  return IsPlainGroup(clause.node) && clause.occur != Occur::kMustNot &&
         AllAre(clause.node, clause.occur) &&
         (clause.occur != Occur::kShould ||
          std::none_of(clause.node.clauses.begin(), clause.node.clauses.end(),
                       IsOfFields));
}

// Whether the words of a node may stand together or by themselves, as what the
// node is to its group says.
bool HasLooseWords(const SyntaxNode& node) {
  return node.scope == Scope::kText &&
         (node.kind == SyntaxNode::Kind::kText ||
          node.kind == SyntaxNode::Kind::kPrefix ||
          node.kind == SyntaxNode::Kind::kFuzzy);
}

// Whether a group says no more than its one clause does.
bool IsWrapping(const Clause& clause) {
  return IsPlainGroup(clause.node) && clause.node.clauses.size() == 1 &&
         !HasLooseWords(clause.node.clauses[0]) &&
         (clause.node.occurs[0] == Occur::kShould ||
          clause.node.occurs[0] == Occur::kNarrow ||
          (clause.node.occurs[0] == Occur::kMust &&
           clause.occur != Occur::kMustNot));
}

bool IsPlainText(const SyntaxNode& node) {
  return node.kind == SyntaxNode::Kind::kText && node.boost == 1 &&
         node.scope == Scope::kText;
}

// Adds a clause that is in its normal form itself.
// NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
void AddNormal(Clause clause, SyntaxNode* group) {
  if (IsSpliced(clause)) {
    for (size_t i = 0; i < clause.node.clauses.size(); ++i) {
      AddNormal({clause.node.occurs[i], std::move(clause.node.clauses[i])},
                group);
    }
    return;
  }
  if (IsWrapping(clause)) {
    SyntaxNode only = std::move(clause.node.clauses[0]);
    AddNormal({clause.occur, std::move(only)}, group);
    return;
  }
  if (clause.occur == Occur::kShould && IsPlainText(clause.node) &&
      !group->clauses.empty() && group->occurs.back() == Occur::kShould &&
      IsPlainText(group->clauses.back())) {
    group->clauses.back().text += " " + clause.node.text;
    return;
  }
  AddClause(std::move(clause), group);
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
void NormalizeClauses(SyntaxNode* node) {
  const std::vector<Occur> occurs = std::exchange(node->occurs, {});
  std::vector<SyntaxNode> clauses = std::exchange(node->clauses, {});
  for (size_t i = 0; i < clauses.size(); ++i) {
    NormalizeClauses(&clauses[i]);
    AddNormal({occurs[i], std::move(clauses[i])}, node);
  }
}

}  // namespace

bool SyntaxNode::operator==(const SyntaxNode& other) const {
  const auto members = [](const SyntaxNode& node) {
    return std::tie(node.kind, node.scope, node.text, node.distance, node.boost,
                    node.condition, node.occurs, node.clauses);
  };
  return members(*this) == members(other);
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
bool IsOfFields(const SyntaxNode& node) {
  return node.kind == SyntaxNode::Kind::kGroup
             ? !node.clauses.empty() &&
                   std::all_of(node.clauses.begin(), node.clauses.end(),
                               IsOfFields)
             : node.kind == SyntaxNode::Kind::kCondition ||
                   node.scope != Scope::kText;
}

void NormalizeSyntax(SyntaxNode* root) {
  // The root stands for its only clause where that is a group.
  SyntaxNode outer;
  AddClause({Occur::kShould, std::move(*root)}, &outer);
  NormalizeClauses(&outer);
  while (outer.clauses.size() == 1 && outer.occurs[0] != Occur::kMustNot &&
         IsPlainGroup(outer.clauses[0])) {
    outer = SyntaxNode(std::move(outer.clauses[0]));
  }
  if (outer.clauses.size() == 1 && outer.occurs[0] == Occur::kShould &&
      IsOfFields(outer.clauses[0])) {
    outer.occurs[0] = Occur::kNarrow;
  }
  *root = std::move(outer);
}

}  // namespace footnote::search
