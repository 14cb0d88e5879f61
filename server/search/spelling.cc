#include "server/search/spelling.h"

#include <algorithm>
#include <map>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/text/analyzer.h"
#include "server/search/edit_distance.h"

namespace footnote::search {
namespace {

constexpr size_t kMaxLetters = 32;  // of a word that is corrected
constexpr uint32_t kWordsPerLook = 1024;

uint32_t EditsFor(size_t letters) {
  constexpr size_t kFew = 3;
  constexpr size_t kMany = 5;
  return letters < kFew ? 0 : letters < kMany ? 1 : 2;
}

size_t LettersOf(std::string_view word) {
  return static_cast<size_t>(std::count_if(
      word.begin(), word.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Walks over the words of a list that are within so many edits of another; all
// words that begin so that none can be near are passed over.
class NearWords {
 public:
  NearWords(const index::WordList& list, std::string_view word, uint32_t edits)
      : list_(list), distances_(word, edits) {}

  // Calls `f` with each word and its distance.
  // Errors: kDeadlineExceeded DEADLINE_EXCEEDED.
  template <typename F>
  absl::Status ForEach(const Deadline& deadline, const F& f) {
    uint32_t seen = 0;
    for (uint32_t i = 0; i < list_.size();) {
      if (++seen % kWordsPerLook == 0 && deadline.Passed()) {
        return DeadlineError();
      }
      const std::string_view word = list_.word(i);
      if (const auto distance = distances_.To(word)) {
        f(i, *distance);
      }
      const size_t dead = distances_.dead_bytes();
      i = dead > 0 ? std::max(i + 1, After(i, word.substr(0, dead))) : i + 1;
    }
    return absl::OkStatus();
  }

 private:
  // Returns the first word from `from` on that does not begin with `beginning`.
  uint32_t After(uint32_t from, std::string_view beginning) const {
    std::string end(beginning);
    while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) {
      end.pop_back();
    }
    if (end.empty()) {
      return list_.size();
    }
    end.back() = static_cast<char>(end.back() + 1);
    // Mostly the next word or one soon after it.
    uint32_t step = 1;
    uint32_t high = from + 1;
    while (high < list_.size() && list_.word(high) < end) {
      from = high;
      high += step;
      step *= 2;
    }
    high = std::min(high, list_.size());
    while (from < high) {
      const uint32_t middle = from + (high - from) / 2;
      if (list_.word(middle) < end) {
        from = middle + 1;
      } else {
        high = middle;
      }
    }
    return from;
  }

  const index::WordList& list_;
  EditDistance distances_;
};

// A word in reach, with the postings that all segments have of it.
struct Candidate {
  uint32_t distance = 0;
  uint64_t postings = 0;
};

bool HasOnlyLetters(std::string_view word) {
  return std::none_of(word.begin(), word.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '@';
  });
}

// Returns whether a passage of the view has a word in any of its forms.
absl::StatusOr<bool> Occurs(const View& view, const std::string& word,
                            const std::vector<std::string>& stems,
                            const Deadline& deadline) {
  std::vector<std::string> terms = {
      index::MakeTerm(index::TermField::kWord, word)};
  for (const std::string& stem : stems) {
    terms.push_back(index::MakeTerm(index::TermField::kStem, stem));
  }
  for (const std::string& term : terms) {
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t frequency,
                              view.Frequency(term, deadline));
    if (frequency > 0) {
      return true;
    }
  }
  return false;
}

std::string WithProposals(const std::string& text,
                          const std::vector<CorrectedWord>& words) {
  std::string proposed;
  size_t at = 0;
  for (const CorrectedWord& word : words) {
    proposed += text.substr(at, word.start - at) + word.proposal;
    at = word.end;
  }
  return proposed + text.substr(at);
}

// Prefixes, names of fields and abbreviations are meant as they are.
bool IsCorrected(const text::Token& token, const std::string& text) {
  constexpr size_t kLongAbbreviation = 5;  // letters
  const char next = token.end < text.size() ? text[token.end] : ' ';
  const bool is_abbreviation =
      token.is_acronym && LettersOf(token.word) <= kLongAbbreviation;
  return next != '*' && next != ':' && !is_abbreviation &&
         !token.is_character && !token.is_emoji && HasOnlyLetters(token.word);
}

using Candidates = std::map<std::string, Candidate, std::less<>>;

// Returns the nearest that the view has: fewer edits count before more
// passages.
absl::StatusOr<std::optional<CorrectedWord>> FindNearest(
    const View& view, const Candidates& candidates, uint32_t edits,
    const Deadline& deadline) {
  std::optional<CorrectedWord> best;
  for (uint32_t distance = 1; distance <= edits && !best; ++distance) {
    for (const auto& [near, candidate] : candidates) {
      if (candidate.distance != distance ||
          (best && candidate.postings <= best->passages)) {
        continue;
      }
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t passages,
          view.Frequency(index::MakeTerm(index::TermField::kWord, near),
                         candidate.postings, deadline));
      if (passages > (best ? best->passages : 0)) {
        best = CorrectedWord{0, 0, near, passages};
      }
    }
  }
  return best;
}

}  // namespace

absl::StatusOr<std::optional<CorrectedWord>> FindNearWord(
    const View& view, std::string_view word, const Deadline& deadline) {
  const size_t letters = LettersOf(word);
  const uint32_t edits = EditsFor(letters);
  if (edits == 0 || letters > kMaxLetters) {
    return std::optional<CorrectedWord>();
  }
  Candidates candidates;
  for (const auto& segment : view.generation().segments()) {
    const index::WordList& list = segment->words();
    FOOTNOTE_RETURN_IF_ERROR(
        NearWords(list, word, edits)
            .ForEach(deadline, [&](uint32_t number, uint32_t distance) {
              Candidate& candidate = candidates[std::string(list.word(number))];
              candidate.distance = distance;
              candidate.postings += list.passages(number);
            }));
  }
  return FindNearest(view, candidates, edits, deadline);
}

absl::StatusOr<std::optional<SpellingProposal>> ProposeSpelling(
    const View& view, const std::string& text, const Deadline& deadline) {
  thread_local text::Analyzer analyzer;
  SpellingProposal proposal;
  const auto tokens =
      analyzer.Analyze(text, "und", [&] { return deadline.Passed(); });
  if (!tokens) {
    return DeadlineError();
  }
  std::vector<std::vector<std::string>> stems(tokens->size());
  for (const auto& [language, documents] : view.languages()) {
    const auto in_language = analyzer.Stems(text, *tokens, language);
    for (size_t i = 0; i < in_language.size(); ++i) {
      stems[i].push_back(index::StemKey(language, in_language[i]));
    }
  }
  for (size_t i = 0; i < tokens->size(); ++i) {
    const text::Token& token = (*tokens)[i];
    if (!IsCorrected(token, text)) {
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const bool occurs,
                              Occurs(view, token.word, stems[i], deadline));
    if (occurs) {
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(std::optional<CorrectedWord> near,
                              FindNearWord(view, token.word, deadline));
    if (near) {
      near->start = token.start;
      near->end = token.end;
      proposal.words.push_back(*std::move(near));
    }
  }
  if (proposal.words.empty()) {
    return std::optional<SpellingProposal>();
  }
  proposal.text = WithProposals(text, proposal.words);
  return std::optional(std::move(proposal));
}

}  // namespace footnote::search
