#include "server/service/ingest_budget.h"

#include <utility>

#include <gtest/gtest.h>

namespace footnote::service {
namespace {

using Share = IngestBudget::Share;

TEST(IngestBudget, GivesWhatThereIs) {
  IngestBudget budget(10);
  Share first(&budget);
  EXPECT_TRUE(first.Grow(4));
  EXPECT_TRUE(first.Grow(2));
  EXPECT_EQ(first.bytes(), 6U);
  Share second(&budget);
  EXPECT_FALSE(second.Grow(5));
  EXPECT_EQ(second.bytes(), 0U);
  EXPECT_TRUE(second.Grow(4));
  EXPECT_FALSE(first.Grow(1));
  second.GiveBack();
  EXPECT_TRUE(first.Grow(4));
}

TEST(IngestBudget, TakesBackWhatEnds) {
  IngestBudget budget(10);
  {
    Share share(&budget);
    EXPECT_TRUE(share.Grow(10));
    const Share moved = std::move(share);
    EXPECT_FALSE(Share(&budget).Grow(1));
  }
  Share share(&budget);
  EXPECT_TRUE(share.Grow(10));
  share = Share(&budget);
  EXPECT_TRUE(share.Grow(10));
}

}  // namespace
}  // namespace footnote::service
