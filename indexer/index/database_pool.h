// Xapian handles for threads: Xapian objects must not be shared between them.

#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <xapian.h>

namespace footnote::index {

// Handles of one database. Thread-safe.
class DatabasePool {
 public:
  // `path` is of a single-file database.
  explicit DatabasePool(std::string path) : path_(std::move(path)) {}
  DatabasePool(const DatabasePool&) = delete;
  DatabasePool& operator=(const DatabasePool&) = delete;

  // A handle for one thread at a time; given back when it goes.
  class Lease {
   public:
    Lease(DatabasePool* pool, Xapian::Database database)
        : pool_(pool), database_(std::move(database)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          database_(std::move(other.database_)) {}
    ~Lease() {
      if (pool_ != nullptr) {
        pool_->Return(std::move(database_));
      }
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Xapian::Database& operator*() { return database_; }
    Xapian::Database* operator->() { return &database_; }

   private:
    DatabasePool* pool_;  // null where it was moved from
    Xapian::Database database_;
  };

  // Returns an idle handle, or a new one. Throws what Xapian throws.
  Lease Get();

  // Opens handles until there are `count`, those that are lent out among them.
  // Throws what Xapian throws.
  void Prepare(size_t count);

 private:
  void Return(Xapian::Database database);

  const std::string path_;
  std::mutex mutex_;
  std::vector<Xapian::Database> idle_;  // under mutex_
  size_t lent_ = 0;                     // under mutex_
};

}  // namespace footnote::index
