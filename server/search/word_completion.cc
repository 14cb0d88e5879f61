#include "server/search/word_completion.h"

#include <algorithm>
#include <set>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"

namespace footnote::search {
namespace {

constexpr uint32_t kWordsPerLook = 256;

// Words of a segment, [first, end).
struct Range {
  const index::WordList* list = nullptr;
  uint32_t first = 0;
  uint32_t end = 0;
};

std::vector<Range> FindRanges(const View& view, const std::string& prefix) {
  std::string after = prefix;  // folded words have no byte 0xFF
  after.back() = static_cast<char>(after.back() + 1);
  std::vector<Range> ranges;
  for (const auto& segment : view.generation().segments()) {
    const index::WordList& list = segment->words();
    Range range{&list, list.LowerBound(prefix), list.LowerBound(after)};
    if (range.first < range.end && list.word(range.first) == prefix) {
      ++range.first;  // it is complete
    }
    if (range.first < range.end) {
      ranges.push_back(range);
    }
  }
  return ranges;
}

// Returns the count that `rank` words of a range have at least; 1 where it has
// fewer words.
uint32_t CountOfRank(const Range& range, size_t rank) {
  if (range.end - range.first <= rank) {
    return 1;
  }
  std::vector<uint32_t> counts;
  counts.reserve(range.end - range.first);
  for (uint32_t i = range.first; i < range.end; ++i) {
    counts.push_back(range.list->passages(i));
  }
  std::nth_element(counts.begin(),
                   counts.begin() + static_cast<ptrdiff_t>(rank - 1),
                   counts.end(), std::greater<>());
  return std::max(counts[rank - 1], 1U);
}

uint64_t PostingsOf(const std::vector<Range>& ranges, const std::string& word) {
  uint64_t postings = 0;
  for (const Range& range : ranges) {
    const uint32_t at = range.list->LowerBound(word);
    postings += at < range.end && range.list->word(at) == word
                    ? range.list->passages(at)
                    : 0;
  }
  return postings;
}

// Keeps the best words.
class BestWords {
 public:
  explicit BestWords(size_t limit) : limit_(limit) {}

  // What has no more is not among the best.
  uint64_t threshold() const {
    return words_.size() < limit_ ? 0 : words_.back().passages;
  }
  bool MayTake(uint64_t passages) const {
    return passages > 0 && passages >= threshold();
  }
  void Add(CompletedWord word) {
    const auto at = std::lower_bound(
        words_.begin(), words_.end(), word,
        [](const CompletedWord& a, const CompletedWord& b) {
          return a.passages != b.passages ? a.passages > b.passages
                                          : a.word < b.word;
        });
    words_.insert(at, std::move(word));
    if (words_.size() > limit_) {
      words_.pop_back();
    }
  }
  std::vector<CompletedWord> Take() { return std::move(words_); }

 private:
  const size_t limit_;
  std::vector<CompletedWord> words_;  // the best first
};

// In rounds: the words that are frequent in some segment are counted. A word
// that is none of these has less than the sum of what was asked of each
// segment; as long as that might be enough, the next round asks for less.
class Completer {
 public:
  Completer(const View& view, const std::string& prefix, uint32_t limit,
            const Deadline& deadline)
      : view_(view),
        deadline_(deadline),
        limit_(limit),
        ranges_(FindRanges(view, prefix)),
        best_(limit) {}

  absl::StatusOr<std::vector<CompletedWord>> Run() {
    constexpr size_t kFirstRank = 4;
    constexpr size_t kRankFactor = 8;
    for (size_t rank = limit_ * kFirstRank;; rank *= kRankFactor) {
      FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t most_left, CountTo(rank));
      if (most_left == 0 || most_left < best_.threshold()) {
        return best_.Take();
      }
    }
  }

 private:
  // Counts the words of that rank and better in some segment; returns what one
  // that is not counted then has at most.
  absl::StatusOr<uint64_t> CountTo(size_t rank) {
    uint64_t most_left = 0;
    for (const Range& range : ranges_) {
      const uint32_t least = CountOfRank(range, rank);
      most_left += least - 1;
      FOOTNOTE_RETURN_IF_ERROR(CountFrequent(range, least));
    }
    return most_left;
  }

  // Counts the words that at least so many passages of a segment have.
  absl::Status CountFrequent(const Range& range, uint32_t least) {
    for (uint32_t i = range.first; i < range.end; ++i) {
      if (range.list->passages(i) < least ||
          counted_.contains(range.list->word(i))) {
        continue;
      }
      const auto word = counted_.emplace(range.list->word(i)).first;
      if (counted_.size() % kWordsPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      FOOTNOTE_RETURN_IF_ERROR(Count(*word));
    }
    return absl::OkStatus();
  }

  absl::Status Count(const std::string& word) {
    const uint64_t postings = PostingsOf(ranges_, word);
    if (!best_.MayTake(postings)) {
      return absl::OkStatus();
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        const uint64_t passages,
        view_.Frequency(index::MakeTerm(index::TermField::kWord, word),
                        postings, deadline_));
    if (best_.MayTake(passages)) {
      best_.Add({word, passages});
    }
    return absl::OkStatus();
  }

  const View& view_;
  const Deadline& deadline_;
  const uint32_t limit_;
  const std::vector<Range> ranges_;
  BestWords best_;
  std::set<std::string, std::less<>> counted_;
};

}  // namespace

absl::StatusOr<std::vector<CompletedWord>> CompleteWord(
    const View& view, const std::string& prefix, uint32_t limit,
    const Deadline& deadline) {
  return Completer(view, prefix, limit, deadline).Run();
}

}  // namespace footnote::search
