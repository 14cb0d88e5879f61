#include "server/search/rescore.h"

#include <algorithm>

#include "indexer/index/segment.h"
#include "server/search/ranking.h"

namespace footnote::search {
namespace {

// Scores what stands around the passages of one segment.
class ContextScorer {
 public:
  ContextScorer(const index::Segment& segment, const ScoredQuery& query,
                const SegmentWords& words)
      : segment_(segment), query_(query), words_(words) {}

  double Score(uint32_t passage) {
    const index::PassagePlace& place = segment_.passage_place(passage);
    const index::DocumentPlace& document =
        segment_.document_place(place.document);
    for (const uint32_t lexeme : segment_.ReadTitle(place.document)) {
      Find(lexeme);
    }
    double score = TakeFound(kTitleWeight);
    for (const uint32_t lexeme : segment_.ReadHeadings(passage)) {
      Find(lexeme);
    }
    score += TakeFound(kHeadingWeight);
    if (place.ordinal > 0) {
      FindTokens(segment_.Lexemes(passage - 1,
                                  index::TokenReader::Part::kLastSentence),
                 UINT32_MAX);
    }
    if (place.ordinal + 1 < document.passage_count) {
      FindTokens(segment_.Lexemes(passage + 1),
                 segment_.passage_place(passage + 1).first_words);
    }
    return score + TakeFound(kNeighbourWeight);
  }

 private:
  void Find(uint32_t lexeme) {
    words_.ForEachWordByStem(lexeme, [this](uint32_t word) {
      if (std::find(found_.begin(), found_.end(), word) == found_.end()) {
        found_.push_back(word);
      }
    });
  }

  // Finds words among the next `count` tokens.
  void FindTokens(index::TokenReader tokens, uint32_t count) {
    for (uint32_t i = 0; i < count && tokens.Next(); ++i) {
      Find(tokens.lexeme());
    }
  }

  // Returns what the words found are worth at a weight, and forgets them.
  double TakeFound(double weight) {
    double score = 0;
    for (const uint32_t word : found_) {
      score += RoundContribution(query_.factors[word] * weight);
    }
    found_.clear();
    return score;
  }

  const index::Segment& segment_;
  const ScoredQuery& query_;
  const SegmentWords& words_;
  std::vector<uint32_t> found_;  // words of the query, each once
};

}  // namespace

absl::Status Rescore(const index::Generation& generation,
                     const ScoredQuery& query, const Deadline& deadline,
                     GenerationWords* words,
                     std::vector<Candidate>* candidates) {
  const size_t depth = std::min<size_t>(kCandidateDepth, candidates->size());
  std::vector<Candidate> rescored(
      candidates->begin(), candidates->begin() + static_cast<ptrdiff_t>(depth));
  for (Candidate& candidate : rescored) {
    if (deadline.Passed()) {
      return DeadlineError();
    }
    const SegmentWords& in_segment = words->In(candidate.segment);
    if (!in_segment.is_complete()) {
      return DeadlineError();
    }
    candidate.score += ContextScorer(*generation.segments()[candidate.segment],
                                     query, in_segment)
                           .Score(candidate.passage);
  }
  KeepBest(generation, depth, &rescored);
  std::copy(rescored.begin(), rescored.end(), candidates->begin());
  return absl::OkStatus();
}

}  // namespace footnote::search
