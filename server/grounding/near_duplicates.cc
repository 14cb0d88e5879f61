#include "server/grounding/near_duplicates.h"

#include <algorithm>
#include <functional>

#include "indexer/text/quote_words.h"

namespace footnote::grounding {
namespace {

constexpr size_t kRunWords = 3;

// Returns the hashes of the runs of words of a text; of a shorter one that of
// all of it.
std::unordered_set<uint64_t> RunsOf(std::string_view text) {
  constexpr uint64_t kPrime = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio
  std::vector<uint64_t> words;
  text::ForEachQuoteWord(text, [&](std::string_view word, uint32_t, uint32_t) {
    words.push_back(std::hash<std::string_view>{}(word));
  });
  std::unordered_set<uint64_t> runs;
  const size_t last = words.size() - std::min(words.size(), kRunWords);
  for (size_t i = 0; i <= last; ++i) {
    uint64_t run = 0;
    for (size_t k = i; k < std::min(i + kRunWords, words.size()); ++k) {
      run = (run ^ words[k]) * kPrime;
    }
    runs.insert(run);
  }
  return runs;
}

}  // namespace

std::optional<size_t> NearDuplicates::Find(std::string_view text) const {
  const std::unordered_set<uint64_t> runs = RunsOf(text);
  for (size_t i = 0; i < texts_.size(); ++i) {
    const auto shared = static_cast<size_t>(
        std::count_if(runs.begin(), runs.end(),
                      [&](uint64_t run) { return texts_[i].contains(run); }));
    if (shared * 5 >= runs.size() * 4) {
      return i;
    }
  }
  return std::nullopt;
}

void NearDuplicates::Add(std::string_view text) {
  texts_.push_back(RunsOf(text));
}

}  // namespace footnote::grounding
