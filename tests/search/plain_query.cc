#include "tests/search/plain_query.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "indexer/base/time.h"
#include "server/search/documents.h"
#include "tests/search/span_checks.h"
#include "tests/testing/edits.h"

namespace footnote::search {
namespace {

uint32_t EditsOf(const std::string& word, uint32_t asked) {
  const size_t length = CodePoints(word).size();
  return length < 3 ? 0 : asked != 0 ? asked : length <= 5 ? 1 : 2;
}

// A token that a word may be, and how far that moves it.
struct Choice {
  size_t token = 0;
  int64_t moved = 0;
};

struct Choices {
  std::vector<std::vector<Choice>> of_words;
  int64_t slop = 0;
};

bool IsWithin(int64_t slop, const std::vector<Choice>& taken) {
  const auto [least, most] = std::minmax_element(
      taken.begin(), taken.end(),
      [](const Choice& a, const Choice& b) { return a.moved < b.moved; });
  return taken.empty() || most->moved - least->moved <= slop;
}

// Whether the words that are left can have tokens of their own; tries all.
bool CanChoose(const Choices& choices, std::vector<Choice>* taken) {
  if (!IsWithin(choices.slop, *taken)) {
    return false;
  }
  if (taken->size() == choices.of_words.size()) {
    return true;
  }
  const std::vector<Choice>& left = choices.of_words[taken->size()];
  return std::any_of(left.begin(), left.end(), [&](const Choice& choice) {
    if (std::any_of(taken->begin(), taken->end(), [&](const Choice& other) {
          return other.token == choice.token;
        })) {
      return false;
    }
    taken->push_back(choice);
    const bool can = CanChoose(choices, taken);
    taken->pop_back();
    return can;
  });
}

// What a passage has in a field of a condition.
std::set<std::string> ValuesOf(const std::string& field,
                               const TokenizedPassage& passage) {
  const index::DocumentRecord& document = passage.passage.document;
  if (field == "language") {
    return {document.language};
  }
  if (field == "source_type") {
    return {document.source_type};
  }
  if (field == "document_id") {
    return {document.document_id};
  }
  std::set<std::string> values;
  if (field == "entity_type") {
    for (const EntityMention& mention : passage.passage.mentions) {
      values.insert(mention.type);
    }
  } else if (!passage.day.empty()) {
    values = {passage.day};
  }
  return values;
}

// Whether a value is what a condition with values wants; days may be cut.
bool Meets(const std::string& value, const SyntaxCondition& condition) {
  const std::string& wanted = condition.values.front();
  const int order = value.compare(
      0, condition.field == "date" ? wanted.size() : std::string::npos, wanted);
  if (condition.values.size() > 1) {
    const std::string& last = condition.values.back();
    return order >= 0 && value.compare(0, last.size(), last) <= 0;
  }
  switch (condition.op) {
    case FilterOperator::kStartsWith:
      return value.starts_with(wanted);
    case FilterOperator::kGte:
      return order >= 0;
    case FilterOperator::kLt:
      return order < 0;
    default:
      return order == 0;
  }
}

}  // namespace

PlainQuery::PlainQuery(const index::Generation& generation, bool exact_words)
    : exact_words_(exact_words) {
  const View view(generation);
  auto documents = *ListDocuments(view, "", 1000);
  while (!documents.empty()) {
    for (const index::DocumentRecord& document : documents) {
      for (const std::string& id :
           PassageIds(generation, document.document_id)) {
        Add(*GetPassage(view, id, 0, 0));
      }
    }
    documents = *ListDocuments(view, documents.back().document_id, 1000);
  }
}

void PlainQuery::Add(Passage passage) {
  const index::DocumentRecord& document = passage.document;
  TokenizedPassage& added = passages_.emplace_back();
  for (const TextBlock& block : passage.blocks) {
    const auto tokens = analyzer_.Analyze(block.text, document.language);
    added.tokens.insert(added.tokens.end(), tokens.begin(), tokens.end());
  }
  if (document.title != document.filename &&
      document.title != document.document_id) {
    added.title = analyzer_.Analyze(document.title, document.language);
  }
  for (const std::string& heading : passage.provenance.heading_path) {
    added.headings.push_back(analyzer_.Analyze(heading, document.language));
  }
  if (document.create_time) {
    const auto time =
        std::chrono::system_clock::from_time_t(*document.create_time);
    added.day = FormatTime(time).substr(0, 10);
  }
  added.passage = std::move(passage);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a test's tree.
bool PlainQuery::IsMet(const SyntaxNode& group,
                       const TokenizedPassage& passage) const {
  bool has_must = false;
  bool has_should = false;
  bool meets_should = false;
  for (size_t i = 0; i < group.clauses.size(); ++i) {
    const Occur occur = group.occurs[i];
    const bool is_met = MeetsClause(group.clauses[i], occur, passage);
    if (occur == Occur::kShould) {
      has_should = true;
      meets_should |= is_met;
    } else if (is_met == (occur == Occur::kMustNot)) {
      return false;
    }
    has_must |= occur == Occur::kMust;
  }
  return has_must || !has_should || meets_should;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a test's tree.
bool PlainQuery::MeetsClause(const SyntaxNode& node, Occur occur,
                             const TokenizedPassage& passage) const {
  switch (node.kind) {
    case SyntaxNode::Kind::kGroup:
      return IsMet(node, passage);
    case SyntaxNode::Kind::kCondition:
      return MeetsCondition(node.condition, passage);
    default:
      return MeetsWords(node,
                        node.kind == SyntaxNode::Kind::kPhrase ||
                            occur != Occur::kShould ||
                            node.scope != Scope::kText,
                        passage);
  }
}

bool PlainQuery::MeetsCondition(const SyntaxCondition& condition,
                                const TokenizedPassage& passage) {
  const std::set<std::string> values = ValuesOf(condition.field, passage);
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& value) {
                       return condition.op == FilterOperator::kExists ||
                              Meets(value, condition);
                     });
}

std::vector<PlainQuery::Word> PlainQuery::WordsOf(
    const SyntaxNode& node, const std::string& language) const {
  const Tokens tokens = analyzer_.Analyze(node.text, language);
  std::vector<Word> words;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool ends_bigram =
        i > 0 && tokens[i - 1].joins_next && !tokens[i].joins_next;
    if (!ends_bigram) {
      words.push_back({tokens[i], i, false, 0});
    }
  }
  if (!words.empty() && !tokens.back().is_character) {
    Word& last = words.back();
    last.is_prefix = node.kind == SyntaxNode::Kind::kPrefix;
    last.edits = node.kind == SyntaxNode::Kind::kFuzzy
                     ? EditsOf(last.token.word, node.distance)
                     : 0;
  }
  return words;
}

bool PlainQuery::IsWord(const Word& word, const text::Token& token) const {
  const std::string& wanted = word.token.word;
  if (word.is_prefix) {
    return token.word.starts_with(wanted);
  }
  if (word.edits > 0) {
    return CodePoints(token.word)[0] == CodePoints(wanted)[0] &&
           EditsByTable(token.word, wanted) <= word.edits;
  }
  if (word.token.is_character) {
    return word.token.joins_next ? token.stem == word.token.stem
                                 : token.word == wanted;
  }
  return exact_words_ ? token.word == wanted : token.stem == word.token.stem;
}

bool PlainQuery::StandTogether(const std::vector<Word>& words, size_t slop,
                               const Tokens& tokens) const {
  Choices choices;
  choices.slop = static_cast<int64_t>(slop);
  for (const Word& word : words) {
    std::vector<Choice>& of_word = choices.of_words.emplace_back();
    for (size_t token = 0; token < tokens.size(); ++token) {
      if (IsWord(word, tokens[token])) {
        of_word.push_back({token, static_cast<int64_t>(token) -
                                      static_cast<int64_t>(word.position)});
      }
    }
  }
  std::vector<Choice> taken;
  return CanChoose(choices, &taken);
}

bool PlainQuery::MeetsWords(const SyntaxNode& node, bool together,
                            const TokenizedPassage& passage) const {
  std::vector<Tokens> texts = {passage.tokens};
  if (node.scope == Scope::kTitle) {
    texts = {passage.title};
  } else if (node.scope == Scope::kHeading) {
    texts = passage.headings;
  }
  const std::vector<Word> words =
      WordsOf(node, passage.passage.document.language);
  const size_t slop =
      node.kind == SyntaxNode::Kind::kPhrase ? node.distance : 0;
  return std::any_of(texts.begin(), texts.end(), [&](const Tokens& tokens) {
    if (together) {
      return StandTogether(words, slop, tokens);
    }
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
      return std::any_of(
          tokens.begin(), tokens.end(),
          [&](const text::Token& token) { return IsWord(word, token); });
    });
  });
}

}  // namespace footnote::search
