#include "server/search/syntax.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/search/syntax_condition.h"
#include "server/search/syntax_lexer.h"

namespace footnote::search {
namespace {

using Kind = SyntaxToken::Kind;

absl::Status TooComplex(const std::string& message, uint32_t limit) {
  return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_TOO_COMPLEX",
                   message,
                   {{"field", "query"}, {"limit", std::to_string(limit)}});
}

bool BeginsOperand(const SyntaxToken& token) {
  return token.kind == Kind::kLeaf || token.kind == Kind::kOpen ||
         token.kind == Kind::kField;
}

bool EndsOperand(const SyntaxToken& token) {
  return token.kind == Kind::kLeaf || token.kind == Kind::kClose;
}

// Makes text of brackets and operators that lack what they need, so that what
// remains can be read without errors.
class Mender {
 public:
  explicit Mender(SyntaxTokens* found)
      : tokens_(found->tokens), slips_(found->slips) {}

  void Run() {
    MendBrackets();
    for (size_t i = tokens_.size(); i-- > 0;) {
      const bool has_operand =
          i + 1 < tokens_.size() && BeginsOperand(tokens_[i + 1]);
      if (tokens_[i].kind == Kind::kSign && !has_operand) {
        Demote(i, After(i),
               "a word, a phrase, a field or a group after \"" +
                   std::string(tokens_[i].text) + "\"");
      }
    }
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == Kind::kAnd || tokens_[i].kind == Kind::kOr) {
        MendOperator(i);
      }
    }
  }

 private:
  size_t After(size_t i) const {
    return tokens_[i].offset + tokens_[i].text.size();
  }

  void Demote(size_t i, size_t offset, std::string expected) {
    slips_.push_back({offset, std::move(expected)});
    SyntaxToken& token = tokens_[i];
    token.kind = Kind::kLeaf;
    token.node.kind = SyntaxNode::Kind::kText;
    token.node.text = token.text;
  }

  void DemoteOpen(size_t i, size_t offset, const std::string& expected) {
    Demote(i, offset, expected);
    if (i > 0 && tokens_[i - 1].kind == Kind::kField) {
      Demote(i - 1, offset, expected);
    }
  }

  void MendBrackets() {
    std::vector<size_t> open;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == Kind::kOpen) {
        open.push_back(i);
      } else if (tokens_[i].kind != Kind::kClose) {
        continue;
      } else if (open.empty()) {
        Demote(i, tokens_[i].offset, "no \")\" without a \"(\" before it");
      } else {
        if (open.back() + 1 == i) {
          Demote(i, tokens_[i].offset, "a clause between the brackets");
          DemoteOpen(open.back(), tokens_[i].offset,
                     "a clause between the brackets");
        }
        open.pop_back();
      }
    }
    for (const size_t i : open) {
      DemoteOpen(
          i, After(tokens_.size() - 1),
          "a \")\" for the \"(\" at byte " + std::to_string(tokens_[i].offset));
    }
  }

  void MendOperator(size_t i) {
    const std::string name(tokens_[i].text);
    if (i == 0 || !EndsOperand(tokens_[i - 1])) {
      Demote(i, tokens_[i].offset, "a clause before " + name);
    } else if (i + 1 == tokens_.size() ||
               !(BeginsOperand(tokens_[i + 1]) ||
                 tokens_[i + 1].kind == Kind::kSign)) {
      Demote(i, After(i), "a clause after " + name);
    }
  }

  std::vector<SyntaxToken>& tokens_;
  std::vector<SyntaxSlip>& slips_;
};

absl::Status CheckLimits(const std::vector<SyntaxToken>& tokens) {
  uint32_t depth = 0;
  uint32_t clauses = 0;
  for (const SyntaxToken& token : tokens) {
    depth += token.kind == Kind::kOpen ? 1 : 0;
    depth -= token.kind == Kind::kClose ? 1 : 0;
    const bool is_plain =
        token.kind == Kind::kLeaf && token.node.kind == SyntaxNode::Kind::kText;
    clauses += is_plain || token.kind == Kind::kClose ? 0 : 1;
    if (depth > kMaxQueryDepth) {
      return TooComplex("the query has groups more than " +
                            std::to_string(kMaxQueryDepth) + " levels deep",
                        kMaxQueryDepth);
    }
  }
  return clauses <= kMaxQueryClauses
             ? absl::OkStatus()
             : TooComplex("the query has " + std::to_string(clauses) +
                              " operators, phrases, fields and groups; at "
                              "most " +
                              std::to_string(kMaxQueryClauses) + " are taken",
                          kMaxQueryClauses);
}

// Checks that the normal form of a query can be read again: it has brackets
// and signs where the query had none.
absl::Status CheckNormalForm(const SyntaxNode& root,
                             const SyntaxOptions& options) {
  const bool has_structure =
      std::any_of(root.clauses.begin(), root.clauses.end(),
                  [](const SyntaxNode& clause) {
                    return clause.kind == SyntaxNode::Kind::kGroup;
                  }) ||
      root.clauses.size() > kMaxQueryClauses / 4;
  return has_structure
             ? CheckLimits(LexSyntax(RenderSyntax(root), options).tokens)
             : absl::OkStatus();
}

struct Clause {
  Occur occur = Occur::kShould;
  SyntaxNode node;
};

void AddClause(Clause clause, SyntaxNode* group) {
  group->occurs.push_back(clause.occur);
  group->clauses.push_back(std::move(clause.node));
}

// Reads mended tokens.
class Parser {
 public:
  explicit Parser(SyntaxTokens* found)
      : tokens_(found->tokens), slips_(found->slips) {}

  // Reads clauses up to the end of the group. `field` is of its leaves that
  // have none themselves.
  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  SyntaxNode ParseGroup(const std::string& field) {
    SyntaxNode group;
    group.offset = at_ < tokens_.size() ? tokens_[at_].offset : 0;
    while (at_ < tokens_.size() && tokens_[at_].kind != Kind::kClose) {
      Clause clause = ParseOr(field);
      if (clause.occur == Occur::kShould && IsOfFields(clause.node)) {
        clause.occur = Occur::kNarrow;
      }
      AddClause(std::move(clause), &group);
    }
    return field.empty() ? std::move(group) : JoinValues(std::move(group));
  }

 private:
  // What a field has in brackets are alternatives, which do nothing where one
  // of them must be there.
  static SyntaxNode JoinValues(SyntaxNode group) {
    SyntaxNode joined;
    SyntaxNode any;
    joined.offset = any.offset = group.offset;
    for (size_t i = 0; i < group.clauses.size(); ++i) {
      const bool is_value = group.occurs[i] == Occur::kNarrow;
      AddClause({is_value ? Occur::kShould : group.occurs[i],
                 std::move(group.clauses[i])},
                is_value ? &any : &joined);
    }
    const bool has_must = std::find(joined.occurs.begin(), joined.occurs.end(),
                                    Occur::kMust) != joined.occurs.end();
    if (!any.clauses.empty() && !has_must) {
      AddClause({Occur::kNarrow, std::move(any)}, &joined);
    }
    return joined;
  }

  bool Take(Kind kind) {
    const bool is_there = at_ < tokens_.size() && tokens_[at_].kind == kind;
    at_ += is_there ? 1 : 0;
    return is_there;
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  Clause ParseOr(const std::string& field) {
    Clause first = ParseAnd(field);
    if (at_ == tokens_.size() || tokens_[at_].kind != Kind::kOr) {
      return first;
    }
    Clause any;
    any.node.offset = first.node.offset;
    AddAlternative(std::move(first), &any.node);
    while (Take(Kind::kOr)) {
      AddAlternative(ParseAnd(field), &any.node);
    }
    return any;
  }

  // What must not be there is, as an alternative, whatever lacks it.
  static void AddAlternative(Clause clause, SyntaxNode* group) {
    if (clause.occur == Occur::kMustNot) {
      Clause lacking;
      lacking.node.offset = clause.node.offset;
      AddClause(std::move(clause), &lacking.node);
      clause = std::move(lacking);
    }
    AddClause(std::move(clause), group);
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  Clause ParseAnd(const std::string& field) {
    Clause first = ParseClause(field);
    if (at_ == tokens_.size() || tokens_[at_].kind != Kind::kAnd) {
      return first;
    }
    Clause all;
    all.node.offset = first.node.offset;
    AddRequired(std::move(first), &all.node);
    while (Take(Kind::kAnd)) {
      AddRequired(ParseClause(field), &all.node);
    }
    return all;
  }

  static void AddRequired(Clause clause, SyntaxNode* group) {
    if (clause.occur == Occur::kShould) {
      clause.occur = Occur::kMust;
    }
    AddClause(std::move(clause), group);
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  Clause ParseClause(const std::string& outer_field) {
    Clause clause;
    if (tokens_[at_].kind == Kind::kSign) {
      clause.occur = tokens_[at_++].occur;
    }
    const std::string* field = &outer_field;
    if (tokens_[at_].kind == Kind::kField) {
      field = &tokens_[at_++].field;
    }
    if (Take(Kind::kOpen)) {
      clause.node = ParseGroup(*field);
      clause.node.boost = tokens_[at_++].boost;
    } else {
      clause.node = MakeLeaf(*field, &tokens_[at_++]);
    }
    return clause;
  }

  SyntaxNode MakeLeaf(const std::string& field, SyntaxToken* token) {
    SyntaxNode node = std::move(token->node);
    if (field.empty() || node.kind == SyntaxNode::Kind::kCondition) {
      return node;
    }
    if (const std::optional<Scope> scope = ScopeOf(field)) {
      node.scope = *scope;
      return node;
    }
    absl::StatusOr<SyntaxCondition> condition =
        MakeCondition(field, token->text);
    if (!condition.ok()) {
      const auto message = condition.status().message();
      slips_.push_back(
          {token->offset, "a value that the field takes: " +
                              std::string(message.data(), message.size())});
      return node;
    }
    node = SyntaxNode();
    node.kind = SyntaxNode::Kind::kCondition;
    node.condition = *std::move(condition);
    node.offset = token->offset;
    return node;
  }

  std::vector<SyntaxToken>& tokens_;
  std::vector<SyntaxSlip>& slips_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<SyntaxNode> ParseSyntax(std::string_view text,
                                       const SyntaxOptions& options) {
  SyntaxTokens found = LexSyntax(text, options);
  Mender(&found).Run();
  FOOTNOTE_RETURN_IF_ERROR(CheckLimits(found.tokens));
  SyntaxNode root = Parser(&found).ParseGroup("");
  if (options.strict && !found.slips.empty()) {
    const auto first =
        std::min_element(found.slips.begin(), found.slips.end(),
                         [](const SyntaxSlip& a, const SyntaxSlip& b) {
                           return a.offset < b.offset;
                         });
    return SyntaxError(first->offset, first->expected);
  }
  NormalizeSyntax(&root);
  FOOTNOTE_RETURN_IF_ERROR(CheckNormalForm(root, options));
  return root;
}

absl::Status SyntaxError(size_t offset, const std::string& expected) {
  return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_SYNTAX",
                   "the query is wrong at byte " + std::to_string(offset) +
                       ": there should be " + expected,
                   {{"field", "query"},
                    {"offset", std::to_string(offset)},
                    {"expected", expected}});
}

}  // namespace footnote::search
