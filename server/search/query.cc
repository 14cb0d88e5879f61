#include "server/search/query.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/sentence_marks.h"
#include "indexer/text/utf8.h"
#include "server/search/searcher.h"

namespace footnote::search {
namespace {

using Languages = std::map<std::string, uint64_t>;

// Looks at the clock after so many words; a query of few is analysed whatever
// the time.
class Pace {
 public:
  explicit Pace(const Deadline& deadline) : deadline_(deadline) {}

  // Counts words; returns whether the deadline has passed.
  bool PassedAfter(size_t words) {
    constexpr size_t kWordsPerLook = 1024;
    words_ += words;
    if (words_ < kWordsPerLook) {
      return false;
    }
    words_ = 0;
    return deadline_.Passed();
  }

 private:
  const Deadline& deadline_;
  size_t words_ = 0;
};

absl::Status CheckText(std::string_view text) {
  // Characters are counted only where there may be too many.
  if (text.size() > kMaxQueryChars) {
    const auto chars = static_cast<uint64_t>(std::count_if(
        text.begin(), text.end(),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (chars > kMaxQueryChars) {
      return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_TOO_LONG",
                       "the query has " + std::to_string(chars) +
                           " characters; at most " +
                           std::to_string(kMaxQueryChars) + " are taken",
                       {{"field", "query"},
                        {"characters", std::to_string(chars)},
                        {"limit", std::to_string(kMaxQueryChars)}});
    }
  }
  const size_t invalid = text::FindInvalidUtf8(text);
  if (invalid != std::string_view::npos) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "QUERY_NOT_UTF8",
        "the query is not valid UTF-8 at byte " + std::to_string(invalid),
        {{"field", "query"}, {"offset", std::to_string(invalid)}});
  }
  if (text::SkipGap(text, 0).end == text.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_EMPTY",
                     "the query is empty; give it at least one word",
                     {{"field", "query"}});
  }
  return absl::OkStatus();
}

text::Analyzer& AnalyzerOfThread() {
  thread_local text::Analyzer analyzer;
  return analyzer;
}

// Returns whether a token of a run of characters is covered by the bigram
// before it.
bool IsCovered(const std::vector<text::Token>& tokens, size_t i) {
  return i > 0 && tokens[i - 1].joins_next && !tokens[i].joins_next;
}

// Returns whether a word is written as a prefix: pre*
bool IsPrefix(std::string_view text, const text::Token& token) {
  return !token.is_character && token.end < text.size() &&
         text[token.end] == '*';
}

// Returns the language that the function words of a query speak for: the one
// with most of them, the more frequent one among equals.
absl::StatusOr<std::string> GuessLanguage(const std::vector<QueryWord>& words,
                                          const Languages& languages,
                                          Pace* pace) {
  std::string guess;
  int64_t most = -1;
  uint64_t documents = 0;
  for (const auto& entry : languages) {
    if (pace->PassedAfter(words.size())) {
      return DeadlineError();
    }
    const int64_t found =
        std::count_if(words.begin(), words.end(), [&](const QueryWord& word) {
          return text::IsStopWord(word.word, entry.first);
        });
    if (found > most || (found == most && entry.second > documents)) {
      guess = entry.first;
      most = found;
      documents = entry.second;
    }
  }
  return guess;
}

absl::Status DropStopWords(const Languages& languages, Pace* pace,
                           std::vector<QueryWord>* words) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string language,
                            GuessLanguage(*words, languages, pace));
  const auto is_stop_word = [&](const QueryWord& word) {
    return !word.is_prefix && text::IsStopWord(word.word, language);
  };
  if (!std::all_of(words->begin(), words->end(), is_stop_word)) {
    words->erase(std::remove_if(words->begin(), words->end(), is_stop_word),
                 words->end());
  }
  return absl::OkStatus();
}

// Returns what tells a word from others: all the forms under which it is looked
// up. Words alike in one language may differ in another.
std::string KeyOf(const QueryWord& word) {
  std::string key = word.by_word || word.stems.empty() ? word.word : "";
  key += word.is_prefix ? "*" : "";
  for (const std::string& stem : word.stems) {
    key += index::kEntrySeparator;
    key += stem;
  }
  return key;
}

// Joins equal words into one that counts them, at the place of the first.
absl::Status JoinRepeated(Pace* pace, std::vector<QueryWord>* words) {
  std::unordered_map<std::string, size_t> places;
  std::vector<QueryWord> distinct;
  for (QueryWord& word : *words) {
    if (pace->PassedAfter(1)) {
      return DeadlineError();
    }
    const auto [at, inserted] =
        places.try_emplace(KeyOf(word), distinct.size());
    if (inserted) {
      distinct.push_back(std::move(word));
    } else {
      ++distinct[at->second].count;
    }
  }
  *words = std::move(distinct);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Query> ParseQuery(std::string_view text,
                                 const Languages& languages,
                                 const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckText(text));
  Query query;
  // Splitting does not depend on the language, so token i is the same word
  // under every language; only its stem differs.
  text::Analyzer& analyzer = AnalyzerOfThread();
  const auto split =
      analyzer.Analyze(text, "und", [&] { return deadline.Passed(); });
  if (!split) {
    return DeadlineError();
  }
  const std::vector<text::Token>& tokens = *split;
  std::vector<QueryWord> words(tokens.size());
  Pace pace(deadline);
  for (const auto& [language, documents] : languages) {
    if (pace.PassedAfter(tokens.size())) {
      return DeadlineError();
    }
    const std::vector<std::string> stems =
        analyzer.Stems(text, tokens, language);
    for (size_t i = 0; i < stems.size(); ++i) {
      words[i].stems.push_back(index::StemKey(language, stems[i]));
    }
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsCovered(tokens, i)) {
      continue;
    }
    words[i].word = tokens[i].word;
    words[i].joins_next = tokens[i].joins_next;
    words[i].is_prefix = IsPrefix(text, tokens[i]);
    words[i].by_word = !tokens[i].joins_next && tokens[i].is_character;
    if (words[i].is_prefix) {
      words[i].stems.clear();
    }
    query.words.push_back(std::move(words[i]));
  }
  FOOTNOTE_RETURN_IF_ERROR(DropStopWords(languages, &pace, &query.words));
  FOOTNOTE_RETURN_IF_ERROR(JoinRepeated(&pace, &query.words));
  return query;
}

std::string ToString(const Query& query) {
  std::string text;
  for (const QueryWord& word : query.words) {
    text += text.empty() ? "" : " ";
    text += word.word;
    text += word.is_prefix ? "*" : "";
  }
  return text;
}

}  // namespace footnote::search
