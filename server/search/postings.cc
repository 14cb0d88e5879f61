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

}  // namespace footnote::search
