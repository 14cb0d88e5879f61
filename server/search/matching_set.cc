#include "server/search/matching_set.h"

#include <string>

#include "indexer/index/schema.h"
#include "indexer/index/xapian_errors.h"
#include "server/search/match.h"

namespace footnote::search {
namespace {

using index::TermField;

constexpr uint32_t kPostingsPerLook = 16384;  // about 300 us of work

absl::Status AddPostings(const Xapian::Database& database,
                         const std::string& term, const Deadline& deadline,
                         PassageSet* set) {
  const Xapian::docid passage_count = database.get_lastdocid();
  uint32_t seen = 0;
  const auto end = database.postlist_end(term);
  for (auto posting = database.postlist_begin(term); posting != end;
       ++posting) {
    if (*posting > passage_count) {
      return DamagedPostingsError();
    }
    set->Add(*posting - 1);
    if (++seen % kPostingsPerLook == 0 && deadline.Passed()) {
      return DeadlineError();
    }
  }
  return absl::OkStatus();
}

absl::Status AddForms(const Xapian::Database& database, const QueryWord& word,
                      const Deadline& deadline, PassageSet* set) {
  for (const std::string& stem : word.stems) {
    FOOTNOTE_RETURN_IF_ERROR(
        AddPostings(database, MakeTerm(TermField::kStem, stem), deadline, set));
  }
  if (word.by_word) {
    FOOTNOTE_RETURN_IF_ERROR(AddPostings(
        database, MakeTerm(TermField::kWord, word.word), deadline, set));
  }
  return absl::OkStatus();
}

absl::Status AddWords(const index::Segment& segment, const Query& query,
                      const Deadline& deadline, PassageSet* set) {
  index::Segment::DatabaseLease database = segment.LeaseDatabase();
  for (const QueryWord& word : query.words) {
    FOOTNOTE_RETURN_IF_ERROR(AddForms(*database, word, deadline, set));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PassageSet> FindAll(const index::Segment& segment,
                                   const Query& query,
                                   const Deadline& deadline) {
  PassageSet set(segment.passage_count());
  FOOTNOTE_RETURN_IF_ERROR(index::CatchXapian(
      [&] { return AddWords(segment, query, deadline, &set); }));
  for (const uint32_t gone : segment.tombstones().passages) {
    set.Remove(gone);
  }
  return set;
}

MatchCount CountMatches(const index::Segment& segment, const PassageSet& set) {
  MatchCount count;
  uint64_t last_document = UINT64_MAX;
  set.ForEach([&](uint32_t passage) {
    ++count.passages;
    // Passages of a document follow each other.
    const uint32_t document = segment.passage_place(passage).document;
    count.documents += document != last_document ? 1 : 0;
    last_document = document;
  });
  return count;
}

}  // namespace footnote::search
