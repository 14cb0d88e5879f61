#include "server/search/query_words.h"

#include <algorithm>
#include <set>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/quantities.h"
#include "server/search/synonyms.h"

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

// Whether a text is all in capitals, and so long that none of its words means
// anything by that.
bool Shouts(std::string_view text, const std::vector<text::Token>& tokens) {
  constexpr size_t kFewWords = 3;
  return tokens.size() > kFewWords &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return c >= 'a' && c <= 'z'; });
}

// Adds the forms that acronyms have as plain words.
void AddPlainForms(QueryWord* word) {
  for (size_t i = word->stems.size(); i > 0; --i) {
    const std::string& stem = word->stems[i - 1];
    if (stem.ends_with('.')) {
      word->stems.push_back(stem.substr(0, stem.size() - 1));
    }
  }
}

// Returns the token that starts at `at` or after it first.
uint32_t TokenAt(const std::vector<text::Token>& tokens, uint32_t at) {
  return static_cast<uint32_t>(
      std::partition_point(
          tokens.begin(), tokens.end(),
          [at](const text::Token& token) { return token.start < at; }) -
      tokens.begin());
}

// Returns the quantities of a text, read as each of the languages does: of
// those that begin alike the longest, with all keys that it has.
std::vector<PieceQuantity> FindQuantities(
    std::string_view text, const std::vector<text::Token>& tokens,
    const LanguageCounts& languages) {
  std::map<uint32_t, std::pair<uint32_t, std::set<std::string>>> found;
  for (const auto& [language, documents] : languages) {
    for (text::Quantity& quantity : text::FindQuantities(text, language)) {
      auto& [end, keys] = found[quantity.start];
      if (quantity.end > end) {
        end = quantity.end;
        keys.clear();
      }
      if (quantity.end == end) {
        keys.insert(std::move(quantity.key));
      }
    }
  }
  std::vector<PieceQuantity> quantities;
  for (const auto& [start, longest] : found) {
    const auto& [end, keys] = longest;
    PieceQuantity quantity;
    quantity.first = TokenAt(tokens, start);
    quantity.end = TokenAt(tokens, end);
    quantity.word.word = text.substr(start, end - start);
    quantity.word.quantities.assign(keys.begin(), keys.end());
    if (quantities.empty() || quantity.first >= quantities.back().end) {
      quantities.push_back(std::move(quantity));
    }
  }
  return quantities;
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
  const bool shouts = Shouts(text, tokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsCovered(tokens, i)) {
      continue;
    }
    words[i].word = tokens[i].word;
    words[i].spelling = tokens[i].spelling;
    words[i].joins_next = tokens[i].joins_next;
    words[i].is_acronym = tokens[i].is_acronym && !shouts;
    if (tokens[i].is_acronym && shouts) {
      AddPlainForms(&words[i]);
    }
    words[i].by_word = tokens[i].is_character ? !tokens[i].joins_next : exact;
    piece.words.push_back(std::move(words[i]));
    piece.positions.push_back(static_cast<uint32_t>(i));
  }
  piece.tokens = static_cast<uint32_t>(tokens.size());
  if (!exact) {
    piece.quantities = FindQuantities(text, tokens, languages);
  }
  piece.ends_with_word = !tokens.empty() && tokens.back().end == text.size() &&
                         !tokens.back().is_character;
  piece.text = JoinWords(tokens);
  return piece;
}

namespace {

// Takes over a synonym of the word at `at`, which it stands for alone or with
// others, as a form of it or beside it.
void TakeSynonym(QueryPiece synonym, bool of_one_word, size_t at,
                 QueryPiece* piece) {
  const bool is_form = of_one_word && synonym.words.size() == 1 &&
                       !synonym.words[0].by_word &&
                       !synonym.words[0].joins_next;
  if (!is_form) {
    piece->alternatives.push_back(std::move(synonym));
    return;
  }
  QueryWord& word = piece->words[at];
  word.synonyms.push_back(synonym.words[0].word);
  for (std::string& stem : synonym.words[0].stems) {
    if (std::find(word.stems.begin(), word.stems.end(), stem) ==
        word.stems.end()) {
      word.stems.push_back(std::move(stem));
    }
  }
}

}  // namespace

absl::Status AddSynonyms(const Synonyms& synonyms,
                         const LanguageCounts& languages, QueryPace* pace,
                         QueryPiece* piece) {
  std::vector<std::string_view> words;
  for (const QueryWord& word : piece->words) {
    const bool is_whole = !word.is_prefix && word.edits == 0;
    words.push_back(is_whole ? std::string_view(word.word) : "");
  }
  for (size_t i = 0; i < words.size(); ++i) {
    const SynonymMatch match = synonyms.Find(words, i);
    for (const std::string& to : match.to) {
      FOOTNOTE_ASSIGN_OR_RETURN(QueryPiece synonym,
                                AnalyzePiece(to, languages, false, pace));
      TakeSynonym(std::move(synonym), match.words == 1, i, piece);
    }
    i += std::max<size_t>(match.words, 1) - 1;
  }
  return absl::OkStatus();
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
  for (const std::string& quantity : word.quantities) {
    key += "=" + quantity;
  }
  for (const std::string& stem : word.stems) {
    key += index::kEntrySeparator;
    key += stem;
  }
  return key;
}

}  // namespace footnote::search
