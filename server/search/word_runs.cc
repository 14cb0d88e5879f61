#include "server/search/word_runs.h"

#include <algorithm>
#include <functional>

#include "indexer/text/quote_words.h"

namespace footnote::search {
namespace {

constexpr size_t kRunWords = 3;

}  // namespace

WordRuns RunsOf(std::string_view text) {
  constexpr uint64_t kPrime = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio
  std::vector<uint64_t> words;
  text::ForEachQuoteWord(text, [&](std::string_view word, uint32_t, uint32_t) {
    words.push_back(std::hash<std::string_view>{}(word));
  });
  WordRuns runs;
  if (words.empty()) {
    return runs;
  }
  const size_t last = words.size() - std::min(words.size(), kRunWords);
  for (size_t i = 0; i <= last; ++i) {
    uint64_t run = 0;
    for (size_t k = i; k < std::min(i + kRunWords, words.size()); ++k) {
      run = (run ^ words[k]) * kPrime;
    }
    runs.push_back(run);
  }
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  return runs;
}

size_t SharedRuns(const WordRuns& a, const WordRuns& b) {
  size_t shared = 0;
  for (auto at = a.begin(), other = b.begin();
       at != a.end() && other != b.end();) {
    if (*at == *other) {
      ++shared;
      ++at;
      ++other;
    } else if (*at < *other) {
      ++at;
    } else {
      ++other;
    }
  }
  return shared;
}

}  // namespace footnote::search
