#include "server/search/more_like_this.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "indexer/text/analyzer.h"
#include "server/search/assemble.h"
#include "server/search/document_text.h"
#include "server/search/documents.h"
#include "server/search/query.h"
#include "server/search/query_words.h"
#include "server/search/ranking.h"
#include "server/search/statistics.h"
#include "server/search/syntax.h"

namespace footnote::search {
namespace {

constexpr size_t kMostLookedUp = 1000;
// Longer tokens are keys or data, which say nothing to people.
constexpr size_t kLongestWord = 128;  // bytes

// Chooses the words of one source.
class WordChooser {
 public:
  WordChooser(const View& view, const LikeSource& source,
              const Deadline& deadline)
      : view_(view), source_(source), deadline_(deadline) {}

  absl::StatusOr<std::vector<SourceWord>> Run() {
    FOOTNOTE_RETURN_IF_ERROR(Analyze());
    CountWords();
    FOOTNOTE_RETURN_IF_ERROR(LookUp());
    Weigh();
    return std::move(choices_);
  }

 private:
  absl::Status Analyze() {
    language_ = source_.language;
    if (language_.empty() || language_ == "und") {
      FOOTNOTE_RETURN_IF_ERROR(GuessSourceLanguage());
    }
    return Split(language_);
  }

  absl::Status Split(const std::string& language) {
    thread_local text::Analyzer analyzer;
    auto tokens = analyzer.Analyze(source_.text, language,
                                   [this] { return deadline_.Passed(); });
    if (!tokens) {
      return DeadlineError();
    }
    tokens_ = *std::move(tokens);
    return absl::OkStatus();
  }

  absl::Status GuessSourceLanguage() {
    FOOTNOTE_RETURN_IF_ERROR(Split("und"));
    std::vector<QueryWord> words(tokens_.size());
    std::vector<const QueryWord*> pointers;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      words[i].word = tokens_[i].word;
      pointers.push_back(&words[i]);
    }
    QueryPace pace(deadline_);
    FOOTNOTE_ASSIGN_OR_RETURN(
        language_, GuessLanguage(pointers, view_.languages(), &pace));
    return absl::OkStatus();
  }

  // Whether a token says anything by itself: single letters and function words
  // do not, nor does a character that the bigram before it has.
  bool IsTelling(size_t i) const {
    const text::Token& token = tokens_[i];
    if (token.is_character) {
      return token.joins_next || i == 0 || !tokens_[i - 1].joins_next;
    }
    constexpr size_t kLongestCharacter = 4;  // bytes
    const bool is_single =
        token.word.size() <= kLongestCharacter &&
        std::count_if(token.word.begin(), token.word.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }) == 1;
    return !is_single && token.word.size() <= kLongestWord &&
           (token.is_acronym || !text::IsStopWord(token.word, language_));
  }

  // Makes a choice of each stem, and keeps those that come most often.
  void CountWords() {
    std::unordered_map<std::string, size_t> by_stem;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (!IsTelling(i)) {
        continue;
      }
      const auto [at, is_new] =
          by_stem.try_emplace(tokens_[i].stem, choices_.size());
      if (is_new) {
        const text::Token& last = tokens_[i + (tokens_[i].joins_next ? 1 : 0)];
        SourceWord& choice = choices_.emplace_back();
        choice.first = static_cast<uint32_t>(i);
        choice.word =
            source_.text.substr(tokens_[i].start, last.end - tokens_[i].start);
      }
      ++choices_[at->second].count;
    }
    std::stable_sort(choices_.begin(), choices_.end(),
                     [](const SourceWord& a, const SourceWord& b) {
                       return a.count > b.count;
                     });
    choices_.resize(std::min(choices_.size(), kMostLookedUp));
  }

  // Finds how many passages have each word as a query would look for it; those
  // that a query would not take for one word go.
  absl::Status LookUp() {
    Query query;
    std::vector<SourceWord> kept;
    QueryPace pace(deadline_);
    for (SourceWord& choice : choices_) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          QueryPiece piece,
          AnalyzePiece(choice.word, view_.languages(), false, &pace));
      if (piece.words.size() == 1) {
        query.words.push_back(std::move(piece.words[0]));
        kept.push_back(std::move(choice));
      }
    }
    choices_ = std::move(kept);
    FOOTNOTE_ASSIGN_OR_RETURN(const Statistics statistics,
                              ReadStatistics(view_, query, deadline_));
    for (size_t i = 0; i < choices_.size(); ++i) {
      choices_[i].passages =
          std::min(statistics.words[i].frequency, statistics.passages);
    }
    return absl::OkStatus();
  }

  void Weigh() {
    const uint64_t fewest = source_.own.empty() ? 1 : 2;
    std::erase_if(choices_, [&](const SourceWord& choice) {
      return choice.passages < fewest;
    });
    for (SourceWord& word : choices_) {
      constexpr double kHundredths = 100;  // as the query has it
      word.boost =
          std::round(std::pow(word.count, kRepetitionPower) * kHundredths) /
          kHundredths;
      word.weight =
          RoundContribution(word.boost * Idf(view_.passages(), word.passages));
    }
    std::sort(choices_.begin(), choices_.end(),
              [](const SourceWord& a, const SourceWord& b) {
                return a.weight != b.weight ? a.weight > b.weight
                                            : a.first < b.first;
              });
    choices_.resize(std::min(choices_.size(), kMaxLikeWords));
  }

  const View& view_;
  const LikeSource& source_;
  const Deadline& deadline_;
  std::string language_;
  std::vector<text::Token> tokens_;
  std::vector<SourceWord> choices_;
};

}  // namespace

absl::StatusOr<LikeSource> SourceOfPassage(const View& view,
                                           std::string_view passage_id,
                                           bool whole_document) {
  FOOTNOTE_ASSIGN_OR_RETURN(Passage passage,
                            GetPassage(view, passage_id, 0, 0));
  LikeSource source;
  source.text = std::move(passage.text);
  source.language = std::move(passage.document.language);
  if (whole_document) {
    source.own.push_back(
        {ResultId::Kind::kDocument, std::move(passage.document.document_id)});
  } else {
    source.own.push_back(
        {ResultId::Kind::kPassage, std::move(passage.passage_id)});
  }
  return source;
}

absl::StatusOr<LikeSource> SourceOfSpan(const View& view,
                                        std::string_view document_id,
                                        uint64_t start, uint64_t end,
                                        bool whole_document) {
  FOOTNOTE_ASSIGN_OR_RETURN(DocumentText document,
                            GetDocument(view, document_id, start, end));
  const Span& span = document.content.span;
  if (span.end.bytes - span.start.bytes > kMaxLikeBytes) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "SOURCES_TOO_LONG",
        "the span has more than 100 KiB",
        {{"field", "span"}, {"limit_bytes", std::to_string(kMaxLikeBytes)}});
  }
  LikeSource source;
  source.text = std::move(document.content.text);
  source.language = std::move(document.document.language);
  if (whole_document) {
    source.own.push_back({ResultId::Kind::kDocument, std::string(document_id)});
    return source;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const Place place, FindDocument(view, document_id));
  const uint32_t first =
      PassageAt(*place.segment, place.document, span.start.bytes);
  const uint32_t last =
      PassageAt(*place.segment, place.document,
                std::max(span.start.bytes + 1, span.end.bytes) - 1);
  for (uint32_t passage = first; passage <= last; ++passage) {
    source.own.push_back({ResultId::Kind::kPassage,
                          PassageIdText(place.segment->passage_id(passage))});
  }
  return source;
}

absl::StatusOr<std::vector<SourceWord>> ChooseWords(const View& view,
                                                    const LikeSource& source,
                                                    const Deadline& deadline) {
  return WordChooser(view, source, deadline).Run();
}

std::string QueryOf(std::vector<SourceWord> words) {
  std::sort(words.begin(), words.end(),
            [](const SourceWord& a, const SourceWord& b) {
              return a.first < b.first;
            });
  SyntaxNode query;
  for (const SourceWord& word : words) {
    SyntaxNode& leaf = query.clauses.emplace_back();
    query.occurs.push_back(Occur::kShould);
    leaf.kind = SyntaxNode::Kind::kText;
    leaf.text = word.word;
    leaf.boost = word.boost;
  }
  return RenderSyntax(query);
}

}  // namespace footnote::search
