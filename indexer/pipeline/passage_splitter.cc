#include "indexer/pipeline/passage_splitter.h"

#include <algorithm>
#include <limits>

namespace footnote::pipeline {
namespace {

// Costs, in units of "one passage of half the target length".
constexpr double kBorderCost[] = {0.6, 0.35, 0.1, 0.0};  // by Border
constexpr double kHeadingInsideCost = 0.8;  // a heading that opens no passage
constexpr double kHeadingLastCost = 4.0;    // a heading cut off from its text
constexpr double kTooShortCost = 1.0;       // for an empty one; linear to min
constexpr double kPassageCost = 0.05;       // for each: fewer is better

// The cost of a passage's length in words.
double LengthCost(double words, const PassageLimits& limits) {
  const double off = (words - limits.target_words) / limits.target_words;
  double cost = kPassageCost + off * off;
  if (words < limits.min_words) {
    cost += kTooShortCost * (limits.min_words - words) / limits.min_words;
  }
  return cost;
}

// The cost of a border after sentence `end` - 1.
double EndCost(const std::vector<SentenceSize>& sentences, uint32_t end) {
  if (end == sentences.size()) {
    return 0;
  }
  const SentenceSize& last = sentences[end - 1];
  return kBorderCost[static_cast<int>(last.after)] +
         (last.is_heading ? kHeadingLastCost : 0);
}

// A run of headings opens one passage: only its first counts, later.
bool OpensHeadings(const std::vector<SentenceSize>& sentences, uint32_t i) {
  return sentences[i].is_heading && (i == 0 || !sentences[i - 1].is_heading);
}

// A grouping of the first sentences of a document, by its last passage.
struct Grouping {
  double cost = std::numeric_limits<double>::infinity();
  uint32_t last_start = 0;
};

// Returns the cheapest grouping of the first `end` sentences; `best` has those
// of fewer.
Grouping BestGrouping(const std::vector<SentenceSize>& sentences,
                      const PassageLimits& limits,
                      const std::vector<Grouping>& best, uint32_t end) {
  const double border = EndCost(sentences, end);
  Grouping cheapest;
  double words = 0;
  uint64_t bytes = 0;
  double headings = 0;
  for (uint32_t start = end; start-- > 0;) {
    words += sentences[start].words;
    bytes += sentences[start].bytes;
    const bool too_long = words > limits.max_words ||
                          bytes > limits.max_bytes ||
                          end - start > limits.max_sentences;
    if (too_long && start + 1 != end) {
      break;
    }
    const double cost =
        best[start].cost + LengthCost(words, limits) + border + headings;
    if (cost < cheapest.cost) {
      cheapest = {cost, start};
    }
    headings += OpensHeadings(sentences, start) ? kHeadingInsideCost : 0;
  }
  return cheapest;
}

}  // namespace

std::vector<uint32_t> SplitPassages(const std::vector<SentenceSize>& sentences,
                                    const PassageLimits& limits) {
  const auto count = static_cast<uint32_t>(sentences.size());
  std::vector<Grouping> best = {{0, 0}};  // by number of sentences
  best.reserve(count + 1);
  for (uint32_t end = 1; end <= count; ++end) {
    best.push_back(BestGrouping(sentences, limits, best, end));
  }
  std::vector<uint32_t> ends;
  for (uint32_t end = count; end > 0; end = best[end].last_start) {
    ends.push_back(end);
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

}  // namespace footnote::pipeline
