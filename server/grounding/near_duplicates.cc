#include "server/grounding/near_duplicates.h"

namespace footnote::grounding {

std::optional<size_t> NearDuplicates::Find(std::string_view text) const {
  const search::WordRuns runs = search::RunsOf(text);
  for (size_t i = 0; i < texts_.size(); ++i) {
    const size_t shared = search::SharedRuns(texts_[i], runs);
    if (shared > 0 && shared * 5 >= runs.size() * 4) {
      return i;
    }
  }
  return std::nullopt;
}

void NearDuplicates::Add(std::string_view text) {
  texts_.push_back(search::RunsOf(text));
}

}  // namespace footnote::grounding
