#include "server/search/postings.h"

namespace footnote::search {
namespace {

constexpr uint32_t kPostingsPerLook = 16384;  // about 300 us of work

}  // namespace

absl::Status DamagedPostingsError() {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   "the postings name a passage that is not there");
}

absl::Status AddPostings(const index::Segment& segment,
                         const Xapian::Database& database,
                         const std::string& term, const Deadline& deadline,
                         PassageSet* set) {
  if (deadline.Passed()) {
    return DeadlineError();
  }
  if (const uint64_t* words = segment.frequent_terms().Find(term)) {
    set->AddAll(words);
    return absl::OkStatus();
  }
  const Xapian::docid passages = segment.passage_count();
  uint32_t seen = 0;
  const auto end = database.postlist_end(term);
  for (auto posting = database.postlist_begin(term); posting != end;
       ++posting) {
    if (*posting > passages) {
      return DamagedPostingsError();
    }
    set->Add(*posting - 1);
    if (++seen % kPostingsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
  }
  return absl::OkStatus();
}

absl::Status AddPostingsWithin(const index::Segment& segment,
                               const Xapian::Database& database,
                               const std::string& term,
                               const PassageSet& within,
                               const Deadline& deadline, PassageSet* set) {
  if (deadline.Passed()) {
    return DeadlineError();
  }
  if (const uint64_t* words = segment.frequent_terms().Find(term)) {
    set->AddBoth(within, words);
    return absl::OkStatus();
  }
  // A jump costs about as much as so many steps.
  constexpr uint64_t kStepsOfJump = 16;
  const uint32_t passages = segment.passage_count();
  const bool jumps =
      within.Count() * kStepsOfJump < database.get_termfreq(term);
  uint32_t seen = 0;
  const auto end = database.postlist_end(term);
  auto posting = database.postlist_begin(term);
  while (posting != end) {
    if (*posting > passages) {
      return DamagedPostingsError();
    }
    const uint32_t passage = *posting - 1;
    if (within.Has(passage)) {
      set->Add(passage);
    }
    if (!jumps) {
      ++posting;
    } else if (const uint32_t next = within.NextFrom(passage + 1);
               next < passages) {
      posting.skip_to(next + 1);
    } else {
      break;
    }
    if (++seen % kPostingsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
  }
  return absl::OkStatus();
}

}  // namespace footnote::search
