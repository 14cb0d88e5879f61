// Hides results behind others above them.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/memory_budget.h"
#include "server/search/ranking_options.h"
#include "server/search/repeats.h"
#include "server/search/result.h"
#include "server/search/view.h"

namespace footnote::search {

// So many results are looked at for what they repeat, whatever page is asked
// for: those below are shown, where their documents are not full.
inline constexpr uint32_t kHidingDepth = 1000;
// So many of the results that repeat one are named.
inline constexpr size_t kMostNamedDuplicates = 20;

// Goes down a ranked list and decides which results are shown: those that
// repeat none shown above them, as `collapse` says, and of each document the
// first max_passages_per_document of these. A result that does both, repeat one
// and stand beyond its document's limit, is a duplicate; duplicates take no
// place of their documents. Not thread-safe.
class Hiding {
 public:
  using Place = std::pair<uint32_t, uint32_t>;  // segment, passage

  // A hidden result, and how much it resembles the one that it repeats.
  struct Repeat {
    Place place;
    double resemblance = 1;
  };
  // What repeats a result that is shown.
  struct Repeats {
    std::vector<Repeat> named;  // the first of them
    uint32_t count = 0;
  };

  // All that it is given must outlive it.
  Hiding(const View& view, const RankingOptions& options, MemoryBudget& memory)
      : view_(view), options_(options), memory_(memory) {}

  // Begins at the top of a list. Texts that were read before are not read
  // again.
  void Begin();

  // Adds a result that is shown whatever it repeats, before all others, and is
  // not counted.
  // Errors: kResourceExhausted SEARCH_TOO_LARGE; kDataLoss INDEX_CORRUPT.
  absl::Status AddPinned(const Place& place, const Deadline& limit);

  // Returns whether the next result is shown. From `limit` on, none is looked
  // at for what it repeats.
  // Errors: likewise.
  absl::StatusOr<bool> Shows(const Place& place, const Deadline& limit);

  const HiddenResults& hidden() const { return hidden_; }
  // Whether the limit passed before all were looked at.
  bool cut_short() const { return cut_short_; }

  // Returns what repeats a result that is shown.
  const Repeats& RepeatsOf(const Place& place) const;

 private:
  absl::StatusOr<const TextPrint*> Read(const Place& place);
  absl::StatusOr<bool> IsRepeat(const Place& place, const Deadline& limit);
  void AddShown(const Place& place, const TextPrint& print);

  const View& view_;
  const RankingOptions& options_;
  MemoryBudget& memory_;
  std::map<Place, TextPrint> prints_;
  std::optional<RepeatFinder> finder_;
  std::vector<Place> shown_;  // those that the finder has
  std::map<Place, Repeats> repeats_;
  std::map<Place, uint32_t> taken_;  // passages by segment and document
  HiddenResults hidden_;
  bool cut_short_ = false;
};

}  // namespace footnote::search
