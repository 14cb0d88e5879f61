// A set of passages of one segment.

#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include <roaring/roaring.hh>

#include "indexer/index/frequent_terms.h"

namespace footnote::search {

// One bit a passage. Not thread-safe while it changes.
class PassageSet {
 public:
  // An empty set over so many passages.
  explicit PassageSet(uint32_t passages)
      : passages_(passages), bits_(index::SetWords(passages)) {}

  // Returns how much memory a set over so many passages takes.
  static uint64_t BytesOf(uint32_t passages) {
    return sizeof(uint64_t) * index::SetWords(passages);
  }

  // Adds one, or takes it out.
  void Add(uint32_t passage) {
    bits_[passage / kBits] |= uint64_t{1} << (passage % kBits);
  }
  void Take(uint32_t passage) {
    bits_[passage / kBits] &= ~(uint64_t{1} << (passage % kBits));
  }
  // Adds passages [start, end).
  void AddRange(uint32_t start, uint32_t end) {
    for (; start < end && start % kBits != 0; ++start) {
      Add(start);
    }
    for (; start + kBits <= end; start += kBits) {
      bits_[start / kBits] = ~uint64_t{0};
    }
    for (; start < end; ++start) {
      Add(start);
    }
  }
  void RemoveRange(uint32_t start, uint32_t end) {
    for (; start < end; ++start) {
      bits_[start / kBits] &= ~(uint64_t{1} << (start % kBits));
    }
  }
  // Adds the passages of a set as index::FrequentTerms has it.
  void AddAll(const uint64_t* words) {
    for (size_t i = 0; i < bits_.size(); ++i) {
      bits_[i] |= words[i];
    }
  }
  void AddAll(const PassageSet& other) { AddAll(other.bits_.data()); }
  void RemoveAll(const Roaring& passages) {
    for (const uint32_t passage : passages) {
      bits_[passage / kBits] &= ~(uint64_t{1} << (passage % kBits));
    }
  }
  // Adds what is both in `other` and in a set as index::FrequentTerms has it.
  void AddBoth(const PassageSet& other, const uint64_t* words) {
    for (size_t i = 0; i < bits_.size(); ++i) {
      bits_[i] |= other.bits_[i] & words[i];
    }
  }
  // Keeps what `other` has too.
  void Intersect(const PassageSet& other) {
    for (size_t i = 0; i < bits_.size(); ++i) {
      bits_[i] &= other.bits_[i];
    }
  }
  // Takes out what `other` has.
  void Remove(const PassageSet& other) {
    for (size_t i = 0; i < bits_.size(); ++i) {
      bits_[i] &= ~other.bits_[i];
    }
  }
  void Invert() {
    for (uint64_t& word : bits_) {
      word = ~word;
    }
    if (passages_ % kBits != 0) {
      bits_.back() &= (uint64_t{1} << (passages_ % kBits)) - 1;
    }
  }

  bool Has(uint32_t passage) const {
    return (bits_[passage / kBits] >> (passage % kBits) & 1) != 0;
  }
  bool IsEmpty() const {
    return std::all_of(bits_.begin(), bits_.end(),
                       [](uint64_t word) { return word == 0; });
  }
  uint32_t Count() const {
    uint32_t count = 0;
    for (const uint64_t word : bits_) {
      count += static_cast<uint32_t>(std::popcount(word));
    }
    return count;
  }
  // Returns how many of passages [start, end) are in the set.
  uint32_t CountRange(uint32_t start, uint32_t end) const {
    uint32_t count = 0;
    for (uint32_t at = start; at < end;) {
      const uint32_t stop = std::min(end, (at / kBits + 1) * kBits);
      uint64_t word = bits_[at / kBits] >> (at % kBits);
      if (stop - at < kBits) {
        word &= (uint64_t{1} << (stop - at)) - 1;
      }
      count += static_cast<uint32_t>(std::popcount(word));
      at = stop;
    }
    return count;
  }
  // Returns the first passage of the set from `passage` on; the number of
  // passages where there is none.
  uint32_t NextFrom(uint32_t passage) const {
    if (passage >= passages_) {
      return passages_;
    }
    size_t i = passage / kBits;
    uint64_t word = bits_[i] >> (passage % kBits) << (passage % kBits);
    while (word == 0) {
      if (++i == bits_.size()) {
        return passages_;
      }
      word = bits_[i];
    }
    return static_cast<uint32_t>(i * kBits) +
           static_cast<uint32_t>(std::countr_zero(word));
  }

  // Calls `f` with each passage of the set, ascending.
  template <typename F>
  void ForEach(F&& f) const {
    for (size_t i = 0; i < bits_.size(); ++i) {
      for (uint64_t word = bits_[i]; word != 0; word &= word - 1) {
        f(static_cast<uint32_t>(i * kBits) +
          static_cast<uint32_t>(std::countr_zero(word)));
      }
    }
  }

 private:
  static constexpr uint32_t kBits = 64;
  uint32_t passages_;
  std::vector<uint64_t> bits_;
};

}  // namespace footnote::search
