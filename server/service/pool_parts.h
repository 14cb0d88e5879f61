// Parts of one task that idle threads take.

#pragma once

#include <cstddef>
#include <functional>

#include "server/service/worker_pool.h"

namespace footnote::service {

// Calls `run`, which must not throw, with each number below `count`, about in
// their order, and returns when all have ended: on the calling thread, which is
// one of the pool's, and on others of the pool for as long as tasks leave them
// idle.
void RunParts(WorkerPool& pool, size_t count,
              const std::function<void(size_t)>& run);

}  // namespace footnote::service
