// Answers that were given before.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "footnote/v1/search_service.pb.h"

namespace footnote::service {

// Keeps answers that were asked for more than once, up to so many bytes; those
// used last stay. A generation never changes, so that an answer stays right for
// as long as its key names the generation and what is hidden of it.
// Thread-safe.
class ResultCache {
 public:
  // Keeps nothing for 0 bytes.
  explicit ResultCache(size_t max_bytes);

  // Returns the answer of a key, or null.
  std::shared_ptr<const v1::SearchResponse> Find(const std::string& key);

  // How often Find() found an answer, and how often none.
  uint64_t hits() const { return hits_; }
  uint64_t misses() const { return misses_; }

  // Keeps an answer where its key came before not long ago: most are asked for
  // once only, and keeping costs a copy. One that would take more than a
  // sixteenth of the whole is not kept.
  void Add(const std::string& key, const v1::SearchResponse& response);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const v1::SearchResponse> response;
    size_t bytes = 0;
  };

  const size_t max_bytes_;
  std::atomic<uint64_t> hits_ = 0;
  std::atomic<uint64_t> misses_ = 0;
  std::mutex mutex_;          // guards what follows
  std::list<Entry> entries_;  // the one used last comes first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  size_t bytes_ = 0;
  std::vector<uint64_t> asked_;  // hashes of keys, each at its own place
};

}  // namespace footnote::service
