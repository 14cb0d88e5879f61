// Promise 7: results do not depend on how a collection came to be.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/search/same_results.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

// A collection that grew by many builds, and its twin built at once.
class Twins {
 public:
  explicit Twins(uint32_t seed) : random_(seed) {
    grown_.Write("entities.tsv", RandomDocuments::Gazetteer());
    for (int build = 0; build < 7; ++build) {
      for (int change = build == 0 ? 40 : 12; change > 0; --change) {
        Change();
      }
      EXPECT_THAT(grown_.Build(), IsOk());
    }
    made_.Write("entities.tsv", RandomDocuments::Gazetteer());
    for (const auto& [name, bytes] : sources_) {
      made_.Write(name, bytes);
    }
    grown_generation_ = grown_.Open();
    made_generation_ = made_.BuildAndOpen();
  }

  const index::Generation& grown() const { return *grown_generation_; }
  const index::Generation& made() const { return *made_generation_; }
  RandomDocuments* random() { return &random_; }
  const std::map<std::string, std::string>& sources() const { return sources_; }

 private:
  // Adds, changes, copies or removes one of few possible sources.
  void Change() {
    const std::string name = "s" + std::to_string(random_.Below(60)) +
                             (random_.Below(2) == 0 ? ".md" : ".jsonl");
    if (random_.Below(4) == 0) {
      sources_.erase(name);
      grown_.Remove(name);
      return;
    }
    // Copies score alike to the last bit.
    const std::string same = "So fox price. The river runs und laden.";
    std::string bytes = random_.Below(3) == 0 ? same : random_.Markdown();
    if (name.find(".jsonl") != std::string::npos) {
      // In a file, ids come in no order.
      bytes = JsonLine(name + "/5", same) + random_.Line(name + "/4") +
              JsonLine("0/" + name, same) + random_.Line(name + "/1") +
              JsonLine(name + "/2", same);
    }
    sources_[name] = bytes;
    grown_.Write(name, bytes);
  }

  RandomDocuments random_;
  std::map<std::string, std::string> sources_;
  GrowingCollection grown_;
  GrowingCollection made_;
  std::shared_ptr<const index::Generation> grown_generation_;
  std::shared_ptr<const index::Generation> made_generation_;
};

std::vector<FacetSpec> AllFacets() {
  return {{"entity", 2},
          {"entity_type", 10},
          {"source_type", 10},
          {"language", 3},
          {"date", 4, DateInterval::kMonth}};
}

class Splitting : public testing::TestWithParam<uint32_t> {};

TEST_P(Splitting, ChangesNothing) {
  Twins twins(GetParam());
  ASSERT_EQ(twins.made().segments().size(), 1U);
  ASSERT_GT(twins.grown().segments().size(), 2U);
  uint64_t gone = 0;
  for (const auto& segment : twins.grown().segments()) {
    gone += segment->tombstones().documents.cardinality();
  }
  ASSERT_GT(gone, 10U);
  EXPECT_EQ(twins.grown().info().documents, twins.made().info().documents);
  EXPECT_EQ(twins.grown().info().passages, twins.made().info().passages);
  EXPECT_EQ(twins.grown().info().text_bytes, twins.made().info().text_bytes);
  EXPECT_EQ(twins.grown().info().total_words, twins.made().info().total_words);
  EXPECT_EQ(twins.grown().info().languages, twins.made().info().languages);
  EXPECT_EQ(twins.grown().info().content_sha256,
            twins.made().info().content_sha256);

  for (int i = 0; i < 300; ++i) {
    SearchOptions options;
    options.query = twins.random()->Words(1 + twins.random()->Below(5));
    options.limit = 1 + static_cast<uint32_t>(twins.random()->Below(30));
    options.offset = static_cast<uint32_t>(twins.random()->Below(20));
    options.facets = AllFacets();
    SCOPED_TRACE(options.query + " " + std::to_string(options.offset) + "+" +
                 std::to_string(options.limit));
    ExpectSameAnswer(twins.grown(), twins.made(), options);
    ASSERT_FALSE(HasFailure());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Splitting, testing::Values(1, 2, 3));

TEST(SplitDocuments, AreTheSame) {
  const Twins twins(4);
  const auto grown = *ListDocuments(View(twins.grown()), "", 1000);
  const auto made = *ListDocuments(View(twins.made()), "", 1000);
  ASSERT_EQ(grown.size(), made.size());
  EXPECT_EQ(grown.size(), twins.made().info().documents);
  for (size_t i = 0; i < grown.size(); ++i) {
    EXPECT_EQ(grown[i].document_id, made[i].document_id);
    EXPECT_EQ(grown[i].etag, made[i].etag);
    EXPECT_EQ(grown[i].revision, made[i].revision);
    const auto one =
        GetDocument(View(twins.grown()), grown[i].document_id, 0, 0);
    const auto two =
        GetDocument(View(twins.made()), grown[i].document_id, 0, 0);
    ASSERT_THAT(one, IsOk());
    ASSERT_THAT(two, IsOk());
    EXPECT_EQ(one->content.text, two->content.text);
  }
}

// Ties break by document id, also where a page ends among them, however the
// documents came in.
TEST(Ties, BreakByDocumentIdAtEveryCut) {
  GrowingCollection collection;
  constexpr uint32_t kCount = 40;
  for (uint32_t i = 0; i < kCount; ++i) {
    // Read in the order of file names, which is opposed to that of ids.
    collection.Write(
        "f" + std::to_string(100 + i) + ".jsonl",
        JsonLine(std::to_string(100 + (kCount - 1 - i) * 7 % kCount),
                 "the same fox"));
    if (i % 16 == 15 || i + 1 == kCount) {
      ASSERT_THAT(collection.Build(), IsOk());
    }
  }
  const auto generation = collection.Open();
  for (uint32_t limit = 1; limit <= kCount + 1; ++limit) {
    for (const uint32_t offset : {0U, limit}) {
      SearchOptions options;
      options.query = "fox";
      options.limit = limit;
      options.offset = offset;
      const auto result = Search(View(*generation), options, {});
      ASSERT_THAT(result, IsOk());
      const uint32_t expected =
          offset >= kCount ? 0 : std::min(limit, kCount - offset);
      ASSERT_EQ(result->passages.size(), expected);
      for (uint32_t i = 0; i < expected; ++i) {
        EXPECT_EQ(result->passages[i].document.document_id,
                  std::to_string(100 + offset + i))
            << limit << " from " << offset;
      }
      EXPECT_EQ(result->has_more, offset + limit < kCount);
    }
  }
}

}  // namespace
}  // namespace footnote::search
