#include "server/search/constraint.h"

#include <algorithm>
#include <utility>

#include <xapian.h>

#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/field_words.h"
#include "server/search/phrase.h"
#include "server/search/postings.h"
#include "server/search/query.h"
#include "server/search/statistics.h"
#include "server/search/word_lexemes.h"

namespace footnote::search {
namespace {

constexpr uint32_t kPassagesPerLook = 256;  // less than a millisecond

// Finds what meets a constraint in one segment. All members throw what Xapian
// throws.
class SegmentConstraint {
 public:
  SegmentConstraint(const index::Segment& segment, const Query& query,
                    const Statistics& statistics, const Deadline& deadline)
      : segment_(segment),
        query_(query),
        statistics_(statistics),
        deadline_(deadline),
        database_(segment.databases().Get()) {}

  // Returns the passages of `within` that meet a constraint.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
  absl::StatusOr<PassageSet> Find(const Constraint& constraint,
                                  const PassageSet& within) {
    switch (constraint.kind) {
      case Constraint::Kind::kAll:
        return FindAllOf(constraint, within);
      case Constraint::Kind::kAny:
        return FindAnyOf(constraint, within);
      case Constraint::Kind::kNot:
        return FindWithout(constraint.parts.front(), within);
      case Constraint::Kind::kWords:
        return constraint.scope == Scope::kText
                   ? FindPhrase(constraint.phrase, within)
                   : FindInFields(segment_, query_, constraint.scope,
                                  constraint.phrase, within, deadline_);
      case Constraint::Kind::kFilter:
        break;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        PassageSet found, ApplyFilter(segment_, constraint.filter, deadline_));
    found.Intersect(within);
    return found;
  }

 private:
  // About how much there is to look at to find what meets a constraint; what
  // has little to look at leaves little for the others.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
  uint64_t CostOf(const Constraint& constraint) const {
    const uint64_t passages = segment_.passage_count();
    uint64_t cost = 0;
    switch (constraint.kind) {
      case Constraint::Kind::kAll:
      case Constraint::Kind::kAny:
        for (const Constraint& part : constraint.parts) {
          cost += CostOf(part);
        }
        return cost;
      case Constraint::Kind::kNot:
        return passages + CostOf(constraint.parts.front());
      case Constraint::Kind::kWords: {
        constexpr uint64_t kPhrase = 8;   // to one that looks at sets alone
        constexpr uint64_t kHeading = 4;  // to a document
        if (constraint.scope != Scope::kText) {
          return passages *
                 (constraint.scope == Scope::kHeading ? kHeading : 1);
        }
        const QueryPhrase& phrase = constraint.phrase;
        cost = FrequencyOf(phrase.slots.front());
        for (const PhraseSlot& slot : phrase.slots) {
          cost = std::min(cost, FrequencyOf(slot));
        }
        return cost * (phrase.slots.size() > 1 ? kPhrase : 1);
      }
      case Constraint::Kind::kFilter:
        break;
    }
    return passages / 2;
  }

  uint64_t FrequencyOf(const PhraseSlot& slot) const {
    return statistics_.TermsAt(slot.word).frequency;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
  absl::StatusOr<PassageSet> FindAllOf(const Constraint& constraint,
                                       const PassageSet& within) {
    std::vector<std::pair<uint64_t, const Constraint*>> parts;
    for (const Constraint& part : constraint.parts) {
      parts.emplace_back(CostOf(part), &part);
    }
    std::stable_sort(
        parts.begin(), parts.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    PassageSet found = within;
    for (const auto& [cost, part] : parts) {
      if (found.IsEmpty()) {
        break;
      }
      FOOTNOTE_ASSIGN_OR_RETURN(found, Find(*part, found));
    }
    return found;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
  absl::StatusOr<PassageSet> FindAnyOf(const Constraint& constraint,
                                       const PassageSet& within) {
    PassageSet found(segment_.passage_count());
    for (const Constraint& part : constraint.parts) {
      FOOTNOTE_ASSIGN_OR_RETURN(const PassageSet other, Find(part, within));
      found.AddAll(other);
    }
    return found;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
  absl::StatusOr<PassageSet> FindWithout(const Constraint& constraint,
                                         const PassageSet& within) {
    FOOTNOTE_ASSIGN_OR_RETURN(const PassageSet other, Find(constraint, within));
    PassageSet found = within;
    found.Remove(other);
    return found;
  }

  // Returns the passages of `within` that have a word.
  absl::StatusOr<PassageSet> FindWord(uint32_t word, const PassageSet& within) {
    PassageSet found(segment_.passage_count());
    for (const std::string& term : statistics_.TermsAt(word).terms) {
      FOOTNOTE_RETURN_IF_ERROR(AddPostingsWithin(segment_, *database_, term,
                                                 within, deadline_, &found));
    }
    return found;
  }

  absl::StatusOr<PassageSet> FindPhrase(const QueryPhrase& phrase,
                                        const PassageSet& within) {
    std::vector<PhraseSlot> rarest_first = phrase.slots;
    std::stable_sort(rarest_first.begin(), rarest_first.end(),
                     [&](const PhraseSlot& a, const PhraseSlot& b) {
                       return FrequencyOf(a) < FrequencyOf(b);
                     });
    FOOTNOTE_ASSIGN_OR_RETURN(PassageSet found,
                              FindWord(rarest_first.front().word, within));
    for (size_t i = 1; i < rarest_first.size() && !found.IsEmpty(); ++i) {
      if (rarest_first[i].word != rarest_first[i - 1].word) {
        FOOTNOTE_ASSIGN_OR_RETURN(found, FindWord(rarest_first[i].word, found));
      }
    }
    return phrase.slots.size() == 1 || found.IsEmpty() ? std::move(found)
                                                       : Verify(phrase, found);
  }

  // Returns the passages of `candidates`, which have all words of a phrase, in
  // which they stand together.
  absl::StatusOr<PassageSet> Verify(const QueryPhrase& phrase,
                                    const PassageSet& candidates) {
    PhraseInSegment finder(segment_, query_, statistics_, phrase);
    const uint32_t passages = segment_.passage_count();
    PassageSet found(passages);
    uint32_t looks = 0;
    for (uint32_t at = candidates.NextFrom(0); at < passages;
         at = candidates.NextFrom(at + 1)) {
      if (++looks % kPassagesPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      if (finder.IsIn(at)) {
        found.Add(at);
      }
    }
    return found;
  }

  const index::Segment& segment_;
  const Query& query_;
  const Statistics& statistics_;
  const Deadline& deadline_;
  index::DatabasePool::Lease database_;
};

}  // namespace

absl::StatusOr<std::vector<PassageSet>> ApplyConstraint(
    const View& view, const Query& query, const Statistics& statistics,
    const std::vector<PassageSet>& allowed, const Deadline& deadline) {
  std::vector<PassageSet> sets;
  const auto& segments = view.generation().segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    PassageSet within(segments[i]->passage_count());
    within.Invert();
    within.RemoveAll(view.hidden(i));
    if (!allowed.empty()) {
      within.Intersect(allowed[i]);
    }
    const absl::Status found = index::CatchXapian([&]() -> absl::Status {
      if (deadline.Passed()) {
        return DeadlineError();
      }
      SegmentConstraint segment(*segments[i], query, statistics, deadline);
      FOOTNOTE_ASSIGN_OR_RETURN(within,
                                segment.Find(*query.constraint, within));
      return absl::OkStatus();
    });
    FOOTNOTE_RETURN_IF_ERROR(found);
    sets.push_back(std::move(within));
  }
  return sets;
}

}  // namespace footnote::search
