#include "server/search/statistics.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <xapian.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::search {
namespace {

using index::TermField;

constexpr uint32_t kTermsPerLook = 1024;

// A word that a prefix stands for.
struct Expansion {
  std::string term;
  uint64_t frequency = 0;
};

// The most frequent words of a prefix; equally frequent ones by text.
class BestExpansions {
 public:
  explicit BestExpansions(size_t limit) : limit_(limit) {}

  // Adds a word that comes after all before it; one of frequency 0 is none.
  void Add(const std::string& term, uint64_t frequency) {
    if (frequency == 0) {
      return;
    }
    ++count_;
    best_.push_back({term, frequency});
    if (best_.size() >= limit_ + kMostBeyond) {
      KeepBest();
    }
  }

  // Whether there were more words than are kept.
  bool cut() const { return count_ > limit_; }

  std::vector<Expansion> Finish() {
    KeepBest();
    return std::move(best_);
  }

 private:
  static constexpr size_t kMostBeyond = 4096;

  void KeepBest() {
    const auto end =
        best_.begin() + static_cast<ptrdiff_t>(std::min(limit_, best_.size()));
    std::partial_sort(best_.begin(), end, best_.end(),
                      [](const Expansion& a, const Expansion& b) {
                        return a.frequency != b.frequency
                                   ? a.frequency > b.frequency
                                   : a.term < b.term;
                      });
    best_.erase(end, best_.end());
  }

  const size_t limit_;
  size_t count_ = 0;
  std::vector<Expansion> best_;
};

// Walks over the terms of all segments that begin alike, in order, each once.
// Throws what Xapian throws.
class TermWalk {
 public:
  TermWalk(const index::Generation& generation, const std::string& begin) {
    lists_.reserve(generation.segments().size());
    for (const auto& segment : generation.segments()) {
      index::DatabasePool::Lease database = segment->databases().Get();
      auto at = database->allterms_begin(begin);
      auto end = database->allterms_end(begin);
      lists_.push_back(
          {std::move(database), std::move(at), std::move(end), {}});
      lists_.back().Read();
    }
  }

  // Goes to the next term; returns whether there is one.
  bool Next() {
    term_.clear();
    for (const List& list : lists_) {
      if (!list.term.empty() && (term_.empty() || list.term < term_)) {
        term_ = list.term;
      }
    }
    if (term_.empty()) {
      return false;
    }
    postings_ = 0;
    for (List& list : lists_) {
      if (list.term == term_) {
        postings_ += list.at.get_termfreq();
        ++list.at;
        list.Read();
      }
    }
    return true;
  }

  const std::string& term() const { return term_; }
  // How many passages have the term, seen or not.
  uint64_t postings() const { return postings_; }

 private:
  struct List {
    index::DatabasePool::Lease database;
    Xapian::TermIterator at;
    Xapian::TermIterator end;
    std::string term;  // empty at the end; no term is

    void Read() { term = at == end ? std::string() : *at; }
  };

  std::vector<List> lists_;  // one for each segment
  std::string term_;
  uint64_t postings_ = 0;
};

// Reads the statistics of one query over one view.
class StatisticsReader {
 public:
  StatisticsReader(const View& view, const Query& query,
                   const Deadline& deadline)
      : view_(view), deadline_(deadline) {
    const auto prefixes = static_cast<uint32_t>(
        std::count_if(query.words.begin(), query.words.end(),
                      [](const QueryWord& word) { return word.is_prefix; }));
    statistics_.max_expansions = std::clamp(
        kMaxAllExpansions / std::max(prefixes, 1U), 1U, kMaxExpansions);
  }

  absl::Status AddWord(const QueryWord& word) {
    WordTerms& found = statistics_.words.emplace_back();
    if (word.is_prefix) {
      return Expand(word.word, &found);
    }
    for (const std::string& stem : word.stems) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kStem, stem), &found));
      found.frequency += frequency;
    }
    if (word.by_word) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          AddTerm(MakeTerm(TermField::kWord, word.word), &found));
      found.frequency = std::max(found.frequency, frequency);
    }
    return absl::OkStatus();
  }

  Statistics Finish() {
    statistics_.passages = view_.passages();
    if (view_.passages() > 0 && view_.words() > 0) {
      statistics_.average_words = static_cast<double>(view_.words()) /
                                  static_cast<double>(view_.passages());
    }
    return std::move(statistics_);
  }

 private:
  // Adds a term where it occurs; returns its frequency.
  absl::StatusOr<uint64_t> AddTerm(std::string term, WordTerms* found) {
    if (deadline_.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t frequency,
                              view_.Frequency(term, deadline_));
    if (frequency > 0) {
      found->terms.push_back(std::move(term));
    }
    return frequency;
  }

  // Finds the words of all segments that begin with `prefix`.
  absl::Status Expand(const std::string& prefix, WordTerms* found) {
    TermWalk walk(view_.generation(), MakeTerm(TermField::kWord, prefix));
    BestExpansions best(statistics_.max_expansions);
    for (uint32_t seen = 1; walk.Next(); ++seen) {
      if (seen % kTermsPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          view_.Frequency(walk.term(), walk.postings(), deadline_));
      best.Add(walk.term(), frequency);
    }
    statistics_.expansion_cut |= best.cut();
    for (Expansion& expansion : best.Finish()) {
      found->frequency = std::max(found->frequency, expansion.frequency);
      found->terms.push_back(std::move(expansion.term));
    }
    return absl::OkStatus();
  }

  const View& view_;
  const Deadline& deadline_;
  Statistics statistics_;
};

}  // namespace

absl::StatusOr<Statistics> ReadStatistics(const View& view, const Query& query,
                                          const Deadline& deadline) {
  StatisticsReader reader(view, query, deadline);
  for (const QueryWord& word : query.words) {
    const absl::Status read =
        index::CatchXapian([&] { return reader.AddWord(word); });
    FOOTNOTE_RETURN_IF_ERROR(read);
  }
  return reader.Finish();
}

}  // namespace footnote::search
