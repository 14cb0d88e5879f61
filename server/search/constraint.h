// What passages must meet to match a query, beside having any of its words.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/filter.h"
#include "server/search/passage_set.h"
#include "server/search/syntax.h"
#include "server/search/view.h"

namespace footnote::search {

struct Query;
struct Statistics;

// A word of a phrase.
struct PhraseSlot {
  uint32_t word = 0;      // see Query::WordAt()
  uint32_t position = 0;  // in tokens from the first of the phrase
};

// Words that stand together, at least one. They match tokens t of which
// max(t - position) - min(t - position) is at most `slop`, each a token of its
// own: with 0, in order and side by side. (Lucene's sloppy phrases: the slop is
// how many places words may be moved in all, so that two that change places
// take 2.)
struct QueryPhrase {
  std::vector<PhraseSlot> slots;  // by position
  uint32_t tokens = 0;            // from the first slot to the end of the last
  uint32_t slop = 0;
  std::string text;  // folded, for people
};

// A condition on a passage: a tree. kAll without parts is met by all, kAny by
// none.
struct Constraint {
  enum class Kind : uint8_t { kAll, kAny, kNot, kWords, kFilter };

  Kind kind = Kind::kAll;
  std::vector<Constraint> parts;  // of kAll, kAny; one of kNot
  Scope scope = Scope::kText;     // of kWords: where they stand
  QueryPhrase phrase;             // of kWords; one slot for a single word
  Filter filter;                  // of kFilter
};

// Returns, for each segment, the passages that the view shows, that are in
// `allowed`, where it is not empty, and that meet the constraint of `query`,
// which must have one. `statistics` are its own.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<PassageSet>> ApplyConstraint(
    const View& view, const Query& query, const Statistics& statistics,
    const std::vector<PassageSet>& allowed, const Deadline& deadline);

}  // namespace footnote::search
