// Counting beside the rest of a search.

#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <utility>

#include "indexer/base/status.h"
#include "server/search/counts.h"
#include "server/search/deadline.h"
#include "server/search/searcher.h"

namespace footnote::search {

// CountMatches(), on another thread where there is one and it pays. What that
// has not begun when the result is wanted is taken back: nobody waits for a
// busy machine to find the other thread its time. Not thread-safe.
class Counting {
 public:
  // What CountMatches() takes; all that `request` refers to, and `deadline`,
  // must outlive this.
  Counting(const CountRequest& request, const Deadline& deadline)
      : request_(request), deadline_(deadline) {}
  // Waits for what another thread has begun.
  ~Counting();
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;

  // Hands the counting over where `run_aside`, which may be empty, has a thread
  // and there is enough to count.
  void Begin(const RunAside& run_aside);

  // Returns what CountMatches() does, which it calls where no other thread has.
  absl::StatusOr<Counts> Finish();

 private:
  using Task = std::packaged_task<absl::StatusOr<Counts>()>;

  // A task that whoever comes first runs.
  struct HandedOver {
    explicit HandedOver(Task counting) : task(std::move(counting)) {}

    // Returns whether nobody came before.
    bool Take() { return !taken.exchange(true); }

    std::atomic<bool> taken = false;
    Task task;
  };

  bool Pays() const;

  const CountRequest request_;
  const Deadline& deadline_;
  std::shared_ptr<HandedOver> handed_over_;  // null where nothing was
};

}  // namespace footnote::search
