#include "server/search/synonyms.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "indexer/text/analyzer.h"

namespace footnote::search {

Synonyms::Synonyms(const std::vector<index::SynonymRule>& rules) {
  text::Analyzer analyzer;
  for (const index::SynonymRule& rule : rules) {
    for (const std::string& from : rule.from) {
      Side side;
      for (const text::Token& token : analyzer.Analyze(from, "und")) {
        side.words.push_back(token.word);
      }
      std::copy_if(rule.to.begin(), rule.to.end(), std::back_inserter(side.to),
                   [&](const std::string& to) { return to != from; });
      if (!side.words.empty()) {
        sides_[side.words.front()].push_back(std::move(side));
      }
    }
  }
}

SynonymMatch Synonyms::Find(const std::vector<std::string_view>& words,
                            size_t at) const {
  SynonymMatch match;
  const auto found = sides_.find(std::string(words[at]));
  if (found == sides_.end()) {
    return match;
  }
  for (const Side& side : found->second) {
    const size_t count = side.words.size();
    if (count < match.words || count > words.size() - at ||
        !std::equal(side.words.begin(), side.words.end(),
                    words.begin() + static_cast<ptrdiff_t>(at))) {
      continue;
    }
    if (count > match.words) {
      match.words = count;
      match.to.clear();
    }
    for (const std::string& to : side.to) {
      if (std::find(match.to.begin(), match.to.end(), to) == match.to.end()) {
        match.to.push_back(to);
      }
    }
  }
  return match;
}

}  // namespace footnote::search
