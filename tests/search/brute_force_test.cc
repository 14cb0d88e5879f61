// The engine gives what a plain look at every passage gives, to the last bit.

#include "tests/search/brute_force.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "server/search/searcher.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

constexpr uint32_t kDepth = 44;  // candidates that are looked at again

// Compares a page of the engine's with the same one of all hits.
void ExpectPage(const index::Generation& generation,
                const SearchOptions& options,
                const std::vector<PlainHit>& hits) {
  const auto result = Search(View(generation), options, {});
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->count->passages, hits.size());
  EXPECT_EQ(result->has_more, hits.size() > options.offset + options.limit);
  const size_t left =
      hits.size() - std::min<size_t>(hits.size(), options.offset);
  ASSERT_EQ(result->passages.size(), std::min<size_t>(left, options.limit));
  for (size_t i = 0; i < result->passages.size(); ++i) {
    const Passage& passage = result->passages[i];
    const PlainHit& hit = hits[options.offset + i];
    EXPECT_EQ(passage.rank, options.offset + i + 1);
    EXPECT_EQ(passage.passage_id, hit.passage->passage.passage_id)
        << passage.document.document_id << " instead of "
        << hit.passage->passage.document.document_id;
    EXPECT_EQ(passage.score, hit.score);
  }
}

// Whether a page ends between passages of the same score.
bool EndsAmongTies(const std::vector<PlainHit>& hits, size_t end) {
  return end > 0 && end < hits.size() && hits[end - 1].score == hits[end].score;
}

struct Case {
  uint32_t seed = 0;
  int files = 0;
  int queries = 0;
};

class Engine : public testing::TestWithParam<Case> {
 protected:
  Engine() : corpus_(GetParam().seed, GetParam().files) {
    for (const size_t segments : {1, 2, 5, 9}) {
      collections_.push_back(std::make_unique<GrowingCollection>());
      generations_.push_back(
          corpus_.BuildSplit(segments, collections_.back().get()));
    }
    collections_.push_back(std::make_unique<GrowingCollection>());
    generations_.push_back(corpus_.BuildWhole(collections_.back().get()));
  }

  SplitCorpus corpus_;
  std::vector<std::unique_ptr<GrowingCollection>> collections_;
  std::vector<std::shared_ptr<const index::Generation>> generations_;
};

TEST_P(Engine, GivesWhatALookAtEveryPassageGives) {
  for (size_t i = 0; i + 1 < generations_.size(); ++i) {
    uint64_t gone = 0;
    for (const auto& segment : generations_[i]->segments()) {
      gone += segment->tombstones().documents.cardinality();
    }
    ASSERT_GT(gone, 5U);
  }
  const BruteForce brute(*generations_.back());
  RandomDocuments random(GetParam().seed + 1000);
  int beyond = 0;  // pages past the candidates that are looked at again
  int ties = 0;    // pages that end among ties
  for (int i = 0; i < GetParam().queries; ++i) {
    SearchOptions options;
    options.query = corpus_.Query(&random);
    const std::vector<PlainHit> hits = brute.Search(options.query);
    options.limit = static_cast<uint32_t>(1 + random.Below(40));
    options.offset = static_cast<uint32_t>(random.Below(kDepth + 10));
    if (random.Below(3) == 0) {
      options.offset += static_cast<uint32_t>(random.Below(hits.size() + 5));
    }
    SCOPED_TRACE(options.query + ": " + std::to_string(options.offset) + "+" +
                 std::to_string(options.limit));
    for (const auto& generation : generations_) {
      SCOPED_TRACE(generation->segments().size());
      ExpectPage(*generation, options, hits);
    }
    ASSERT_FALSE(HasFailure());
    const size_t end = options.offset + options.limit;
    beyond += end > kDepth && hits.size() > end ? 1 : 0;
    ties += EndsAmongTies(hits, end) ? 1 : 0;
  }
  EXPECT_GT(beyond, GetParam().queries / 20);
  EXPECT_GT(ties, GetParam().queries / 20);
}

INSTANTIATE_TEST_SUITE_P(Collections, Engine,
                         testing::Values(Case{1, 100, 400}, Case{3, 400, 200}),
                         [](const auto& test) {
                           return "Of" + std::to_string(test.param.files) +
                                  "Files";
                         });

// A page may end anywhere among many equal passages, before and after the
// candidates that are looked at again.
TEST(EngineWithTies, CutsThemByDocumentIdAndOrdinal) {
  GrowingCollection collection;
  constexpr int kBuilds = 5;
  for (int build = 0; build < kBuilds; ++build) {
    for (int i = 0; i < 40; ++i) {
      const std::string id = std::to_string((i * kBuilds + build) * 77 % 1009);
      // Titles move some of them up, if they are looked at again.
      nlohmann::json json = {{"_id", id}, {"text", "the same fox"}};
      json["title"] = i % 4 == 0 ? "fox" : "none";
      collection.Write(id + ".jsonl", json.dump());
    }
    ASSERT_THAT(collection.Build(), IsOk());
  }
  const auto generation = collection.Open();
  ASSERT_EQ(generation->segments().size(), 5U);
  const BruteForce brute(*generation);
  SearchOptions options;
  options.query = "fox";
  const std::vector<PlainHit> hits = brute.Search(options.query);
  ASSERT_EQ(hits.size(), 200U);
  ASSERT_GT(hits[0].score, hits[63].score);
  for (options.limit = 1; options.limit < 205; options.limit += 3) {
    for (const uint32_t offset : {0U, 10U, 43U, 44U, 45U, 150U}) {
      options.offset = offset;
      ExpectPage(*generation, options, hits);
      ASSERT_FALSE(HasFailure()) << offset << "+" << options.limit;
    }
  }
}

// Neighbours count by the 255 words next to the passage, were it one sentence.
TEST(EngineWithLongSentences, LooksAtTheNearestWords) {
  GrowingCollection collection;
  std::string lines;
  for (int i = 0; i < 18; ++i) {
    std::string text;
    for (int sentence = 0; sentence < 6; ++sentence) {
      text += "Fox";
      for (int word = 0; word < 400; ++word) {
        text += word == 17 * i + 20 * sentence ? " owl" : " a";
      }
      text += ". ";
    }
    lines += JsonLine(std::to_string(i), text);
  }
  collection.Write("long.jsonl", lines);
  const auto generation = collection.BuildAndOpen();
  const BruteForce brute(*generation);
  ASSERT_GT(brute.passages().size(), 100U);
  SearchOptions options;
  options.query = "fox owl";
  options.limit = 100;
  ExpectPage(*generation, options, brute.Search(options.query));
}

}  // namespace
}  // namespace footnote::search
