#include "indexer/index/database_pool.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "tests/index/small_segment.h"

namespace footnote::index {
namespace {

class DatabasePools : public testing::Test {
 protected:
  DatabasePools() {
    for (const char* id : {"a", "b", "c"}) {
      segments_.push_back(folder_.Open(folder_.Write(
          {{id, {"fox owl", std::string("fox ") + id, "owl", "fox"}}})));
    }
  }

  SmallSegments folder_;
  std::vector<std::unique_ptr<const Segment>> segments_;
};

TEST_F(DatabasePools, LendAHandleToOneAtATime) {
  DatabasePool& pool = segments_[0]->databases();
  DatabasePool::Lease one = pool.Get();
  DatabasePool::Lease two = pool.Get();
  one->close();  // closes the handle for good, but not the other
  EXPECT_EQ(two->get_doccount(), 4U);
}

TEST_F(DatabasePools, LendWhatWasGivenBack) {
  DatabasePool& pool = segments_[1]->databases();
  pool.Prepare(3);
  std::vector<Xapian::Database> handles;
  {
    DatabasePool::Lease lease = pool.Get();
    handles.push_back(*lease);  // shares what is inside
  }
  handles.back().close();
  // The handle that came back last is the next to go.
  EXPECT_THROW(pool.Get()->get_termfreq("fox"), Xapian::DatabaseClosedError);
}

TEST_F(DatabasePools, SayWhatIsMissing) {
  DatabasePool pool(folder_.folder() + "/nothing.glass");
  EXPECT_THROW(pool.Get(), Xapian::DatabaseOpeningError);
  EXPECT_THROW(pool.Prepare(1), Xapian::DatabaseOpeningError);
}

TEST_F(DatabasePools, ServeManyThreads) {
  segments_[0]->databases().Prepare(2);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        DatabasePool::Lease one = segments_[i % 3]->databases().Get();
        int found = 0;
        for (auto posting = one->postlist_begin("fox");
             posting != one->postlist_end("fox"); ++posting) {
          ++found;
        }
        wrong += found != 3 || one->get_termfreq("owl") != 2 ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace footnote::index
