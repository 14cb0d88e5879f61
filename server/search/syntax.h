// The query language: what a query text says, before any word is analysed.
// server/QUERIES.md describes it for people, with its grammar.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/filter.h"

namespace footnote::search {

// Where the words of a clause must stand.
enum class Scope : uint8_t { kText, kTitle, kHeading };

// What a clause is to the group that it stands in.
enum class Occur : uint8_t {
  kShould,   // an alternative; only ranks where a clause of the group is kMust
  kMust,     // +
  kMustNot,  // -
  kNarrow,   // of fields alone, without a sign: must be met, whatever else is
};

// A condition on a field, as a query has it.
struct SyntaxCondition {
  std::string field;  // as filters name it
  FilterOperator op = FilterOperator::kEq;
  std::vector<std::string> values;  // one; none for kExists; of a range from
                                    // kGte on the first and the last
  bool operator==(const SyntaxCondition&) const = default;
};

// A query as a tree. A passage meets a group where it meets all clauses that
// are kMust or kNarrow, none that is kMustNot, and, where some are kShould and
// none is kMust, at least one that is kShould.
struct SyntaxNode {
  enum class Kind : uint8_t {
    kGroup,
    kText,    // words; as a kShould clause each is a clause of its own, else
              // they must stand together
    kPhrase,  // words in order, or near each other
    kPrefix,  // words that begin so
    kFuzzy,   // words like this one
    kCondition,
  };

  Kind kind = Kind::kGroup;
  Scope scope = Scope::kText;
  std::string text;       // of all but kGroup and kCondition
  uint32_t distance = 0;  // of kPhrase: how far words may be moved; of kFuzzy:
                          // how many letters may differ, 0 by their number
  double boost = 1;       // what it weighs
  SyntaxCondition condition;        // of kCondition
  std::vector<Occur> occurs;        // of kGroup, one for each clause
  std::vector<SyntaxNode> clauses;  // of kGroup
  size_t offset = 0;  // byte of the query; does not tell nodes apart

  bool operator==(const SyntaxNode& other) const;
};

// How deep groups may nest, and how many clauses that are more than plain words
// a query may have, as it is written and in its normal form.
inline constexpr uint32_t kMaxQueryDepth = 16;
inline constexpr uint32_t kMaxQueryClauses = 1024;
inline constexpr double kMaxBoost = 1000;
inline constexpr uint32_t kMaxSlop = 9999;

struct SyntaxOptions {
  // Makes an error of what is otherwise taken as text.
  bool strict = false;
  // Says whether documents have such a field, besides those that every document
  // has a place for. Where empty, they have none.
  std::function<bool(const std::string& field)> has_field;
};

// Returns the tree of `text`, valid UTF-8, in its normal form: no group in
// another that says the same without it, and neighbouring plain words in one
// node. The root is a group.
// Errors (kInvalidArgument): QUERY_TOO_COMPLEX beyond the limits above; with
// `strict` QUERY_SYNTAX, which names the byte and what was expected there.
// Thread-safe.
absl::StatusOr<SyntaxNode> ParseSyntax(std::string_view text,
                                       const SyntaxOptions& options = {});

// Returns a text that ParseSyntax() makes the same tree of, where it knows the
// same fields.
std::string RenderSyntax(const SyntaxNode& node);

// Returns a clause likewise, without its sign; of a group its clauses, without
// brackets.
std::string RenderClause(const SyntaxNode& node);

// Returns whether a clause is about fields alone.
bool IsOfFields(const SyntaxNode& node);

// Brings a tree into its normal form.
void NormalizeSyntax(SyntaxNode* root);

// Returns kInvalidArgument QUERY_SYNTAX: at byte `offset`, `expected` should
// stand.
absl::Status SyntaxError(size_t offset, const std::string& expected);

}  // namespace footnote::search
