// Notices newly published generations.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/search/catalog.h"

namespace footnote::service {

// Calls Refresh() of a catalog again and again on a thread of its own, until
// destroyed.
class CatalogRefresher {
 public:
  // `catalog` outlives the refresher, which alone refreshes it from now on.
  CatalogRefresher(search::Catalog& catalog,
                   std::chrono::milliseconds interval);
  ~CatalogRefresher();
  CatalogRefresher(const CatalogRefresher&) = delete;
  CatalogRefresher& operator=(const CatalogRefresher&) = delete;

 private:
  void Run();

  search::Catalog& catalog_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace footnote::service
