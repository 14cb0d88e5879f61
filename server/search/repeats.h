// Tells texts that repeat others.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/search/ranking_options.h"
#include "server/search/word_runs.h"

namespace footnote::search {

// What a text is compared by.
using TextPrint = std::vector<uint64_t>;

// Returns the print of a text; empty of one without words, which repeats
// nothing. Thread-safe.
TextPrint PrintOf(std::string_view text, Collapse collapse);

// Finds, of the texts added, the one that a text repeats.
//
// kExact: both have the same words in the same order, as RunsOf() reads them.
// kNear: the resemblance is four fifths or more: of the distinct runs of three
// words of the text that has more, the share that both have. A text of few
// words is hardly the same when a word of it changes, so that where both have
// fewer than kFewRuns runs they must share all.
// (After Broder, "On the resemblance and containment of documents", 1997; over
// the longer text, so that neither says much that the other does not.)
//
// Not thread-safe.
class RepeatFinder {
 public:
  static constexpr size_t kFewRuns = 10;

  struct Found {
    size_t index = 0;
    double resemblance = 1;
  };

  explicit RepeatFinder(Collapse collapse) : collapse_(collapse) {}

  // Returns the text that one of this print resembles most, the first of
  // several; nothing where it repeats none. All prints, here and below, live as
  // long as this.
  std::optional<Found> Find(const TextPrint& print) const;

  // Adds a text; its index is the number of those added before.
  void Add(const TextPrint& print);

 private:
  std::optional<Found> FindNear(const WordRuns& runs) const;

  const Collapse collapse_;
  std::vector<const TextPrint*> prints_;
  std::map<TextPrint, size_t> exact_;  // the first of each
  // Those of kNear by each of the runs that FirstRuns() says.
  std::unordered_map<uint64_t, std::vector<size_t>> by_run_;
};

}  // namespace footnote::search
