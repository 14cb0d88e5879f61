#include "server/search/query_compiler.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "indexer/text/analyzer.h"
#include "server/search/query_shown.h"
#include "server/search/ranking.h"
#include "server/search/syntax_condition.h"
#include "server/search/word_table.h"

namespace footnote::search {
namespace {

using Node = SyntaxNode::Kind;

// How a clause takes part.
struct Role {
  bool is_positive = true;  // what it says is not turned around
  double boost = 1;
};

// A clause as it is searched for, and as it is shown.
struct Built {
  Constraint constraint;
  SyntaxNode shown;
};

bool IsWords(const SyntaxNode& node) {
  return node.scope == Scope::kText &&
         (node.kind == Node::kText || node.kind == Node::kPrefix ||
          node.kind == Node::kFuzzy);
}

// Whether each word of a clause is a clause of its own.
bool IsLoose(const SyntaxNode& node, Occur occur) {
  return occur == Occur::kShould && IsWords(node);
}

// Whether a token is of an amount; dates are none.
bool IsOfAmount(const QueryPiece& piece, uint32_t token) {
  return std::any_of(piece.quantities.begin(), piece.quantities.end(),
                     [token](const PieceQuantity& quantity) {
                       return quantity.first <= token && token < quantity.end &&
                              !quantity.word.quantities[0].starts_with("date/");
                     });
}

// Letters that may differ in a fuzzy word where the query does not say.
uint32_t EditsOf(const std::string& word, uint32_t asked) {
  constexpr size_t kShortest = 3;
  constexpr size_t kLongestForOne = 5;
  const auto letters =
      static_cast<size_t>(std::count_if(word.begin(), word.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      }));
  if (letters < kShortest) {
    return 0;
  }
  return asked != 0 ? asked : letters <= kLongestForOne ? 1 : 2;
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
void Renumber(const std::vector<uint32_t>& numbers, Constraint* constraint) {
  for (PhraseSlot& slot : constraint->phrase.slots) {
    slot.word = numbers[slot.word];
  }
  for (Constraint& part : constraint->parts) {
    Renumber(numbers, &part);
  }
}

class Compiler {
 public:
  Compiler(const LanguageCounts& languages, const QueryOptions& options,
           const Deadline& deadline)
      : languages_(languages), options_(options), pace_(deadline) {}

  absl::StatusOr<Query> Run(const SyntaxNode& root) {
    FOOTNOTE_RETURN_IF_ERROR(Analyze(root, Occur::kShould));
    if (!options_.exact_words) {
      std::vector<const QueryWord*> words;
      ForEachWord(root, &words);
      FOOTNOTE_ASSIGN_OR_RETURN(language_,
                                GuessLanguage(words, languages_, &pace_));
    }
    FOOTNOTE_ASSIGN_OR_RETURN(std::optional<Built> built,
                              BuildGroup(root, Role()));
    const std::vector<uint32_t> numbers = words_.Finish(&query_);
    for (QueryPhrase& phrase : query_.phrases) {
      for (PhraseSlot& slot : phrase.slots) {
        slot.word = numbers[slot.word];
      }
    }
    const bool is_plain = std::equal(root.clauses.begin(), root.clauses.end(),
                                     root.occurs.begin(), IsLoose) &&
                          !needs_constraint_;
    if (is_plain) {
      query_.shown = ShowWords(query_.words);
    } else if (built) {
      Renumber(numbers, &built->constraint);
      query_.constraint = std::move(built->constraint);
      query_.shown = std::move(built->shown);
      NormalizeSyntax(&query_.shown);
    }
    return std::move(query_);
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  absl::Status Analyze(const SyntaxNode& node, Occur occur) {
    for (size_t i = 0; i < node.clauses.size(); ++i) {
      FOOTNOTE_RETURN_IF_ERROR(Analyze(node.clauses[i], node.occurs[i]));
    }
    if (node.kind == Node::kGroup || node.kind == Node::kCondition) {
      return absl::OkStatus();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        QueryPiece piece,
        AnalyzePiece(node.text, languages_, options_.exact_words, &pace_));
    if (piece.ends_with_word && node.kind == Node::kPrefix) {
      piece.words.back().is_prefix = true;
    } else if (piece.ends_with_word && node.kind == Node::kFuzzy) {
      QueryWord& last = piece.words.back();
      last.edits = EditsOf(last.word, node.distance);
    }
    if (!piece.words.empty() &&
        (piece.words.back().is_prefix || piece.words.back().edits > 0)) {
      piece.words.back().stems.clear();
    }
    const bool has_synonyms =
        options_.synonyms != nullptr && !options_.exact_words &&
        node.kind == Node::kText && node.scope == Scope::kText &&
        (occur == Occur::kShould || piece.words.size() == 1);
    if (has_synonyms) {
      FOOTNOTE_RETURN_IF_ERROR(
          AddSynonyms(*options_.synonyms, languages_, &pace_, &piece));
    }
    for (QueryWord& word : piece.words) {
      word.of_fields = node.scope != Scope::kText;
    }
    pieces_.emplace(&node, std::move(piece));
    return absl::OkStatus();
  }

  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  void ForEachWord(const SyntaxNode& node,
                   std::vector<const QueryWord*>* words) const {
    for (const SyntaxNode& clause : node.clauses) {
      ForEachWord(clause, words);
    }
    if (const auto piece = pieces_.find(&node); piece != pieces_.end()) {
      for (const QueryWord& word : piece->second.words) {
        words->push_back(&word);
      }
    }
  }

  bool IsStopWord(const QueryWord& word) const {
    return !options_.exact_words && !word.is_prefix && word.edits == 0 &&
           !word.is_acronym && text::IsStopWord(word.word, language_);
  }

  // Whether a clause says more than function words that may go do.
  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  bool IsTelling(const SyntaxNode& node, Occur occur) const {
    if (occur == Occur::kMustNot || IsOfFields(node)) {
      return false;
    }
    if (node.kind == Node::kGroup) {
      for (size_t i = 0; i < node.clauses.size(); ++i) {
        if (IsTelling(node.clauses[i], node.occurs[i])) {
          return true;
        }
      }
      return false;
    }
    const std::vector<QueryWord>& words = pieces_.at(&node).words;
    return MayGo(node, occur) ? !std::all_of(words.begin(), words.end(),
                                             [&](const QueryWord& word) {
                                               return IsStopWord(word);
                                             })
                              : !words.empty();
  }

  static bool MayGo(const SyntaxNode& node, Occur occur) {
    return IsLoose(node, occur) && node.boost == 1;
  }

  // Returns nothing for a group without words.
  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  absl::StatusOr<std::optional<Built>> BuildGroup(const SyntaxNode& group,
                                                  const Role& role) {
    const bool drops_stop_words = IsTelling(group, Occur::kShould);
    Built built;
    built.shown = SyntaxNode();
    built.shown.boost = group.boost;
    Constraint any;
    any.kind = Constraint::Kind::kAny;
    Constraint& all = built.constraint;
    for (size_t i = 0; i < group.clauses.size(); ++i) {
      const SyntaxNode& clause = group.clauses[i];
      const Occur occur = group.occurs[i];
      if (IsLoose(clause, occur)) {
        AddLoose(clause, role, drops_stop_words, &built.shown, &any);
        continue;
      }
      FOOTNOTE_ASSIGN_OR_RETURN(std::optional<Built> part,
                                BuildClause(clause, occur, role));
      if (!part) {
        continue;
      }
      built.shown.occurs.push_back(occur);
      built.shown.clauses.push_back(std::move(part->shown));
      if (occur == Occur::kShould) {
        any.parts.push_back(std::move(part->constraint));
      } else {
        all.parts.push_back(std::move(part->constraint));
      }
    }
    const bool has_must =
        std::find(built.shown.occurs.begin(), built.shown.occurs.end(),
                  Occur::kMust) != built.shown.occurs.end();
    if (!any.parts.empty() && !has_must) {
      all.parts.push_back(std::move(any));
    }
    return built.shown.clauses.empty() ? std::nullopt
                                       : std::optional(std::move(built));
  }

  // Adds the words of a clause, each as an alternative.
  void AddLoose(const SyntaxNode& node, const Role& role, bool drops_stop_words,
                SyntaxNode* shown, Constraint* any) {
    const QueryPiece& piece = pieces_.at(&node);
    drops_stop_words &= node.boost == 1;
    for (size_t i = 0; i < piece.words.size(); ++i) {
      const QueryWord& word = piece.words[i];
      if (drops_stop_words && IsStopWord(word)) {
        query_.dropped.push_back(word.word);
        continue;
      }
      Constraint& part = any->parts.emplace_back();
      part.kind = Constraint::Kind::kWords;
      Role own_role = role;
      own_role.boost *=
          IsOfAmount(piece, piece.positions[i]) ? kAmountWordWeight : 1;
      part.phrase.slots = {{AddWord(word, node, own_role), 0}};
      part.phrase.tokens = 1;
      AddShownWord(word, node.boost, shown);
    }
    for (const QueryPiece& synonym : piece.alternatives) {
      AddAlternative(synonym, node, role, shown, any);
    }
    // Besides their words: another spelling has others.
    for (const PieceQuantity& quantity : piece.quantities) {
      any->parts.push_back(WordOf(quantity.word, node, role));
    }
  }

  // Adds a synonym as an alternative; the words of one that has several must
  // stand together.
  void AddAlternative(const QueryPiece& synonym, const SyntaxNode& node,
                      const Role& role, SyntaxNode* shown, Constraint* any) {
    if (synonym.words.empty()) {
      return;
    }
    SyntaxNode leaf;
    leaf.kind = Node::kPhrase;
    leaf.boost = node.boost;
    leaf.text = synonym.text;
    any->parts.push_back(ConstraintOf(synonym, leaf, role));
    needs_constraint_ |= synonym.words.size() > 1;
    shown->occurs.push_back(Occur::kShould);
    shown->clauses.push_back(Show(leaf, synonym));
  }

  // Returns the constraint of a single word.
  Constraint WordOf(const QueryWord& word, const SyntaxNode& node,
                    const Role& role) {
    Constraint part;
    part.kind = Constraint::Kind::kWords;
    part.phrase.slots = {{AddWord(word, node, role), 0}};
    part.phrase.tokens = 1;
    return part;
  }

  uint32_t AddWord(const QueryWord& word, const SyntaxNode& node,
                   const Role& role) {
    return words_.Add(word, role.is_positive && node.scope == Scope::kText,
                      std::min(role.boost * node.boost, kMaxBoost));
  }

  // Returns nothing for a clause without words.
  // NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
  absl::StatusOr<std::optional<Built>> BuildClause(const SyntaxNode& node,
                                                   Occur occur, Role role) {
    role.is_positive &= occur != Occur::kMustNot;
    std::optional<Built> built;
    if (node.kind == Node::kGroup) {
      role.boost = std::min(role.boost * node.boost, kMaxBoost);
      FOOTNOTE_ASSIGN_OR_RETURN(built, BuildGroup(node, role));
    } else if (node.kind == Node::kCondition) {
      built.emplace();
      built->shown = CopyLeaf(node);
      built->constraint.kind = Constraint::Kind::kFilter;
      built->constraint.filter = ToFilter(node.condition);
    } else {
      FOOTNOTE_ASSIGN_OR_RETURN(built, BuildWords(node, role));
    }
    if (built && occur == Occur::kMustNot) {
      Constraint lacking;
      lacking.kind = Constraint::Kind::kNot;
      lacking.parts.push_back(std::move(built->constraint));
      built->constraint = std::move(lacking);
    }
    return built;
  }

  // Builds a leaf whose words stand together.
  absl::StatusOr<std::optional<Built>> BuildWords(const SyntaxNode& node,
                                                  const Role& role) {
    const QueryPiece& piece = pieces_.at(&node);
    if (piece.words.empty()) {
      if (options_.strict) {
        return SyntaxError(node.offset, "a word");
      }
      return std::optional<Built>();
    }
    const bool is_quantity =
        piece.quantities.size() == 1 && piece.quantities[0].first == 0 &&
        piece.quantities[0].end == piece.tokens && node.scope == Scope::kText;
    Role of_words = role;
    of_words.boost *=
        is_quantity && IsOfAmount(piece, 0) ? kAmountWordWeight : 1;
    Built built;
    built.constraint = ConstraintOf(piece, node, of_words);
    built.shown = Show(node, piece);
    if (is_quantity) {  // in any spelling
      Constraint any;
      any.kind = Constraint::Kind::kAny;
      any.parts.push_back(std::move(built.constraint));
      any.parts.push_back(WordOf(piece.quantities[0].word, node, role));
      built.constraint = std::move(any);
    }
    return std::optional(std::move(built));
  }

  // Returns the constraint of words, at least one, that stand together.
  Constraint ConstraintOf(const QueryPiece& piece, const SyntaxNode& node,
                          const Role& role) {
    Constraint constraint;
    constraint.kind = Constraint::Kind::kWords;
    constraint.scope = node.scope;
    QueryPhrase& phrase = constraint.phrase;
    phrase.tokens = piece.tokens;
    phrase.slop = node.kind == Node::kPhrase ? node.distance : 0;
    phrase.text = piece.text;
    const bool is_single = piece.words.size() == 1;
    const bool all_stop =
        std::all_of(piece.words.begin(), piece.words.end(),
                    [&](const QueryWord& word) { return IsStopWord(word); });
    for (size_t i = 0; i < piece.words.size(); ++i) {
      QueryWord word = piece.words[i];
      word.alone = is_single;
      Role of_word = role;
      of_word.is_positive &= all_stop || !IsStopWord(word);
      phrase.slots.push_back(
          {AddWord(word, node, of_word), piece.positions[i]});
    }
    if (!is_single && role.is_positive && node.scope == Scope::kText) {
      query_.phrases.push_back(phrase);
    }
    return constraint;
  }

  const LanguageCounts& languages_;
  const QueryOptions& options_;
  QueryPace pace_;
  std::string language_;           // whose function words may go
  bool needs_constraint_ = false;  // words must stand together
  std::unordered_map<const SyntaxNode*, QueryPiece> pieces_;
  WordTable words_;
  Query query_;
};

}  // namespace

absl::StatusOr<Query> CompileQuery(const SyntaxNode& root,
                                   const LanguageCounts& languages,
                                   const QueryOptions& options,
                                   const Deadline& deadline) {
  return Compiler(languages, options, deadline).Run(root);
}

}  // namespace footnote::search
