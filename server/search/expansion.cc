#include "server/search/expansion.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <xapian.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/text/code_points.h"
#include "server/search/edit_distance.h"

namespace footnote::search {
namespace {

using index::TermField;

constexpr uint32_t kTermsPerLook = 1024;
constexpr uint32_t kSkipsPerLook = 64;  // less than a millisecond

// The best words of an expansion.
class BestWords {
 public:
  explicit BestWords(size_t limit) : limit_(limit) {}

  // Adds a word; one of frequency 0 is none.
  void Add(const std::string& term, uint64_t frequency, uint32_t distance) {
    if (frequency == 0) {
      return;
    }
    ++count_;
    best_.push_back({term, frequency, distance});
    if (best_.size() >= limit_ + kMostBeyond) {
      KeepBest();
    }
  }

  Expansion Finish() {
    KeepBest();
    Expansion expansion;
    expansion.is_cut = count_ > limit_;
    for (Word& word : best_) {
      expansion.frequency = std::max(expansion.frequency, word.frequency);
      expansion.terms.push_back(std::move(word.term));
    }
    return expansion;
  }

 private:
  static constexpr size_t kMostBeyond = 4096;

  struct Word {
    std::string term;
    uint64_t frequency = 0;
    uint32_t distance = 0;

    bool IsBetterThan(const Word& other) const {
      return std::tie(distance, other.frequency, term) <
             std::tie(other.distance, frequency, other.term);
    }
  };

  void KeepBest() {
    const auto end =
        best_.begin() + static_cast<ptrdiff_t>(std::min(limit_, best_.size()));
    std::partial_sort(
        best_.begin(), end, best_.end(),
        [](const Word& a, const Word& b) { return a.IsBetterThan(b); });
    best_.erase(end, best_.end());
  }

  const size_t limit_;
  size_t count_ = 0;
  std::vector<Word> best_;
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

  // Goes to the first term that is no less than `term`; returns likewise.
  bool SkipTo(const std::string& term) {
    for (List& list : lists_) {
      if (!list.term.empty() && list.term < term) {
        list.at.skip_to(term);
        list.Read();
      }
    }
    return Next();
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

// Returns what comes after all that begins with `prefix`, which is not empty.
// No byte of UTF-8 is the highest there is.
std::string After(std::string_view prefix) {
  std::string after(prefix);
  ++after.back();
  return after;
}

}  // namespace

absl::StatusOr<Expansion> ExpandPrefix(const View& view,
                                       const std::string& prefix,
                                       uint32_t limit,
                                       const Deadline& deadline) {
  TermWalk walk(view.generation(), MakeTerm(TermField::kWord, prefix));
  BestWords best(limit);
  for (uint32_t seen = 1; walk.Next(); ++seen) {
    if (seen % kTermsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        const uint64_t frequency,
        view.Frequency(walk.term(), walk.postings(), deadline));
    best.Add(walk.term(), frequency, 0);
  }
  return best.Finish();
}

absl::StatusOr<Expansion> ExpandFuzzy(const View& view, const std::string& word,
                                      uint32_t edits, uint32_t limit,
                                      const Deadline& deadline) {
  const size_t first = text::DecodeAt(word, 0).end;
  TermWalk walk(view.generation(),
                MakeTerm(TermField::kWord, word.substr(0, first)));
  EditDistance distances(word, edits);
  BestWords best(limit);
  uint32_t seen = 0;
  for (bool is_there = walk.Next(); is_there;) {
    if (++seen % kSkipsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
    // A copy: walking on changes it.
    const std::string term = walk.term();
    if (const auto distance = distances.To(term)) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const uint64_t frequency,
          view.Frequency(term, walk.postings(), deadline));
      best.Add(term, frequency, *distance);
    }
    is_there = distances.dead_bytes() > 0
                   ? walk.SkipTo(After(term.substr(0, distances.dead_bytes())))
                   : walk.Next();
  }
  return best.Finish();
}

bool IsWithinEdits(std::string_view word, std::string_view other,
                   uint32_t edits) {
  const size_t first = text::DecodeAt(word, 0).end;
  return other.substr(0, first) == word.substr(0, first) &&
         EditDistance(word, edits).To(other).has_value();
}

}  // namespace footnote::search
