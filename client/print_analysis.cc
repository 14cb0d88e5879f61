#include "client/print_analysis.h"

#include <string_view>

#include "client/print.h"

namespace footnote::client {
namespace {

constexpr int kMostTerms = 20;  // of a word; --json has all

// Returns "12-17  foxes  stem fox".
std::string FormatToken(const v1::Token& token) {
  std::string line = "  " + std::to_string(token.span().start_byte()) + "-" +
                     std::to_string(token.span().end_byte()) + "  " +
                     MakeSafeLine(token.word());
  if (token.stem() != token.word()) {
    line += std::string(kDot) + "stem " + MakeSafeLine(token.stem());
  }
  if (token.stop_word()) {
    line += std::string(kDot) + "function word";
  }
  return line + "\n";
}

std::string FormatWord(const v1::QueryWord& word) {
  std::string line = "  " + MakeSafeLine(word.word());
  line += word.prefix() ? "*" : "";
  line += word.edits() > 0 ? "~" + std::to_string(word.edits()) : "";
  line += std::string(kDot) + Plural(word.passage_count(), "passage");
  if (word.count() > 1) {
    line += std::string(kDot) + std::to_string(word.count()) + " times";
  }
  line += word.scored() ? "" : std::string(kDot) + "not scored";
  for (int i = 0; i < word.terms_size() && i < kMostTerms; ++i) {
    const v1::IndexTerm& term = word.terms(i);
    line += i == 0 ? ": " : ", ";
    line += term.language().empty() ? "" : MakeSafeLine(term.language()) + ":";
    line +=
        MakeSafeLine(term.text()) + " " + std::to_string(term.passage_count());
  }
  if (word.terms_size() > kMostTerms) {
    line += ", " + std::to_string(word.terms_size() - kMostTerms) + " more";
  }
  return line + "\n";
}

}  // namespace

std::string FormatAnalysis(const v1::AnalyzeResponse& response,
                           const Terminal& terminal) {
  std::string text;
  for (const v1::Warning& warning : response.warnings()) {
    text += "note: " + MakeSafeLine(warning.message()) + "\n";
  }
  text += Bold("As a document's, in " + MakeSafeLine(response.language()),
               terminal) +
          "\n";
  for (const v1::Token& token : response.tokens()) {
    text += FormatToken(token);
  }
  text += "\n" + Bold("As a query", terminal) + "\n  " +
          MakeSafeLine(response.executed_query()) + "\n";
  if (response.dropped_words_size() > 0) {
    text += "  left out:";
    for (const std::string& word : response.dropped_words()) {
      text += " " + MakeSafeLine(word);
    }
    text += "\n";
  }
  text += "\n" + Bold("Its words", terminal) + "\n";
  for (const v1::QueryWord& word : response.words()) {
    text += FormatWord(word);
  }
  return text;
}

}  // namespace footnote::client
