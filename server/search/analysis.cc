#include "server/search/analysis.h"

#include <utility>

#include "indexer/index/schema.h"
#include "indexer/index/xapian_errors.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/language.h"
#include "server/search/assemble.h"
#include "server/search/metadata_condition.h"
#include "server/search/statistics.h"

namespace footnote::search {
namespace {

absl::Status AddTokens(const std::string& text, const Deadline& deadline,
                       Analysis* analysis) {
  thread_local text::Analyzer analyzer;
  auto tokens = analyzer.Analyze(text, analysis->language,
                                 [&] { return deadline.Passed(); });
  if (!tokens) {
    return DeadlineError();
  }
  OffsetCursor cursor(text, {});
  for (text::Token& token : *tokens) {
    const TextOffset start = cursor.At(token.start);
    AnalyzedToken& added = analysis->tokens.emplace_back();
    added.span = {start, cursor.At(token.end)};
    added.is_stop_word = text::IsStopWord(token.word, analysis->language);
    added.word = std::move(token.word);
    added.stem = std::move(token.stem);
  }
  return absl::OkStatus();
}

// Returns a term of the index, taken apart.
absl::StatusOr<AnalyzedTerm> ReadTerm(const View& view, const std::string& term,
                                      const Deadline& deadline) {
  if (deadline.Passed()) {
    return DeadlineError();
  }
  AnalyzedTerm read;
  const std::string_view stem = index::PrefixOf(index::TermField::kStem);
  if (term.starts_with(stem)) {
    const size_t colon = term.find(':');
    read.language = term.substr(stem.size(), colon - stem.size());
    read.text = term.substr(colon + 1);
  } else {
    read.text = term;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(read.passages, view.Frequency(term, deadline));
  return read;
}

absl::Status AddWords(const View& view, const Deadline& deadline,
                      Analysis* analysis) {
  const Query& query = analysis->query;
  FOOTNOTE_ASSIGN_OR_RETURN(const Statistics statistics,
                            ReadStatistics(view, query, deadline));
  analysis->expansion_cut = statistics.expansion_cut;
  const size_t count = query.words.size() + query.others.size();
  for (uint32_t i = 0; i < count; ++i) {
    AnalyzedWord& added = analysis->words.emplace_back();
    added.word = query.WordAt(i);
    added.is_scored = i < query.words.size();
    added.passages = statistics.TermsAt(i).frequency;
    for (const std::string& term : statistics.TermsAt(i).terms) {
      FOOTNOTE_ASSIGN_OR_RETURN(added.terms.emplace_back(),
                                ReadTerm(view, term, deadline));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Analysis> AnalyzeText(const View& view,
                                     const AnalysisOptions& options,
                                     const Deadline& deadline) {
  Analysis analysis;
  FOOTNOTE_ASSIGN_OR_RETURN(
      analysis.query, ParseQuery(options.text, view.languages(),
                                 {options.strict_query, options.exact_words,
                                  &view.synonyms(), FieldsOf(view, deadline)},
                                 deadline));
  analysis.language = options.language.empty()
                          ? text::DetectLanguage(options.text)
                          : options.language;
  FOOTNOTE_RETURN_IF_ERROR(AddTokens(options.text, deadline, &analysis));
  const absl::Status read =
      index::CatchXapian([&] { return AddWords(view, deadline, &analysis); });
  FOOTNOTE_RETURN_IF_ERROR(read);
  return analysis;
}

}  // namespace footnote::search
