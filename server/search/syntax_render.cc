#include <charconv>

#include "server/search/syntax.h"
#include "server/search/syntax_chunk.h"
#include "server/search/syntax_condition.h"
#include "server/search/syntax_lexer.h"

namespace footnote::search {
namespace {

// Returns `text` with a backslash before each character that takes one, or
// before those alone that mean something wherever they stand.
std::string Escape(std::string_view text, bool all) {
  std::string escaped;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_punctuation = c > ' ' && c < 0x7F &&
                                !(c >= '0' && c <= '9') &&
                                !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    if (c == '\\' || c == '(' || c == ')' ||
        (all && (is_punctuation || QuoteClassAt(text, at) != 0))) {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

// Whether a query of a chunk alone is just the text, and no slip.
bool IsJustText(const std::string& chunk, std::string_view text) {
  // No field is known: any name before a colon might be one.
  SyntaxOptions options;
  options.has_field = [](const std::string&) { return true; };
  const SyntaxTokens found = LexSyntax(chunk, options);
  return found.slips.empty() && found.tokens.size() == 1 &&
         found.tokens[0].kind == SyntaxToken::Kind::kLeaf &&
         found.tokens[0].node.kind == SyntaxNode::Kind::kText &&
         found.tokens[0].node.boost == 1 && found.tokens[0].node.text == text;
}

std::string RenderChunk(std::string_view text) {
  if (text == "AND" || text == "OR" || text == "NOT") {
    return "\\" + std::string(text);
  }
  std::string chunk = Escape(text, false);
  return IsJustText(chunk, text) ? chunk : Escape(text, true);
}

// Renders words, with `between` between them.
std::string RenderWords(std::string_view text, std::string_view between) {
  std::string words;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(' ', start), text.size());
    words += words.empty() ? "" : between;
    words += RenderChunk(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

std::string RenderPhrase(const SyntaxNode& node) {
  std::string phrase = "\"";
  for (size_t at = 0; at < node.text.size(); ++at) {
    if (node.text[at] == '\\' || QuoteClassAt(node.text, at) == 1) {
      phrase += '\\';
    }
    phrase += node.text[at];
  }
  phrase += '"';
  return node.distance == 0 ? phrase
                            : phrase + "~" + std::to_string(node.distance);
}

std::string RenderBoost(double boost) {
  if (boost == 1) {
    return "";
  }
  constexpr size_t kLongest = 400;
  char digits[kLongest];
  const auto end =
      std::to_chars(digits, digits + kLongest, boost, std::chars_format::fixed);
  return "^" + std::string(digits, end.ptr);
}

std::string RenderLeaf(const SyntaxNode& node, std::string_view between) {
  switch (node.kind) {
    case SyntaxNode::Kind::kPhrase:
      return RenderPhrase(node);
    case SyntaxNode::Kind::kPrefix:
      return Escape(node.text, true) + "*";
    case SyntaxNode::Kind::kFuzzy:
      return Escape(node.text, true) + "~" +
             (node.distance == 0 ? "" : std::to_string(node.distance));
    case SyntaxNode::Kind::kCondition:
      return RenderCondition(node.condition);
    default:
      return node.boost == 1 && node.scope == Scope::kText
                 ? RenderWords(node.text, between)
                 : Escape(node.text, true);
  }
}

std::string_view SignOf(Occur occur) {
  return occur == Occur::kMust ? "+" : occur == Occur::kMustNot ? "-" : "";
}

std::string_view PrefixOf(Scope scope) {
  return scope == Scope::kTitle     ? "title:"
         : scope == Scope::kHeading ? "heading:"
                                    : "";
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
std::string RenderClauses(const SyntaxNode& group) {
  // Fields that are alternatives and do not narrow stand beside an OR.
  bool has_fields = false;
  for (size_t i = 0; i < group.clauses.size(); ++i) {
    has_fields |=
        group.occurs[i] == Occur::kShould && IsOfFields(group.clauses[i]);
  }
  const std::string_view between = has_fields ? " OR " : " ";
  std::string text;
  for (size_t i = 0; i < group.clauses.size(); ++i) {
    const SyntaxNode& clause = group.clauses[i];
    text += i == 0 ? "" : between;
    text += SignOf(group.occurs[i]);
    if (clause.kind == SyntaxNode::Kind::kGroup) {
      text += "(" + RenderClauses(clause) + ")";
    } else {
      text += PrefixOf(clause.scope);
      text += RenderLeaf(clause, between);
    }
    text += RenderBoost(clause.boost);
  }
  return text;
}

}  // namespace

std::string RenderSyntax(const SyntaxNode& node) { return RenderClauses(node); }

std::string RenderClause(const SyntaxNode& node) {
  return node.kind == SyntaxNode::Kind::kGroup
             ? RenderClauses(node)
             : std::string(PrefixOf(node.scope)) + RenderLeaf(node, " ") +
                   RenderBoost(node.boost);
}

}  // namespace footnote::search
