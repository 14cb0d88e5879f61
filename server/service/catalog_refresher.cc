#include "server/service/catalog_refresher.h"

#include <exception>
#include <string>

#include "indexer/base/log.h"

namespace footnote::service {

CatalogRefresher::CatalogRefresher(search::Catalog& catalog,
                                   std::chrono::milliseconds interval)
    : catalog_(catalog), interval_(interval), thread_([this] { Run(); }) {}

CatalogRefresher::~CatalogRefresher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void CatalogRefresher::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, interval_, [this] { return stopping_; })) {
    lock.unlock();
    try {
      catalog_.Refresh();
    } catch (const std::exception& error) {
      Log(Severity::kError,
          std::string("refreshing the catalog failed: ") + error.what());
    }
    lock.lock();
  }
}

}  // namespace footnote::service
