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

}  // namespace

std::vector<uint32_t> SplitPassages(const std::vector<SentenceSize>& sentences,
                                    const PassageLimits& limits) {
  // best[i]: the least cost of grouping the first i sentences; from[i]: where
  // the last passage of that grouping starts.
  const auto count = static_cast<uint32_t>(sentences.size());
  std::vector<double> best(count + 1, std::numeric_limits<double>::infinity());
  std::vector<uint32_t> from(count + 1, 0);
  best[0] = 0;
  for (uint32_t end = 1; end <= count; ++end) {
    const SentenceSize& last = sentences[end - 1];
    const double border =
        (end == count ? 0 : kBorderCost[static_cast<int>(last.after)]) +
        (last.is_heading && end != count ? kHeadingLastCost : 0);
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
          best[start] + LengthCost(words, limits) + border + headings;
      if (cost < best[end]) {
        best[end] = cost;
        from[end] = start;
      }
      // A run of headings opens one passage: only its first counts, later.
      const bool opens_run = sentences[start].is_heading &&
                             (start == 0 || !sentences[start - 1].is_heading);
      headings += opens_run ? kHeadingInsideCost : 0;
    }
  }
  std::vector<uint32_t> ends;
  for (uint32_t end = count; end > 0; end = from[end]) {
    ends.push_back(end);
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

}  // namespace footnote::pipeline
