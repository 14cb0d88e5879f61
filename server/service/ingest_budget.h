// The memory that documents on their way to collections take.

#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace footnote::service {

// A bound for all streams of a server together. Thread-safe.
class IngestBudget {
 public:
  explicit IngestBudget(uint64_t bytes) : bytes_(bytes) {}
  IngestBudget(const IngestBudget&) = delete;
  IngestBudget& operator=(const IngestBudget&) = delete;

  uint64_t bytes() const { return bytes_; }

  // What one document has of the budget, which outlives it; given back at the
  // end. Not thread-safe.
  class Share {
   public:
    Share() = default;
    explicit Share(IngestBudget* budget) : budget_(budget) {}
    Share(Share&& other) noexcept
        : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share() { GiveBack(); }

    // Takes more; returns false, and takes nothing, where there is not so much.
    bool Grow(uint64_t bytes) {
      if (!budget_->Take(bytes)) {
        return false;
      }
      bytes_ += bytes;
      return true;
    }
    // What was taken so far.
    uint64_t bytes() const { return bytes_; }
    void GiveBack() {
      if (bytes_ > 0) {
        budget_->taken_ -= std::exchange(bytes_, 0);
      }
    }

   private:
    IngestBudget* budget_ = nullptr;
    uint64_t bytes_ = 0;
  };

 private:
  bool Take(uint64_t bytes) {
    const uint64_t taken = taken_ += bytes;
    if (taken > bytes_) {
      taken_ -= bytes;
      return false;
    }
    return true;
  }

  const uint64_t bytes_;
  std::atomic<uint64_t> taken_ = 0;
};

}  // namespace footnote::service
