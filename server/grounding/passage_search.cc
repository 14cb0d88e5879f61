#include "server/grounding/passage_search.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/postings.h"

namespace footnote::grounding {
namespace {

// So many postings are read beyond those of the words that must be looked at,
// so that fewer passages are looked at more closely.
constexpr uint64_t kExtraPostings = 40'000;
constexpr uint64_t kExtraFactor = 16;  // but no more times those
// So many windows are looked at closely.
constexpr size_t kMaxWindows = 20'000;
constexpr uint32_t kMaxMerged = 64;  // passages of one window
constexpr uint32_t kPassagesPerLook = 4096;

}  // namespace

PassageSearch::PassageSearch(const search::View& view,
                             const QuoteTokens& tokens,
                             const search::Deadline& deadline,
                             search::MemoryBudget& memory)
    : view_(view),
      tokens_(tokens),
      deadline_(deadline),
      memory_(memory),
      frequencies_(tokens.numbers.size()) {
  for (const auto& segment : view.generation().segments()) {
    InSegment& added = segments_.emplace_back();
    added.lexemes = std::make_unique<QuoteLexemes>(*segment, tokens.numbers);
    added.sets.resize(tokens.numbers.size());
  }
}

const index::Segment& PassageSearch::SegmentAt(size_t segment) const {
  return *view_.generation().segments()[segment];
}

absl::StatusOr<uint64_t> PassageSearch::FrequencyOf(uint32_t word) {
  std::optional<uint64_t>& known = frequencies_[word];
  if (!known) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        const uint64_t frequency,
        index::CatchXapian([&]() -> absl::StatusOr<uint64_t> {
          return view_.Frequency(tokens_.numbers.word(word), deadline_);
        }));
    known = frequency;
  }
  return *known;
}

// Returns the words of tokens, the rarest first.
absl::StatusOr<std::vector<PassageSearch::Counted>> PassageSearch::RarestFirst(
    TokenRange range) {
  std::vector<Counted> order;
  for (size_t i = range.start; i < range.end; ++i) {
    const uint32_t word = tokens_.words[i];
    FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t frequency, FrequencyOf(word));
    order.push_back({frequency, word});
  }
  const auto key_of = [&](const Counted& counted) {
    return std::tie(counted.frequency, tokens_.numbers.word(counted.word));
  };
  std::sort(order.begin(), order.end(),
            [&](const Counted& a, const Counted& b) {
              return key_of(a) < key_of(b);
            });
  return order;
}

// A place has all tokens but `most`, so of any most + 1 of them it has one: of
// the rarest ones, whose postings are few. Of more of them it has more.
absl::StatusOr<PassageSearch::Voters> PassageSearch::ChooseVoters(
    TokenRange range, uint32_t most) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<Counted> order,
                            RarestFirst(range));
  Voters voters;
  if (order.size() > most && order[most].frequency == 0) {
    return voters;
  }
  uint64_t base = 0;
  uint64_t extra = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const auto [frequency, word] = order[i];
    const bool is_base = i <= most;
    const bool is_new = i == 0 || order[i - 1].word != word;
    (is_base ? base : extra) += is_new ? frequency : 0;
    if (extra > std::min(kExtraPostings, kExtraFactor * base)) {
      break;
    }
    ++voters.need;
    voters.Count(word, frequency, is_base);
  }
  voters.need -= std::min(voters.need, most);
  return voters;
}

absl::Status PassageSearch::LoadSet(size_t segment, uint32_t word) {
  std::optional<search::PassageSet>& set = segments_[segment].sets[word];
  if (set) {
    return absl::OkStatus();
  }
  const index::Segment& in = SegmentAt(segment);
  FOOTNOTE_RETURN_IF_ERROR(
      memory_.Take(search::PassageSet::BytesOf(in.passage_count()),
                   "the passages that have words of a quote"));
  set.emplace(in.passage_count());
  return index::CatchXapian([&]() -> absl::Status {
    index::DatabasePool::Lease database = in.databases().Get();
    return search::AddPostings(in, *database, tokens_.numbers.word(word),
                               deadline_, &*set);
  });
}

PassageRange PassageSearch::Widen(const PassageRange& passages,
                                  size_t tokens_before,
                                  size_t tokens_after) const {
  const index::Segment& segment = SegmentAt(passages.segment);
  const index::DocumentPlace& document =
      segment.document_place(segment.passage_place(passages.first).document);
  const uint32_t end = document.first_passage + document.passage_count;
  PassageRange wide = passages;
  for (size_t seen = 0; wide.first > document.first_passage &&
                        (wide.first == passages.first || seen < tokens_before);
       seen += segment.passage_place(wide.first).words) {
    --wide.first;
  }
  for (size_t seen = 0; wide.last + 1 < end &&
                        (wide.last == passages.last || seen < tokens_after);
       seen += segment.passage_place(wide.last).words) {
    ++wide.last;
  }
  return wide;
}

// Whether a word stands in some passages.
bool PassageSearch::IsIn(const std::optional<search::PassageSet>& set,
                         const PassageRange& passages) {
  for (uint32_t i = passages.first; i <= passages.last; ++i) {
    if (set->Has(i)) {
      return true;
    }
  }
  return false;
}

// Returns how many of the voters' tokens may stand in some passages; 0 where
// there are too few.
uint32_t PassageSearch::VotesIn(const Voters& voters,
                                const PassageRange& passages) const {
  const auto& sets = segments_[passages.segment].sets;
  uint32_t votes = 0;
  uint32_t left = voters.tokens;
  for (const auto& [word, count] : voters.words) {
    votes += IsIn(sets[word], passages) ? count : 0;
    left -= count;
    if (votes + left < voters.need) {
      return 0;
    }
  }
  return votes;
}

absl::Status PassageSearch::AddWindows(size_t segment, const Voters& voters,
                                       size_t reach,
                                       std::vector<Window>* windows) {
  const index::Segment& in = SegmentAt(segment);
  search::PassageSet any(in.passage_count());
  for (const auto& [word, count] : voters.words) {
    FOOTNOTE_RETURN_IF_ERROR(LoadSet(segment, word));
  }
  const std::vector<std::optional<search::PassageSet>>& sets =
      segments_[segment].sets;
  for (const uint32_t word : voters.base) {
    any.AddAll(*sets[word]);
  }
  any.RemoveAll(view_.hidden(segment));
  uint32_t seen = 0;
  for (uint32_t passage = any.NextFrom(0); passage < in.passage_count();
       passage = any.NextFrom(passage + 1)) {
    if (++seen % kPassagesPerLook == 0 && deadline_.Passed()) {
      return search::DeadlineError();
    }
    const PassageRange around =
        Widen({segment, passage, passage}, reach, reach);
    if (const uint32_t votes = VotesIn(voters, around); votes > 0) {
      windows->push_back({around, passage, votes, in.passage_id(passage)});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PassageSearch::Window>> PassageSearch::FindWindows(
    const Voters& voters, size_t reach) {
  std::vector<Window> windows;
  if (voters.base.empty()) {
    return windows;
  }
  for (size_t i = 0; i < segments_.size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(AddWindows(i, voters, reach, &windows));
  }
  if (windows.size() > kMaxWindows) {
    // Ids are the same in any segments, and as good as chance.
    std::nth_element(
        windows.begin(), windows.begin() + static_cast<ptrdiff_t>(kMaxWindows),
        windows.end(), [](const Window& a, const Window& b) {
          return a.votes != b.votes ? a.votes > b.votes : a.id < b.id;
        });
    windows.resize(kMaxWindows);
    is_incomplete_ = true;
  }
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) {
              return std::tie(a.passages.segment, a.passage) <
                     std::tie(b.passages.segment, b.passage);
            });
  return windows;
}

// Returns the passages of windows, those that overlap as one.
std::vector<PassageRange> PassageSearch::Merge(
    const std::vector<Window>& windows) {
  std::vector<PassageRange> merged;
  for (const Window& window : windows) {
    const PassageRange& passages = window.passages;
    const bool joins = !merged.empty() &&
                       merged.back().segment == passages.segment &&
                       passages.first <= merged.back().last &&
                       passages.last - merged.back().first < kMaxMerged;
    if (joins) {
      merged.back().last = std::max(merged.back().last, passages.last);
    } else {
      merged.push_back(passages);
    }
  }
  return merged;
}

}  // namespace footnote::grounding
