#include "server/service/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "server/service/pool_parts.h"

namespace footnote::service {
namespace {

TEST(WorkerPool, RunsTasksInOrderOnOneThread) {
  std::vector<int> ran;
  {
    WorkerPool pool(1, 10);
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(pool.Submit([&ran, i] { ran.push_back(i); }));
    }
  }
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(WorkerPool, RunsTasksAtTheSameTime) {
  std::latch all_here(3);
  WorkerPool pool(3, 0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.Submit([&] { all_here.arrive_and_wait(); }));
  }
  // Ends only where all three run at once.
}

TEST(WorkerPool, RefusesWhatDoesNotFitTheQueue) {
  std::latch started(1);
  std::latch release(1);
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(1, 2);
    EXPECT_TRUE(pool.Submit([&] {
      started.count_down();
      release.wait();
    }));
    started.wait();
    EXPECT_TRUE(pool.Submit([&] { ++ran; }));
    EXPECT_TRUE(pool.Submit([&] { ++ran; }));
    EXPECT_FALSE(pool.Submit([&] { ran += 100; }));
    release.count_down();
  }
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, TakesTasksAgainAfterRefusing) {
  std::latch release(1);
  std::latch done(1);
  WorkerPool pool(1, 1);
  EXPECT_TRUE(pool.Submit([&] { release.wait(); }));
  EXPECT_TRUE(pool.Submit([&] { done.count_down(); }));
  EXPECT_FALSE(pool.Submit([] {}));
  release.count_down();
  done.wait();
  EXPECT_TRUE(pool.Submit([] {}));
}

TEST(WorkerPool, HasAtLeastOneThread) {
  std::latch done(1);
  WorkerPool pool(0, 0);
  EXPECT_TRUE(pool.Submit([&] { done.count_down(); }));
  done.wait();
}

TEST(WorkerPool, RunsPartsBesideTheirTask) {
  WorkerPool pool(2, 0);
  std::latch part_ran(1);
  std::latch done(1);
  EXPECT_TRUE(pool.Submit([&] {
    EXPECT_TRUE(pool.SubmitPart([&] { part_ran.count_down(); }));
    part_ran.wait();
    done.count_down();
  }));
  done.wait();
}

// A part never has more threads busy than tasks may have, and never has a task
// wait.
TEST(WorkerPool, RefusesPartsWhereNoThreadIsIdle) {
  std::latch release(1);
  {
    WorkerPool alone(1, 1);
    std::latch done(1);
    EXPECT_TRUE(alone.Submit([&] {
      EXPECT_FALSE(alone.SubmitPart([] {}));
      done.count_down();
    }));
    done.wait();
  }
  WorkerPool pool(2, 4);
  std::latch both_run(2);
  std::latch part_runs(1);
  std::latch tasks_done(2);
  EXPECT_TRUE(pool.Submit([&] {
    EXPECT_TRUE(pool.SubmitPart([&] {
      part_runs.count_down();
      release.wait();
    }));
    part_runs.wait();
    EXPECT_FALSE(pool.SubmitPart([] {}));
    both_run.arrive_and_wait();
    tasks_done.count_down();
  }));
  part_runs.wait();
  // The part has no place that a task could have.
  EXPECT_TRUE(pool.Submit([&] {
    both_run.arrive_and_wait();
    EXPECT_FALSE(pool.SubmitPart([] {}));
    tasks_done.count_down();
  }));
  tasks_done.wait();
  release.count_down();
}

// Runs parts from a task of the pool, and returns when all is done.
void RunPartsIn(WorkerPool* pool, size_t count,
                const std::function<void(size_t)>& run) {
  std::latch done(1);
  ASSERT_TRUE(pool->Submit([&] {
    RunParts(*pool, count, run);
    done.count_down();
  }));
  done.wait();
}

TEST(RunParts, RunsEachOnce) {
  for (const uint32_t threads : {1U, 2U, 5U}) {
    WorkerPool pool(threads, 4);
    for (const size_t count : {0U, 1U, 2U, 100U}) {
      std::vector<std::atomic<int>> ran(count);
      RunPartsIn(&pool, count, [&](size_t part) { ++ran[part]; });
      for (const std::atomic<int>& times : ran) {
        EXPECT_EQ(times, 1);
      }
    }
  }
}

TEST(RunParts, TakesThreadsThatAreIdle) {
  WorkerPool pool(3, 4);
  std::latch all_here(3);
  RunPartsIn(&pool, 3, [&](size_t) { all_here.arrive_and_wait(); });
  // Ends only where all three run at once.
}

TEST(RunParts, LeavesThreadsToTasks) {
  WorkerPool pool(2, 4);
  std::latch helping(2);
  std::latch task_runs(1);
  std::latch release(1);
  std::mutex mutex;
  std::map<std::thread::id, int> ran;  // guarded by mutex
  std::thread other([&] {
    helping.wait();
    EXPECT_TRUE(pool.Submit([&] {
      task_runs.count_down();
      release.wait();
    }));
  });
  RunPartsIn(&pool, 20, [&](size_t part) {
    if (part < 2) {
      helping.arrive_and_wait();
      task_runs.wait();
    }
    const std::lock_guard lock(mutex);
    ++ran[std::this_thread::get_id()];
  });
  release.count_down();
  other.join();
  ASSERT_EQ(ran.size(), 2U);
  EXPECT_EQ(std::min(ran.begin()->second, ran.rbegin()->second), 1);
}

}  // namespace
}  // namespace footnote::service
