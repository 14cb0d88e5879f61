// The tokens of the query language.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/search/syntax.h"
#include "server/search/syntax_chunk.h"

namespace footnote::search {

struct SyntaxToken {
  enum class Kind : uint8_t {
    kOpen,   // (
    kClose,  // ) with its boost
    kSign,   // + or - or NOT, before a clause
    kAnd,
    kOr,
    kField,  // of the clause or group that follows
    kLeaf,   // a clause by itself
  };

  Kind kind = Kind::kLeaf;
  size_t offset = 0;             // byte in the query
  std::string_view text;         // as it stands there
  Occur occur = Occur::kShould;  // of kSign
  std::string field;             // of kField: "title", or as filters name it
  SyntaxNode node;               // of kLeaf
  double boost = 1;              // of kClose
};

struct SyntaxTokens {
  std::vector<SyntaxToken> tokens;
  std::vector<SyntaxSlip> slips;
};

// Returns the tokens of `text`, which must outlive them. Brackets may lack
// their other side and operators an operand.
SyntaxTokens LexSyntax(std::string_view text, const SyntaxOptions& options);

}  // namespace footnote::search
