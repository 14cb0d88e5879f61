#include "server/search/match.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <utility>

#include "indexer/base/time.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/postings.h"
#include "server/search/ranking.h"
#include "server/search/word_postings.h"

namespace footnote::search {
namespace {

// Orders candidates by score, then by document_id, collection and ordinal.
class IsBetter {
 public:
  explicit IsBetter(const index::Generation& generation)
      : segments_(generation.segments()) {}

  bool operator()(const Candidate& a, const Candidate& b) const {
    if (a.score != b.score) {
      return a.score > b.score;
    }
    const index::Segment& a_segment = *segments_[a.segment];
    const index::Segment& b_segment = *segments_[b.segment];
    const index::PassagePlace& a_place = a_segment.passage_place(a.passage);
    const index::PassagePlace& b_place = b_segment.passage_place(b.passage);
    const int order =
        a.segment == b.segment && a_place.document == b_place.document
            ? 0
            : a_segment.document_id(a_place.document)
                  .compare(b_segment.document_id(b_place.document));
    if (order != 0) {
      return order < 0;
    }
    return a.segment != b.segment ? a.segment < b.segment
                                  : a_place.ordinal < b_place.ordinal;
  }

 private:
  const std::vector<std::shared_ptr<const index::Segment>>& segments_;
};

// Forgets all but the best `count` of `candidates`, in any order.
void SelectBest(const index::Generation& generation, size_t count,
                std::vector<Candidate>* candidates) {
  if (count < candidates->size()) {
    std::nth_element(candidates->begin(),
                     candidates->begin() + static_cast<ptrdiff_t>(count),
                     candidates->end(), IsBetter(generation));
    candidates->resize(count);
  }
}

// The best candidates so far.
class BestCandidates {
 public:
  BestCandidates(const index::Generation& generation, uint32_t limit)
      : generation_(generation), limit_(limit) {}

  // What scores less is not among the best.
  double threshold() const { return threshold_; }

  void Add(const Candidate& candidate) {
    if (candidate.score < threshold_) {
      return;
    }
    candidates_.push_back(candidate);
    scores_.push(candidate.score);
    if (scores_.size() > limit_) {
      scores_.pop();
    }
    if (scores_.size() == limit_) {
      threshold_ = scores_.top();
    }
    // Those that score as the last one stay until the end, where their key
    // decides; but not without bound.
    if (candidates_.size() >= kMostTied + limit_) {
      SelectBest(generation_, limit_, &candidates_);
    }
  }

  std::vector<Candidate> Finish() {
    KeepBest(generation_, limit_, &candidates_);
    return std::move(candidates_);
  }

 private:
  const index::Generation& generation_;
  const uint32_t limit_;
  double threshold_ = 0;
  std::vector<Candidate> candidates_;
  // The highest `limit_` scores; the lowest of them on top.
  std::priority_queue<double, std::vector<double>, std::greater<>> scores_;
};

// Searches one segment, window by window, by MaxScore (Turtle and Flood, "Query
// evaluation: strategies and optimizations", 1995): words that even together
// cannot lift a passage to the threshold are looked up only for passages that
// have another word.
class SegmentMatcher {
 public:
  SegmentMatcher(const View& view, const ScoredQuery& query, uint32_t number,
                 const PassageSet* allowed, const Deadline& deadline)
      : number_(number),
        segment_(*view.generation().segments()[number]),
        query_(query),
        deadline_(deadline) {
    const Roaring& hidden = view.hidden(number);
    if (allowed != nullptr || !hidden.isEmpty()) {
      visible_ = allowed != nullptr
                     ? std::make_unique<PassageSet>(*allowed)
                     : std::make_unique<PassageSet>(segment_.passage_count());
      if (allowed == nullptr) {
        visible_->Invert();
      }
      visible_->RemoveAll(hidden);
    }
  }

  // `words` are in order of what they score at most.
  // Errors: kDeadlineExceeded; what was found until then is in `best`. Throws
  // what Xapian throws.
  absl::Status Match(std::vector<WordPostings>* words, BestCandidates* best) {
    most_before_.assign(1, 0);
    for (const WordPostings& word : *words) {
      most_before_.push_back(most_before_.back() + word.most());
    }
    auto window = std::make_unique<ScoreWindow>();
    const uint32_t passages = segment_.passage_count();
    for (uint32_t start = NextVisible(0); start < passages;
         start = NextVisible(window->end)) {
      window->Begin(start, passages);
      size_t essential = 0;
      while (essential < words->size() &&
             most_before_[essential + 1] < best->threshold()) {
        ++essential;
      }
      essential_ = essential;
      for (size_t i = essential; i < words->size(); ++i) {
        if (IsOutOfTime((*words)[i].AddTo(window.get()) + 1)) {
          return DeadlineError();
        }
      }
      FOOTNOTE_RETURN_IF_ERROR(AddBest(*window, words, best));
    }
    return absl::OkStatus();
  }

 private:
  uint32_t NextVisible(uint32_t passage) const {
    return visible_ ? visible_->NextFrom(passage) : passage;
  }

  // Completes the scores of a window with the words before `essential_`.
  absl::Status AddBest(const ScoreWindow& window,
                       std::vector<WordPostings>* words, BestCandidates* best) {
    for (uint32_t at = 0; at < window.end - window.start; at += 64) {
      for (uint64_t bits = window.touched[at / 64]; bits != 0;
           bits &= bits - 1) {
        const uint32_t place =
            at + static_cast<uint32_t>(std::countr_zero(bits));
        if (visible_ && !visible_->Has(window.start + place)) {
          continue;
        }
        if (IsOutOfTime(AddIfBest(window.start + place, window.scores[place],
                                  words, best))) {
          return DeadlineError();
        }
      }
    }
    return absl::OkStatus();
  }

  // Adds what the words before `essential_` give to a passage that has scored
  // so much, for as long as it can still be among the best. Returns how many
  // postings it looked at.
  uint32_t AddIfBest(uint32_t passage, double score,
                     std::vector<WordPostings>* words, BestCandidates* best) {
    size_t i = essential_;
    for (; i > 0 && score + most_before_[i] >= best->threshold(); --i) {
      score += (*words)[i - 1].ScoreOf(passage);
    }
    if (i == 0) {
      Candidate candidate{number_, passage, score, score};
      query_.Age(segment_, &candidate);
      best->Add(candidate);
    }
    return static_cast<uint32_t>(essential_ - i) + 1;
  }

  // Counts postings read, and looks at the clock now and then.
  bool IsOutOfTime(uint32_t postings) {
    constexpr uint32_t kPostingsPerLook = 4096;  // about 100 us
    work_ += postings;
    if (work_ < kPostingsPerLook) {
      return false;
    }
    work_ = 0;
    return deadline_.Passed();
  }

  const uint32_t number_;
  const index::Segment& segment_;
  const ScoredQuery& query_;
  const Deadline& deadline_;
  std::unique_ptr<PassageSet> visible_;  // null for all
  std::vector<double> most_before_;      // of the words before each, together
  // The words before this one are not enough for the window, even together.
  size_t essential_ = 0;
  uint32_t work_ = 0;
};

// The words of a query that occur, with their scorers, those that score least
// first.
class ScoredWords {
 public:
  // Where the deadline passes, has only some of the words.
  ScoredWords(const ScoredQuery& query, const Deadline& deadline)
      : norms_(std::make_unique<LengthNorms>(
            MakeLengthNorms(query.statistics.average_words))) {
    for (size_t i = 0; i < query.factors.size(); ++i) {
      const WordTerms& terms = query.statistics.words[i];
      if (i % kWordsPerLook == kWordsPerLook - 1 && deadline.Passed()) {
        is_complete_ = false;
        break;
      }
      if (!terms.terms.empty()) {
        words_.push_back({&terms, std::make_unique<WordScorer>(
                                      query.match_factors[i], *norms_)});
      }
    }
    std::stable_sort(words_.begin(), words_.end(),
                     [](const Word& a, const Word& b) {
                       return a.scorer->most() < b.scorer->most();
                     });
  }

  // Whether it has all words.
  bool is_complete() const { return is_complete_; }

  // Opens the postings of a segment. Throws what Xapian throws.
  absl::StatusOr<std::vector<WordPostings>> Open(
      const index::Segment& segment, const Xapian::Database& database,
      const Deadline& deadline) const {
    std::vector<WordPostings> postings;
    postings.reserve(words_.size());
    for (const Word& word : words_) {
      if (deadline.Passed()) {
        return DeadlineError();
      }
      postings.emplace_back(segment, database, *word.terms, *word.scorer);
    }
    return postings;
  }

 private:
  static constexpr size_t kWordsPerLook = 1024;

  struct Word {
    const WordTerms* terms;
    std::unique_ptr<WordScorer> scorer;
  };

  std::unique_ptr<LengthNorms> norms_;
  std::vector<Word> words_;
  bool is_complete_ = true;
};

// Adds the passages of a segment that have a word. Throws what Xapian throws.
absl::Status AddAllPostings(const index::Segment& segment,
                            const WordTerms& word, const Deadline& deadline,
                            PassageSet* set) {
  index::DatabasePool::Lease database = segment.databases().Get();
  for (const std::string& term : word.terms) {
    FOOTNOTE_RETURN_IF_ERROR(
        AddPostings(segment, *database, term, deadline, set));
  }
  return absl::OkStatus();
}

}  // namespace

ScoredQuery::ScoredQuery(const View& view, const Query& asked,
                         const Statistics& read, const RankingOptions& ranking)
    : query(asked),
      statistics(read),
      options(ranking),
      recency(ranking.recency) {
  const FieldBoosts& boosts = ranking.boosts;
  const double most_of_word =
      kPassageBm25.Most() * boosts.text * (1 + kPairWeight) +
      kDocumentBm25.Most() * boosts.document * kDocumentWeight +
      boosts.text * kFormWeight + boosts.title * kTitleWeight +
      boosts.heading * kHeadingWeight + boosts.neighbours * kNeighbourWeight;
  for (size_t i = 0; i < asked.words.size(); ++i) {
    // A word that stands only in titles and headings is as rare as one that
    // stands in one passage.
    const uint64_t frequency = std::max<uint64_t>(read.words[i].frequency, 1);
    factors.push_back(Idf(read.passages, frequency) *
                      std::pow(asked.words[i].count, kRepetitionPower) *
                      asked.words[i].boost);
    match_factors.push_back(factors.back() * boosts.text);
    highest_possible += factors.back() * most_of_word;
  }
  if (recency && !recency->reference_day) {
    const std::string& built = view.generation().info().build_time;
    constexpr int64_t kSecondsOfDay = 86400;
    recency->reference_day =
        static_cast<int32_t>(ParseTime(built).value_or(0) / kSecondsOfDay);
  }
}

void ScoredQuery::Age(const index::Segment& segment,
                      Candidate* candidate) const {
  candidate->score = candidate->unaged;
  if (recency) {
    const uint32_t document =
        segment.passage_place(candidate->passage).document;
    const int32_t day = segment.document_facets(document).day;
    candidate->score = RoundContribution(
        candidate->unaged *
        AgeFactor(*recency, day == index::kNoDay
                                ? std::nullopt
                                : std::optional<int32_t>(day)));
  }
}

absl::StatusOr<Matches> FindBest(const View& view, const ScoredQuery& query,
                                 const std::vector<PassageSet>& allowed,
                                 uint32_t limit, const Deadline& deadline) {
  const auto& segments = view.generation().segments();
  const ScoredWords words(query, deadline);
  BestCandidates best(view.generation(), limit);
  Matches matches;
  matches.cut_short = !words.is_complete();
  for (uint32_t i = 0; i < segments.size() && !matches.cut_short; ++i) {
    SegmentMatcher matcher(view, query, i,
                           allowed.empty() ? nullptr : &allowed[i], deadline);
    const absl::Status status = index::CatchXapian([&]() -> absl::Status {
      index::DatabasePool::Lease database = segments[i]->databases().Get();
      FOOTNOTE_ASSIGN_OR_RETURN(std::vector<WordPostings> postings,
                                words.Open(*segments[i], *database, deadline));
      return matcher.Match(&postings, &best);
    });
    matches.cut_short = absl::IsDeadlineExceeded(status);
    if (!status.ok() && !matches.cut_short) {
      return status;
    }
  }
  matches.best = best.Finish();
  return matches;
}

absl::StatusOr<PassageSet> FindAll(const View& view, uint32_t segment,
                                   const Statistics& statistics,
                                   const Deadline& deadline) {
  const index::Segment& searched = *view.generation().segments()[segment];
  PassageSet set(searched.passage_count());
  for (const WordTerms& word : statistics.words) {
    const absl::Status read = index::CatchXapian(
        [&] { return AddAllPostings(searched, word, deadline, &set); });
    FOOTNOTE_RETURN_IF_ERROR(read);
  }
  set.RemoveAll(view.hidden(segment));
  return set;
}

void KeepBest(const index::Generation& generation, size_t count,
              std::vector<Candidate>* candidates) {
  SelectBest(generation, count, candidates);
  std::sort(candidates->begin(), candidates->end(), IsBetter(generation));
}

}  // namespace footnote::search
