#include "server/search/repeats.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "indexer/base/sha256.h"
#include "indexer/text/quote_words.h"

namespace footnote::search {
namespace {

// Four fifths, rounded up.
size_t MostOf(size_t runs) { return (runs * 4 + 4) / 5; }

// Returns how many runs two texts must share of which the longer has so many.
size_t MustShare(size_t runs) {
  return runs < RepeatFinder::kFewRuns ? runs : MostOf(runs);
}

// Two texts alike share one of the first so many runs of each, in the order of
// hashes: the others are fewer than they must share.
size_t FirstRuns(size_t runs) { return runs - MostOf(runs) + 1; }

// The digest of all words.
TextPrint DigestOf(std::string_view text) {
  std::string words;
  text::ForEachQuoteWord(text, [&](std::string_view word, uint32_t, uint32_t) {
    words.append(word) += '\0';
  });
  if (words.empty()) {
    return {};
  }
  const Digest digest = Sha256Of(words);
  TextPrint print(digest.size() / sizeof(uint64_t));
  std::memcpy(print.data(), digest.data(), digest.size());
  return print;
}

}  // namespace

TextPrint PrintOf(std::string_view text, Collapse collapse) {
  return collapse == Collapse::kExact ? DigestOf(text) : RunsOf(text);
}

std::optional<RepeatFinder::Found> RepeatFinder::Find(
    const TextPrint& print) const {
  if (print.empty()) {
    return std::nullopt;
  }
  if (collapse_ == Collapse::kNear) {
    return FindNear(print);
  }
  const auto same = exact_.find(print);
  return same == exact_.end() ? std::nullopt
                              : std::optional<Found>({same->second, 1});
}

std::optional<RepeatFinder::Found> RepeatFinder::FindNear(
    const WordRuns& runs) const {
  std::vector<size_t> indices;
  for (size_t i = 0; i < FirstRuns(runs.size()); ++i) {
    if (const auto at = by_run_.find(runs[i]); at != by_run_.end()) {
      indices.insert(indices.end(), at->second.begin(), at->second.end());
    }
  }
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  std::optional<Found> best;
  for (const size_t index : indices) {
    const WordRuns& other = *prints_[index];
    const size_t longer = std::max(runs.size(), other.size());
    if (std::min(runs.size(), other.size()) < MustShare(longer)) {
      continue;
    }
    const size_t shared = SharedRuns(runs, other);
    const double resemblance =
        static_cast<double>(shared) / static_cast<double>(longer);
    if (shared >= MustShare(longer) &&
        (!best || resemblance > best->resemblance)) {
      best = {index, resemblance};
    }
  }
  return best;
}

void RepeatFinder::Add(const TextPrint& print) {
  const size_t index = prints_.size();
  prints_.push_back(&print);
  if (print.empty()) {
    return;
  }
  if (collapse_ == Collapse::kExact) {
    exact_.emplace(print, index);
    return;
  }
  for (size_t i = 0; i < FirstRuns(print.size()); ++i) {
    by_run_[print[i]].push_back(index);
  }
}

}  // namespace footnote::search
