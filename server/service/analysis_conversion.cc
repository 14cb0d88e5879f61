#include "server/service/analysis_conversion.h"

#include <utility>

#include "indexer/text/language.h"
#include "server/search/statistics.h"

namespace footnote::service {
namespace {

using search::Occur;
using search::SyntaxNode;

v1::QueryClause::Kind KindOf(const SyntaxNode& node) {
  switch (node.kind) {
    case SyntaxNode::Kind::kGroup:
      return v1::QueryClause::KIND_GROUP;
    case SyntaxNode::Kind::kText:
      return v1::QueryClause::KIND_WORDS;
    case SyntaxNode::Kind::kPhrase:
      return v1::QueryClause::KIND_PHRASE;
    case SyntaxNode::Kind::kPrefix:
      return v1::QueryClause::KIND_PREFIX;
    case SyntaxNode::Kind::kFuzzy:
      return v1::QueryClause::KIND_FUZZY;
    case SyntaxNode::Kind::kCondition:
      return v1::QueryClause::KIND_CONDITION;
  }
  return v1::QueryClause::KIND_UNSPECIFIED;
}

v1::QueryClause::Occur ConvertOccur(Occur occur) {
  switch (occur) {
    case Occur::kShould:
      return v1::QueryClause::OCCUR_SHOULD;
    case Occur::kMust:
      return v1::QueryClause::OCCUR_MUST;
    case Occur::kMustNot:
      return v1::QueryClause::OCCUR_MUST_NOT;
    case Occur::kNarrow:
      return v1::QueryClause::OCCUR_NARROW;
  }
  return v1::QueryClause::OCCUR_UNSPECIFIED;
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxQueryDepth deep.
void ConvertClause(const SyntaxNode& node, v1::QueryClause* out) {
  out->set_kind(KindOf(node));
  out->set_distance(node.distance);
  out->set_boost(node.boost);
  out->set_text(search::RenderClause(node));
  out->set_field(node.scope == search::Scope::kTitle     ? "title"
                 : node.scope == search::Scope::kHeading ? "heading"
                                                         : "");
  for (size_t i = 0; i < node.clauses.size(); ++i) {
    v1::QueryClause* added = out->add_clauses();
    ConvertClause(node.clauses[i], added);
    added->set_occur(ConvertOccur(node.occurs[i]));
  }
}

void ConvertWord(search::AnalyzedWord&& word, v1::QueryWord* out) {
  out->set_word(std::move(word.word.word));
  for (search::AnalyzedTerm& term : word.terms) {
    v1::IndexTerm* added = out->add_terms();
    added->set_text(std::move(term.text));
    added->set_language(std::move(term.language));
    added->set_passage_count(term.passages);
  }
  out->set_passage_count(word.passages);
  out->set_scored(word.is_scored);
  out->set_count(word.word.count);
  out->set_boost(word.word.boost);
  out->set_prefix(word.word.is_prefix);
  out->set_edits(word.word.edits);
}

}  // namespace

absl::StatusOr<search::AnalysisOptions> ParseAnalyzeRequest(
    const v1::AnalyzeRequest& request) {
  search::AnalysisOptions options;
  options.text = request.text();
  options.strict_query = request.strict_query();
  options.exact_words = request.exact_words();
  if (!request.language().empty()) {
    options.language = text::PrimaryLanguage(request.language());
    if (options.language.empty()) {
      return MakeError(
          absl::StatusCode::kInvalidArgument, "LANGUAGE_INVALID",
          R"(language is no BCP 47 tag; write "en" or "pt-BR", say)",
          {{"field", "language"}, {"value", request.language()}});
    }
  }
  return options;
}

void Convert(search::Analysis&& analysis, const OutputFormat& format,
             v1::AnalyzeResponse* out) {
  out->set_language(std::move(analysis.language));
  for (search::AnalyzedToken& token : analysis.tokens) {
    v1::Token* added = out->add_tokens();
    Convert(token.span, format, added->mutable_span());
    added->set_word(std::move(token.word));
    added->set_stem(std::move(token.stem));
    added->set_stop_word(token.is_stop_word);
  }
  out->set_executed_query(search::ToString(analysis.query));
  ConvertClause(analysis.query.shown, out->mutable_query());
  for (search::AnalyzedWord& word : analysis.words) {
    ConvertWord(std::move(word), out->add_words());
  }
  for (std::string& word : analysis.query.dropped) {
    out->add_dropped_words(std::move(word));
  }
  if (analysis.expansion_cut) {
    Convert(search::Warning{"PREFIX_CUT",
                            "a prefix or a fuzzy word stands for more words "
                            "than are searched for"},
            out->add_warnings());
  }
}

}  // namespace footnote::service
