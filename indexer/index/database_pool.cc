#include "indexer/index/database_pool.h"

#include <algorithm>

namespace footnote::index {

DatabasePool::Lease DatabasePool::Get() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++lent_;
    if (!idle_.empty()) {
      Xapian::Database database = std::move(idle_.back());
      idle_.pop_back();
      return {this, std::move(database)};
    }
  }
  try {
    return {this, Xapian::Database(path_)};
  } catch (...) {
    const std::lock_guard<std::mutex> lock(mutex_);
    --lent_;
    throw;
  }
}

void DatabasePool::Prepare(size_t count) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    count -= std::min(count, idle_.size() + lent_);
  }
  for (size_t i = 0; i < count; ++i) {
    Xapian::Database opened(path_);
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back(std::move(opened));
  }
}

void DatabasePool::Return(Xapian::Database database) {
  const std::lock_guard<std::mutex> lock(mutex_);
  --lent_;
  idle_.push_back(std::move(database));
}

}  // namespace footnote::index
