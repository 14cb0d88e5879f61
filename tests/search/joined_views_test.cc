// Several collections in one search answer, bit for bit, as one collection that
// has all their documents.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "server/search/searcher.h"
#include "server/search/view.h"
#include "tests/search/plain_filter.h"
#include "tests/search/same_results.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using testing::ElementsAre;
using GenerationPtr = std::shared_ptr<const index::Generation>;
using Views = std::vector<std::shared_ptr<const View>>;

constexpr size_t kParts = 3;

size_t PartOf(const std::string& document_id) {
  return std::hash<std::string>{}(document_id) % kParts;
}

// The documents that every seventh id hides from a principal.
bool IsHidden(std::string_view document_id) {
  return std::hash<std::string_view>{}(document_id) % 7 == 0;
}

std::vector<Roaring> Unreadable(const index::Generation& generation) {
  std::vector<Roaring> sets;
  for (const auto& segment : generation.segments()) {
    Roaring& set = sets.emplace_back();
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      if (IsHidden(segment->document_id(i))) {
        set.add(i);
      }
    }
  }
  return sets;
}

std::vector<FacetSpec> AllFacets() {
  return {{"entity", 2},
          {"entity_type", 10},
          {"source_type", 1},
          {"language", 10},
          {"date", 4, DateInterval::kMonth}};
}

class JoinedViews : public testing::Test {
 protected:
  JoinedViews() : corpus_(11, 120) {
    whole_ = corpus_.BuildWhole(&all_);
    for (size_t i = 0; i < kParts; ++i) {
      parts_.push_back(corpus_.BuildWhole(
          &collections_[i],
          [i](const std::string& id) { return PartOf(id) == i; }));
    }
  }

  SearchOptions RandomOptions(RandomDocuments* random, RandomFilters* filters) {
    SearchOptions options;
    options.query = corpus_.Query(random);
    if (random->Below(3) == 0) {
      options.query += " r*";
    }
    if (random->Below(3) == 0) {
      options.query = "+" + options.query;
    }
    if (random->Below(2) == 0) {
      options.filter = filters->Make(3);
    }
    if (random->Below(3) == 0) {
      options.ranking.max_passages_per_document = 1;
    }
    if (random->Below(5) == 0) {
      options.ranking.order.kind = ResultOrder::Kind::kDescending;
    }
    options.limit = 1 + static_cast<uint32_t>(random->Below(30));
    options.offset = static_cast<uint32_t>(random->Below(30));
    options.facets = AllFacets();
    return options;
  }

  void ExpectSame(const View& one, const View& joined, uint32_t seed) {
    RandomDocuments random(seed);
    RandomFilters filters(seed);
    for (int i = 0; i < 300; ++i) {
      const SearchOptions options = RandomOptions(&random, &filters);
      SCOPED_TRACE(options.query);
      const auto a = Search(one, options, {});
      const auto b = Search(joined, options, {});
      ASSERT_THAT(a, IsOk());
      ASSERT_THAT(b, IsOk());
      ExpectSameResult(*a, *b);
      ASSERT_FALSE(HasFailure());
    }
  }

  SplitCorpus corpus_;
  GrowingCollection all_;
  GrowingCollection collections_[kParts] = {
      GrowingCollection("b"), GrowingCollection("a"), GrowingCollection("c")};
  GenerationPtr whole_;
  std::vector<GenerationPtr> parts_;
};

TEST_F(JoinedViews, AnswerAsOneCollection) {
  Views views;
  for (const GenerationPtr& part : parts_) {
    views.push_back(std::make_shared<const View>(part));
  }
  const View joined(views);
  EXPECT_EQ(joined.documents(), whole_->info().documents);
  EXPECT_EQ(joined.passages(), whole_->info().passages);
  EXPECT_EQ(joined.languages(), whole_->info().languages);
  ExpectSame(View(*whole_), joined, 1);
}

TEST_F(JoinedViews, AnswerOfWhatEachShows) {
  Views views;
  for (const GenerationPtr& part : parts_) {
    views.push_back(std::make_shared<const View>(part, Unreadable(*part)));
  }
  const View joined(views);
  const View whole(*whole_, Unreadable(*whole_));
  EXPECT_LT(joined.documents(), whole_->info().documents);
  EXPECT_EQ(joined.documents(), whole.documents());
  EXPECT_EQ(joined.languages(), whole.languages());
  ExpectSame(whole, joined, 2);
}

// Three collections with the same documents.
class RepeatedDocuments : public testing::Test {
 protected:
  RepeatedDocuments() {
    for (const char* name : {"b", "c", "a"}) {
      collections_.push_back(std::make_unique<GrowingCollection>(name));
      for (const char* file : {"y.txt", "x.txt"}) {
        collections_.back()->Write(file, "The red fox runs.");
      }
      views_.push_back(
          std::make_shared<const View>(collections_.back()->BuildAndOpen()));
    }
  }

  // Returns the collection and document of each result.
  static std::vector<std::string> Find(const Views& views,
                                       const SearchOptions& options) {
    const auto found = Search(View(views), options, {});
    EXPECT_THAT(found, IsOk());
    std::vector<std::string> places;
    for (const Passage& passage : found->passages) {
      places.push_back(passage.collection + "/" + passage.document.document_id);
    }
    return places;
  }

  std::vector<std::unique_ptr<GrowingCollection>> collections_;
  Views views_;
};

TEST_F(RepeatedDocuments, ComeByIdAndThenByCollection) {
  SearchOptions options;
  std::sort(views_.begin(), views_.end());
  do {
    for (const char* query : {"fox", "+fox", "date:<2000 OR fox"}) {
      options.query = query;
      EXPECT_THAT(Find(views_, options),
                  ElementsAre("a/x.txt", "b/x.txt", "c/x.txt", "a/y.txt",
                              "b/y.txt", "c/y.txt"))
          << query;
    }
    // What scores nothing has the same order.
    options.query = "-zebra";
    EXPECT_THAT(Find(views_, options),
                ElementsAre("a/x.txt", "b/x.txt", "c/x.txt", "a/y.txt",
                            "b/y.txt", "c/y.txt"));
  } while (std::next_permutation(views_.begin(), views_.end()));
}

TEST_F(RepeatedDocuments, AreExcludedEverywhere) {
  SearchOptions options;
  options.query = "fox";
  options.ranking.excluded = {{ResultId::Kind::kDocument, "x.txt"}};
  EXPECT_THAT(Find(views_, options),
              ElementsAre("a/y.txt", "b/y.txt", "c/y.txt"));
}

TEST_F(RepeatedDocuments, ArePinnedOnce) {
  SearchOptions options;
  options.query = "fox";
  options.limit = 2;
  options.ranking.pinned = {{ResultId::Kind::kDocument, "y.txt"}};
  EXPECT_THAT(Find(views_, options), ElementsAre("a/y.txt", "a/x.txt"));
}

}  // namespace
}  // namespace footnote::search
