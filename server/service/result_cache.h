// Answers that were given before.

#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "footnote/v1/search_service.pb.h"

namespace footnote::service {

// Keeps the answers used last, up to so many bytes. A generation never changes,
// so that an answer stays right for as long as its key names the generation.
// Thread-safe.
class ResultCache {
 public:
  // Keeps nothing for 0 bytes.
  explicit ResultCache(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Returns the answer of a key, or null.
  std::shared_ptr<const v1::SearchResponse> Find(const std::string& key);

  // Keeps an answer, but one that takes more than a sixteenth of the whole.
  void Add(const std::string& key, const v1::SearchResponse& response);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const v1::SearchResponse> response;
    size_t bytes = 0;
  };

  const size_t max_bytes_;
  std::mutex mutex_;          // guards what follows
  std::list<Entry> entries_;  // the one used last comes first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  size_t bytes_ = 0;
};

}  // namespace footnote::service
