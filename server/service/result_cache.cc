#include "server/service/result_cache.h"

#include <functional>
#include <utility>

namespace footnote::service {
namespace {

constexpr size_t kAskedPlaces = 1 << 14;

}  // namespace

ResultCache::ResultCache(size_t max_bytes)
    : max_bytes_(max_bytes), asked_(max_bytes == 0 ? 0 : kAskedPlaces) {}

std::shared_ptr<const v1::SearchResponse> ResultCache::Find(
    const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto at = by_key_.find(key);
  if (at == by_key_.end()) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  entries_.splice(entries_.begin(), entries_, at->second);
  return at->second->response;
}

void ResultCache::Add(const std::string& key,
                      const v1::SearchResponse& response) {
  if (max_bytes_ == 0) {
    return;
  }
  {
    const uint64_t hash = std::hash<std::string>()(key);
    const std::lock_guard lock(mutex_);
    uint64_t& last = asked_[hash % kAskedPlaces];
    if (std::exchange(last, hash) != hash) {
      return;
    }
  }
  // Messages take about three times their size on the wire.
  constexpr size_t kTimesWire = 3;
  constexpr size_t kMostOfAll = 16;
  const size_t bytes = key.size() + kTimesWire * response.ByteSizeLong();
  if (bytes > max_bytes_ / kMostOfAll) {
    return;
  }
  auto kept = std::make_shared<const v1::SearchResponse>(response);
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) {
    return;
  }
  entries_.push_front({key, std::move(kept), bytes});
  by_key_.emplace(entries_.front().key, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

}  // namespace footnote::service
