#include "server/service/catalog_refresher.h"

#include <exception>
#include <string>
#include <utility>

#include "indexer/base/log.h"

namespace footnote::service {

CatalogRefresher::CatalogRefresher(search::Catalog& catalog,
                                   std::chrono::milliseconds interval)
    : catalog_(catalog), interval_(interval) {
  catalog_.Refresh();
  thread_ = std::thread([this] { Run(); });
}

CatalogRefresher::~CatalogRefresher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CatalogRefresher::Follow(std::function<void()> refreshed) {
  const std::lock_guard lock(follower_mutex_);
  refreshed_ = std::move(refreshed);
}

void CatalogRefresher::Wake() {
  const std::lock_guard lock(mutex_);
  ++wanted_;
  changed_.notify_all();
}

void CatalogRefresher::RefreshNow() {
  std::unique_lock lock(mutex_);
  const uint64_t mine = ++wanted_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return stopping_ || done_ >= mine; });
}

void CatalogRefresher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, interval_,
                      [this] { return stopping_ || wanted_ != begun_; });
    if (stopping_) {
      break;
    }
    begun_ = wanted_;
    lock.unlock();
    try {
      catalog_.Refresh();
      const std::lock_guard follower_lock(follower_mutex_);
      if (refreshed_) {
        refreshed_();
      }
    } catch (const std::exception& error) {
      Log(Severity::kError,
          std::string("refreshing the catalog failed: ") + error.what());
    }
    lock.lock();
    done_ = begun_;
    changed_.notify_all();
  }
}

}  // namespace footnote::service
