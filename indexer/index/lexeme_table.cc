#include "indexer/index/lexeme_table.h"

#include <algorithm>
#include <functional>

namespace footnote::index {
namespace {

constexpr size_t kMinSlots = 1024;
constexpr size_t kBlockBytes = 64 << 10;

}  // namespace

uint32_t LexemeTable::Intern(std::string_view entry) {
  if (entries_.size() * 2 >= slots_.size()) {
    Grow();
  }
  const auto hash = static_cast<uint32_t>(std::hash<std::string_view>{}(entry));
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.number == kFree) {
      slot = {hash, size()};
      entries_.push_back(Store(entry));
      return slot.number;
    }
    if (slot.hash == hash && entries_[slot.number] == entry) {
      return slot.number;
    }
  }
}

void LexemeTable::Grow() {
  std::vector<Slot> old(std::max(kMinSlots, slots_.size() * 2));
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == kFree) {
      continue;
    }
    size_t at = slot.hash & mask;
    while (slots_[at].number != kFree) {
      at = (at + 1) & mask;
    }
    slots_[at] = slot;
  }
}

std::string_view LexemeTable::Store(std::string_view entry) {
  if (blocks_.empty() ||
      blocks_.back().capacity() - blocks_.back().size() < entry.size()) {
    blocks_.emplace_back().reserve(std::max(kBlockBytes, entry.size()));
  }
  std::string& block = blocks_.back();
  const size_t at = block.size();
  block += entry;
  return std::string_view(block).substr(at);
}

uint64_t LexemeTable::memory_bytes() const {
  return slots_.capacity() * sizeof(Slot) +
         entries_.capacity() * sizeof(std::string_view) +
         blocks_.size() * kBlockBytes;
}

}  // namespace footnote::index
