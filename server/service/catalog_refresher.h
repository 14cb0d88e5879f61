// Notices newly published generations.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "server/search/catalog.h"

namespace footnote::service {

// Refreshes a catalog when made, and then again and again on a thread of its
// own, until destroyed.
class CatalogRefresher {
 public:
  // `catalog` outlives the refresher, which alone refreshes it from now on.
  CatalogRefresher(search::Catalog& catalog,
                   std::chrono::milliseconds interval);
  ~CatalogRefresher();
  CatalogRefresher(const CatalogRefresher&) = delete;
  CatalogRefresher& operator=(const CatalogRefresher&) = delete;

  // Has `refreshed` called after each refresh from now on; null for nothing. It
  // is not running any more when this returns, and must not call this.
  void Follow(std::function<void()> refreshed);

  // Refreshes now, not after the interval. Does not wait.
  void Wake();

  // Refreshes now, and returns when the catalog has all that was published
  // before the call. Thread-safe.
  void RefreshNow();

 private:
  void Run();

  search::Catalog& catalog_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;  // guards what follows, but for thread_
  std::condition_variable changed_;
  bool stopping_ = false;
  uint64_t wanted_ = 0;        // refreshes asked for
  uint64_t begun_ = 0;         // of these, those that a refresh has begun for
  uint64_t done_ = 0;          // and has ended for
  std::mutex follower_mutex_;  // guards refreshed_, also while it runs
  std::function<void()> refreshed_;  // may be null
  std::thread thread_;
};

}  // namespace footnote::service
