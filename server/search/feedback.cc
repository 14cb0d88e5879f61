#include "server/search/feedback.h"

#include <algorithm>
#include <cmath>

#include "indexer/index/lexeme_table.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

constexpr uint32_t kBits = 512;

// Returns whether a query says little enough of what it must find, in words
// enough.
bool IsWanted(const Query& query) {
  uint32_t words = 0;
  for (const QueryWord& word : query.words) {
    words += word.count;
  }
  return words >= kFeedbackLeastWords && !query.constraint;
}

// Returns how far the best candidates are to be trusted, from 0 to 1.
double ShareOf(const std::vector<Candidate>& candidates) {
  if (candidates.empty() || candidates.front().score <= 0) {
    return 0;
  }
  const double ratio =
      candidates.size() < kFeedbackRank
          ? 0
          : candidates[kFeedbackRank - 1].score / candidates.front().score;
  return std::clamp((kFeedbackNone - ratio) / (kFeedbackNone - kFeedbackAll),
                    0.0, 1.0);
}

}  // namespace

Feedback::Feedback(const View& view, const ScoredQuery& query,
                   const LengthNorms& norms)
    : view_(view),
      query_(query),
      norms_(norms),
      lexemes_(view.generation().segments().size()) {}

absl::Status Feedback::Choose(const std::vector<Candidate>& candidates,
                              const Deadline& deadline) {
  const bool is_wanted =
      view_.passages() >= kFeedbackLeastCollection && IsWanted(query_.query);
  const double share = is_wanted ? ShareOf(candidates) : 0;
  if (share <= 0 || query_.options.boosts.text <= 0) {
    return absl::OkStatus();
  }
  std::vector<Word> words = CountWords(candidates);
  FOOTNOTE_RETURN_IF_ERROR(Weigh(share, deadline, &words));
  words_ = std::move(words);
  counts_.assign(words_.size(), 0);
  return absl::OkStatus();
}

// Returns the most probable words that the best candidates share. A passage
// counts the more, the nearer its score is to the first's.
std::vector<Feedback::Word> Feedback::CountWords(
    const std::vector<Candidate>& candidates) const {
  std::unordered_map<std::string_view, Word> by_key;
  const double first = candidates.front().score;
  for (size_t i = 0; i < std::min(candidates.size(), kFeedbackPassages); ++i) {
    const Candidate& candidate = candidates[i];
    const index::Segment& segment =
        *view_.generation().segments()[candidate.segment];
    std::vector<uint32_t> lexemes =
        segment.ReadTitle(segment.passage_place(candidate.passage).document);
    for (auto token = segment.Lexemes(candidate.passage); token.Next();) {
      lexemes.push_back(token.lexeme());
    }
    std::sort(lexemes.begin(), lexemes.end());
    const double weight =
        std::exp((candidate.score - first) / first * kFeedbackSharpness) /
        static_cast<double>(lexemes.size());
    // Counts, of stems: several lexemes may have one.
    std::unordered_map<std::string_view, uint32_t> counts;
    for (auto at = lexemes.begin(); at != lexemes.end();) {
      const auto next = std::upper_bound(at, lexemes.end(), *at);
      counts[index::StemKeyOf(segment.lexeme(*at))] +=
          static_cast<uint32_t>(next - at);
      at = next;
    }
    for (const auto& [key, count] : counts) {
      Word& word = by_key[key];
      word.stem_key = key;
      word.probability += weight * count;
      ++word.passages;
    }
  }
  std::vector<Word> words;
  for (const auto& [key, word] : by_key) {
    if (word.passages >= kFeedbackLeast && !key.empty()) {
      words.push_back(word);
    }
  }
  const auto end = words.begin() + static_cast<ptrdiff_t>(
                                       std::min(words.size(), kFeedbackChoice));
  std::partial_sort(
      words.begin(), end, words.end(), [](const Word& a, const Word& b) {
        return a.probability != b.probability ? a.probability > b.probability
                                              : a.stem_key < b.stem_key;
      });
  words.erase(end, words.end());
  return words;
}

// Reads how many passages have each word.
absl::Status Feedback::ReadPostings(std::vector<Word>* words) const {
  for (const auto& segment : view_.generation().segments()) {
    index::DatabasePool::Lease database = segment->databases().Get();
    for (Word& word : *words) {
      word.postings += database->get_termfreq(
          index::MakeTerm(index::TermField::kStem, word.stem_key));
    }
  }
  return absl::OkStatus();
}

// Keeps the words that tell most, and gives each its part of the weight of all.
absl::Status Feedback::Weigh(double share, const Deadline& deadline,
                             std::vector<Word>* words) const {
  const auto passages = static_cast<double>(view_.passages());
  return index::CatchXapian([&]() -> absl::Status {
    FOOTNOTE_RETURN_IF_ERROR(ReadPostings(words));
    for (Word& word : *words) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          view_.Frequency(
              index::MakeTerm(index::TermField::kStem, word.stem_key),
              word.postings, deadline));
      const bool is_common =
          static_cast<double>(frequency) > passages * kFeedbackMostCommon;
      word.factor = is_common ? 0 : Idf(view_.passages(), frequency);
      word.probability *= word.factor;
    }
    ShareWeight(share, words);
    return absl::OkStatus();
  });
}

// Gives the words that tell most their parts of the weight of all.
void Feedback::ShareWeight(double share, std::vector<Word>* words) const {
  std::sort(words->begin(), words->end(), [](const Word& a, const Word& b) {
    return a.probability != b.probability ? a.probability > b.probability
                                          : a.stem_key < b.stem_key;
  });
  words->resize(std::min(words->size(), kFeedbackWords));
  double sum = 0;
  for (const Word& word : *words) {
    sum += word.probability;
  }
  double length = 0;  // of the query
  for (const QueryWord& word : query_.query.words) {
    length += word.count;
  }
  const double scale =
      length * kFeedbackWeight * share * query_.options.boosts.text;
  for (Word& word : *words) {
    word.factor *= sum > 0 ? scale * word.probability / sum : 0;
  }
  std::erase_if(*words, [](const Word& word) { return word.factor <= 0; });
}

const Feedback::Lexemes& Feedback::LexemesIn(uint32_t segment) {
  std::unique_ptr<Lexemes>& lexemes = lexemes_[segment];
  if (!lexemes) {
    lexemes = std::make_unique<Lexemes>();
    for (uint32_t i = 0; i < words_.size(); ++i) {
      for (const uint32_t lexeme :
           view_.generation().segments()[segment]->LexemesOfStem(
               words_[i].stem_key)) {
        lexemes->words.emplace_back(lexeme, i);
        lexemes->seen[lexeme % kBits / 64] |= uint64_t{1} << (lexeme % 64);
      }
    }
    std::sort(lexemes->words.begin(), lexemes->words.end());
  }
  return *lexemes;
}

double Feedback::Score(uint32_t segment, uint32_t passage,
                       std::vector<Contribution>* parts) {
  const index::Segment& in = *view_.generation().segments()[segment];
  const Lexemes& lexemes = LexemesIn(segment);
  std::fill(counts_.begin(), counts_.end(), 0);
  for (auto token = in.Lexemes(passage); token.Next();) {
    const uint32_t lexeme = token.lexeme();
    if ((lexemes.seen[lexeme % kBits / 64] >> (lexeme % 64) & 1) == 0) {
      continue;
    }
    const auto at = std::lower_bound(lexemes.words.begin(), lexemes.words.end(),
                                     std::pair<uint32_t, uint32_t>(lexeme, 0));
    if (at != lexemes.words.end() && at->first == lexeme) {
      ++counts_[at->second];
    }
  }
  const double norm =
      norms_[index::LengthClassOf(in.passage_place(passage).words)];
  double sum = 0;
  for (size_t i = 0; i < words_.size(); ++i) {
    if (counts_[i] > 0) {
      const double value = RoundContribution(
          words_[i].factor * kPassageBm25.FrequencyPart(counts_[i], norm));
      sum += value;
      if (parts != nullptr) {
        const std::string_view key = words_[i].stem_key;
        parts->push_back({Contribution::Stage::kFeedback,
                          std::string(key.substr(key.find(':') + 1)), "text",
                          value});
      }
    }
  }
  return sum;
}

}  // namespace footnote::search
