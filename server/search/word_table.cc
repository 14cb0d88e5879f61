#include "server/search/word_table.h"

#include <algorithm>
#include <utility>

#include "server/search/query_words.h"

namespace footnote::search {

uint32_t WordTable::Add(const QueryWord& word, bool is_scored, double boost) {
  const auto [at, inserted] =
      numbers_.try_emplace(KeyOf(word), static_cast<uint32_t>(uses_.size()));
  if (inserted) {
    uses_.push_back({word, 0, 0, false});
  }
  if (is_scored) {
    Use& use = uses_[at->second];
    ++use.count;
    use.boosts += boost;
    use.alone |= word.alone;
  }
  return at->second;
}

std::vector<uint32_t> WordTable::Finish(Query* query) {
  std::vector<uint32_t> numbers(uses_.size());
  for (const bool scored : {true, false}) {
    std::vector<QueryWord>& words = scored ? query->words : query->others;
    for (size_t i = 0; i < uses_.size(); ++i) {
      Use& use = uses_[i];
      if ((use.count > 0) != scored) {
        continue;
      }
      numbers[i] =
          static_cast<uint32_t>(query->words.size() + query->others.size());
      use.word.count = std::max(use.count, 1U);
      use.word.boost = scored ? use.boosts / use.count : 1;
      use.word.alone = use.alone;
      words.push_back(std::move(use.word));
    }
  }
  return numbers;
}

}  // namespace footnote::search
