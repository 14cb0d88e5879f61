#include "indexer/index/database_pool.h"

#include <algorithm>

namespace footnote::index {

DatabasePool::Lease DatabasePool::Get() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_.empty()) {
      Xapian::Database database = std::move(idle_.back());
      idle_.pop_back();
      return {this, std::move(database)};
    }
  }
  return {this, Xapian::Database(path_)};
}

void DatabasePool::Prepare(size_t count) {
  std::vector<Xapian::Database> opened;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    opened.reserve(count);
    count -= std::min(count, idle_.size());
  }
  for (size_t i = 0; i < count; ++i) {
    opened.emplace_back(path_);
  }
  for (Xapian::Database& database : opened) {
    Return(std::move(database));
  }
}

void DatabasePool::Return(Xapian::Database database) {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_.push_back(std::move(database));
}

}  // namespace footnote::index
