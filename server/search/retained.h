// The older generations of a collection that are open.

#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "server/search/visibility.h"

namespace footnote::search {

// An older generation that was opened on request.
struct RetainedGeneration {
  std::shared_ptr<const CurrentView> view;
  std::weak_ptr<const CurrentView> newest;  // that decides what is seen

  uint64_t number() const { return view->generation()->info().number; }
};

// Older generations; those used last stay open. Not thread-safe.
class Retained {
 public:
  // How many stay open besides the current one.
  static constexpr size_t kMaxOpen = 4;

  // Returns a generation, or null where it is not open.
  const RetainedGeneration* Use(uint64_t number) {
    const auto at = std::find_if(open_.begin(), open_.end(),
                                 [&](const RetainedGeneration& retained) {
                                   return retained.number() == number;
                                 });
    if (at == open_.end()) {
      return nullptr;
    }
    std::rotate(at, at + 1, open_.end());
    return &open_.back();
  }

  void Add(RetainedGeneration retained) {
    if (Use(retained.number()) != nullptr) {
      open_.pop_back();
    } else if (open_.size() == kMaxOpen) {
      open_.erase(open_.begin());
    }
    open_.push_back(std::move(retained));
  }

  void Clear() { open_.clear(); }

  // Appends all of them.
  void AddTo(std::vector<std::shared_ptr<const index::Generation>>* generations)
      const {
    for (const RetainedGeneration& retained : open_) {
      generations->push_back(retained.view->generation());
    }
  }

 private:
  std::vector<RetainedGeneration> open_;  // the one used last at the end
};

}  // namespace footnote::search
