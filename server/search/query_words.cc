#include "server/search/query_words.h"

#include <algorithm>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/text/analyzer.h"

namespace footnote::search {
namespace {

text::Analyzer& AnalyzerOfThread() {
  thread_local text::Analyzer analyzer;
  return analyzer;
}

// Returns whether a token of a run of characters is covered by the bigram
// before it.
bool IsCovered(const std::vector<text::Token>& tokens, size_t i) {
  return i > 0 && tokens[i - 1].joins_next && !tokens[i].joins_next;
}

std::string JoinWords(const std::vector<text::Token>& tokens) {
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) {
    text += i == 0 || tokens[i - 1].joins_next ? "" : " ";
    text += tokens[i].word;
  }
  return text;
}

// Adds the stems of tokens in a language to their words; with `exact` those of
// characters alone.
void AddStems(std::string_view text, const std::vector<text::Token>& tokens,
              const std::string& language, bool exact,
              std::vector<QueryWord>* words) {
  const std::vector<std::string> stems =
      AnalyzerOfThread().Stems(text, tokens, language);
  for (size_t i = 0; i < stems.size(); ++i) {
    if (!exact || tokens[i].is_character) {
      (*words)[i].stems.push_back(index::StemKey(language, stems[i]));
    }
  }
}

}  // namespace

absl::StatusOr<QueryPiece> AnalyzePiece(std::string_view text,
                                        const LanguageCounts& languages,
                                        bool exact, QueryPace* pace) {
  // Splitting does not depend on the language, so token i is the same word
  // under every language; only its stem differs.
  text::Analyzer& analyzer = AnalyzerOfThread();
  const auto split =
      analyzer.Analyze(text, "und", [&] { return pace->deadline().Passed(); });
  if (!split) {
    return DeadlineError();
  }
  const std::vector<text::Token>& tokens = *split;
  std::vector<QueryWord> words(tokens.size());
  for (const auto& [language, documents] : languages) {
    if (pace->PassedAfter(tokens.size())) {
      return DeadlineError();
    }
    AddStems(text, tokens, language, exact, &words);
  }
  QueryPiece piece;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsCovered(tokens, i)) {
      continue;
    }
    words[i].word = tokens[i].word;
    words[i].joins_next = tokens[i].joins_next;
    words[i].by_word = tokens[i].is_character ? !tokens[i].joins_next : exact;
    piece.words.push_back(std::move(words[i]));
    piece.positions.push_back(static_cast<uint32_t>(i));
  }
  piece.tokens = static_cast<uint32_t>(tokens.size());
  piece.ends_with_word = !tokens.empty() && tokens.back().end == text.size() &&
                         !tokens.back().is_character;
  piece.text = JoinWords(tokens);
  return piece;
}

absl::StatusOr<std::string> GuessLanguage(
    const std::vector<const QueryWord*>& words, const LanguageCounts& languages,
    QueryPace* pace) {
  std::string guess;
  int64_t most = -1;
  uint64_t documents = 0;
  for (const auto& entry : languages) {
    if (pace->PassedAfter(words.size())) {
      return DeadlineError();
    }
    const int64_t found =
        std::count_if(words.begin(), words.end(), [&](const QueryWord* word) {
          return text::IsStopWord(word->word, entry.first);
        });
    if (found > most || (found == most && entry.second > documents)) {
      guess = entry.first;
      most = found;
      documents = entry.second;
    }
  }
  return guess;
}

std::string KeyOf(const QueryWord& word) {
  std::string key = word.by_word || word.stems.empty() ? word.word : "";
  key += word.is_prefix ? "*" : "";
  key += word.edits == 0 ? "" : "~" + std::to_string(word.edits);
  key += word.of_fields ? ":" : "";
  for (const std::string& stem : word.stems) {
    key += index::kEntrySeparator;
    key += stem;
  }
  return key;
}

}  // namespace footnote::search
