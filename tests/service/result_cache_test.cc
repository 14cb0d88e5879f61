#include "server/service/result_cache.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace footnote::service {
namespace {

// Responses of one size, told apart by their query.
v1::SearchResponse Response(int number) {
  v1::SearchResponse response;
  response.add_executed_queries(std::string(100, 'x') +
                                std::to_string(1000 + number));
  return response;
}

std::string Key(int number) { return "key " + std::to_string(1000 + number); }

// The bytes of an entry with such a response and key.
size_t EntryBytes() { return Key(0).size() + 3 * Response(0).ByteSizeLong(); }

// Gives the cache an answer for the second time, when it is kept.
void Keep(ResultCache* cache, const std::string& key,
          const v1::SearchResponse& response) {
  cache->Add(key, response);
  cache->Add(key, response);
}

bool Has(ResultCache* cache, int number) {
  const auto found = cache->Find(Key(number));
  if (found != nullptr) {
    EXPECT_EQ(found->executed_queries(0), Response(number).executed_queries(0));
  }
  return found != nullptr;
}

TEST(ResultCache, GivesBackWhatItWasGiven) {
  ResultCache cache(1 << 20);
  EXPECT_EQ(cache.Find(Key(1)), nullptr);
  Keep(&cache, Key(1), Response(1));
  Keep(&cache, Key(2), Response(2));
  EXPECT_TRUE(Has(&cache, 1));
  EXPECT_TRUE(Has(&cache, 2));
  EXPECT_FALSE(Has(&cache, 3));
  EXPECT_EQ(cache.Find(""), nullptr);
}

// Most are asked for once only.
TEST(ResultCache, KeepsWhatComesAgain) {
  ResultCache cache(1 << 20);
  cache.Add(Key(1), Response(1));
  EXPECT_FALSE(Has(&cache, 1));
  cache.Add(Key(1), Response(1));
  EXPECT_TRUE(Has(&cache, 1));
}

TEST(ResultCache, KeepsNothingForNoBytes) {
  ResultCache cache(0);
  Keep(&cache, Key(1), Response(1));
  Keep(&cache, "", v1::SearchResponse());
  EXPECT_FALSE(Has(&cache, 1));
  EXPECT_EQ(cache.Find(""), nullptr);
}

TEST(ResultCache, ForgetsWhatWasNotUsedForLongest) {
  constexpr int kFit = 20;
  ResultCache cache(kFit * EntryBytes());
  for (int i = 0; i < kFit; ++i) {
    Keep(&cache, Key(i), Response(i));
  }
  EXPECT_TRUE(Has(&cache, 0));  // is now the last used
  Keep(&cache, Key(kFit), Response(kFit));
  EXPECT_FALSE(Has(&cache, 1));
  EXPECT_TRUE(Has(&cache, 0));
  for (int i = 2; i <= kFit; ++i) {
    EXPECT_TRUE(Has(&cache, i)) << i;
  }
  for (int i = 100; i < 100 + kFit; ++i) {
    Keep(&cache, Key(i), Response(i));
  }
  for (int i = 0; i <= kFit; ++i) {
    EXPECT_FALSE(Has(&cache, i)) << i;
  }
}

TEST(ResultCache, CountsAnAnswerThatComesAgainOnce) {
  constexpr int kFit = 20;
  ResultCache cache(kFit * EntryBytes());
  for (int i = 0; i < 100; ++i) {
    Keep(&cache, Key(0), Response(0));
  }
  for (int i = 1; i < kFit; ++i) {
    Keep(&cache, Key(i), Response(i));
  }
  for (int i = 0; i < kFit; ++i) {
    EXPECT_TRUE(Has(&cache, i)) << i;
  }
}

TEST(ResultCache, DoesNotKeepWhatTakesTooMuchOfIt) {
  ResultCache fits(16 * EntryBytes());
  Keep(&fits, Key(1), Response(1));
  EXPECT_TRUE(Has(&fits, 1));
  ResultCache small(16 * EntryBytes() - 1);
  Keep(&small, Key(1), Response(1));
  EXPECT_FALSE(Has(&small, 1));
  // Keys count too.
  ResultCache cache(16 * EntryBytes());
  Keep(&cache, std::string(2 * EntryBytes(), 'k'), v1::SearchResponse());
  EXPECT_EQ(cache.Find(std::string(2 * EntryBytes(), 'k')), nullptr);
}

TEST(ResultCache, LeavesAnswersToThoseWhoHoldThem) {
  ResultCache cache(16 * EntryBytes());
  Keep(&cache, Key(0), Response(0));
  const auto held = cache.Find(Key(0));
  ASSERT_NE(held, nullptr);
  for (int i = 1; i < 50; ++i) {
    Keep(&cache, Key(i), Response(i));
  }
  EXPECT_FALSE(Has(&cache, 0));
  EXPECT_EQ(held->executed_queries(0), Response(0).executed_queries(0));
}

TEST(ResultCache, IsForManyThreads) {
  ResultCache cache(30 * EntryBytes());
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache, thread] {
      for (int i = 0; i < 3000; ++i) {
        const int number = (i * 7 + thread * 13) % 60;
        if (!Has(&cache, number)) {
          Keep(&cache, Key(number), Response(number));
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace footnote::service
