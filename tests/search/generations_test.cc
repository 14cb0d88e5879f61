// Frozen generations and deadlines, also under many threads.

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/catalog.h"
#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/search/same_results.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;

SearchOptions Question(RandomDocuments* random) {
  SearchOptions options;
  options.query = random->Words(3);
  options.facets = {{"entity"}, {"language"}};
  return options;
}

TEST(Generation, AnswersTheSameAfterOthersArePublished) {
  RandomDocuments random(31);
  GrowingCollection collection;
  collection.Write("entities.tsv", RandomDocuments::Gazetteer());
  for (int i = 0; i < 20; ++i) {
    collection.Write(std::to_string(i) + ".md", random.Markdown());
  }
  const auto held = collection.BuildAndOpen();
  std::vector<SearchOptions> questions;
  std::vector<SearchResult> answers;
  questions.reserve(30);
  for (int i = 0; i < 30; ++i) {
    questions.push_back(Question(&random));
    answers.push_back(*Search(View(*held), questions.back(), {}));
  }
  for (int build = 0; build < 3; ++build) {
    for (int i = 0; i < 10; ++i) {
      collection.Write(std::to_string(i * 2) + ".md", random.Markdown());
    }
    collection.Remove(std::to_string(build) + ".md");
    ASSERT_THAT(collection.Build(), IsOk());
  }
  const auto opened_again = collection.Open(1);
  for (size_t i = 0; i < questions.size(); ++i) {
    for (const auto& generation : {held, opened_again}) {
      const auto now = Search(View(*generation), questions[i], {});
      ASSERT_THAT(now, IsOk());
      ExpectSameResult(*now, answers[i]);
    }
  }
}

TEST(Generation, SharesWhatTheOneBeforeHasOpen) {
  RandomDocuments random(34);
  GrowingCollection collection;
  for (int i = 0; i < 20; ++i) {
    collection.Write(std::to_string(i) + ".md", random.Markdown());
  }
  auto before = collection.BuildAndOpen();
  collection.Remove("3.md");
  collection.Write("4.md", random.Markdown());
  ASSERT_THAT(collection.Build(), IsOk());
  const auto apart = collection.Open();
  const auto sharing =
      *index::Generation::Open(collection.folder(), 0, before.get());
  ASSERT_EQ(sharing->segments().size(), 2U);
  EXPECT_EQ(&sharing->segments()[0]->databases(),
            &before->segments()[0]->databases());
  EXPECT_EQ(before->segments()[0]->tombstones().documents.cardinality(), 0U);
  EXPECT_EQ(sharing->segments()[0]->tombstones().documents.cardinality(), 2U);
  before.reset();
  for (int i = 0; i < 30; ++i) {
    const SearchOptions question = Question(&random);
    ExpectSameResult(*Search(View(*sharing), question, {}),
                     *Search(View(*apart), question, {}));
  }
}

TEST(Generation, AnswersManyThreadsAlike) {
  RandomDocuments random(32);
  GrowingCollection collection;
  collection.Write("entities.tsv", RandomDocuments::Gazetteer());
  for (int i = 0; i < 20; ++i) {
    collection.Write(std::to_string(i) + ".md", random.Markdown());
  }
  const auto generation = collection.BuildAndOpen();
  std::vector<SearchOptions> questions;
  std::vector<SearchResult> answers;
  questions.reserve(20);
  for (int i = 0; i < 20; ++i) {
    questions.push_back(Question(&random));
    answers.push_back(*Search(View(*generation), questions.back(), {}));
  }
  std::vector<std::thread> threads;
  threads.reserve(6);
  for (size_t t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 2 * questions.size(); ++i) {
        const size_t k = (i + 3 * t) % questions.size();
        const auto now = Search(View(*generation), questions[k], {});
        ASSERT_THAT(now, IsOk());
        ExpectSameResult(*now, answers[k]);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

// Every generation has documents of one text alone, with the generation's
// number in it: an answer that mixed two would show it.
TEST(Generation, IsNeverMixedWithAnother) {
  constexpr uint64_t kGenerations = 12;
  GrowingCollection collection;
  const auto publish = [&](uint64_t number) {
    for (int i = 0; i < 5; ++i) {
      collection.Write(std::to_string(i),
                       "The fox of generation g" + std::to_string(number));
    }
    EXPECT_THAT(collection.Build(), IsOk());
  };
  publish(1);
  Catalog catalog(collection.data_dir());
  ASSERT_TRUE(catalog.Refresh());
  std::atomic<bool> done = false;
  std::atomic<uint64_t> searches = 0;
  const auto search_on = [&] {
    uint64_t last = 0;
    while (!done || last < kGenerations) {
      const auto view = catalog.Get("test", 0);
      ASSERT_THAT(view, IsOk());
      const uint64_t number = (*view)->generation().info().number;
      ASSERT_GE(number, last);
      last = number;
      SearchOptions options;
      options.query = "fox";
      const auto result = Search(**view, options, {});
      ASSERT_THAT(result, IsOk());
      ASSERT_EQ(result->count->documents, 5U);
      ASSERT_EQ(result->passages.size(), 5U);
      for (const Passage& passage : result->passages) {
        ASSERT_EQ(passage.text,
                  "The fox of generation g" + std::to_string(number));
      }
      const uint64_t older = 1 + searches % number;
      const auto retained = catalog.Get("test", older);
      ASSERT_THAT(retained, IsOk());
      ASSERT_EQ(GetDocument(**retained, "3", 0, 0)->content.text,
                "The fox of generation g" + std::to_string(older));
      ++searches;
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(search_on);
  }
  for (uint64_t number = 2; number <= kGenerations; ++number) {
    publish(number);
    EXPECT_TRUE(catalog.Refresh());
    EXPECT_EQ(catalog.List().size(), 1U);
  }
  done = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(searches, kGenerations);
}

class Deadlines : public testing::Test {
 protected:
  Deadlines() {
    RandomDocuments random(33);
    collection_.Write("a.md", random.Markdown());
    generation_ = collection_.BuildAndOpen();
    options_.query = "fox river";
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
  SearchOptions options_;
};

TEST_F(Deadlines, ThatPassedBeforeTheSearchEndIt) {
  Deadline deadline;
  deadline.time = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_THAT(Search(View(*generation_), options_, deadline),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

TEST_F(Deadlines, ToComeDoNotMatter) {
  Deadline deadline;
  deadline.time = std::chrono::steady_clock::now() + std::chrono::hours(1);
  EXPECT_THAT(Search(View(*generation_), options_, deadline), IsOk());
}

TEST_F(Deadlines, ComeWithACallerThatGoesAway) {
  std::atomic<bool> cancelled = false;
  Deadline deadline;
  deadline.cancelled = &cancelled;
  EXPECT_THAT(Search(View(*generation_), options_, deadline), IsOk());
  cancelled = true;
  EXPECT_THAT(Search(View(*generation_), options_, deadline),
              FailsWith(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

// A deadline that passes at any look at the clock ends the search there, and
// the next search is none the worse: handles go back to the pool whole.
TEST_F(Deadlines, ThatPassMidwayLeaveNothingBroken) {
  RandomDocuments random(34);
  std::string lines;
  for (int i = 0; i < 3000; ++i) {
    lines += JsonLine("d" + std::to_string(i), random.Words(20));
  }
  collection_.Write("many.jsonl", lines);
  const auto generation = collection_.BuildAndOpen();
  options_.query = "fox river market bank search price";
  options_.facets = {{"language"}};
  const auto whole = Search(View(*generation), options_, {});
  ASSERT_THAT(whole, IsOk());
  int cut_short = 0;
  for (int microseconds = 0; microseconds < 3000; microseconds += 50) {
    Deadline deadline;
    deadline.time = std::chrono::steady_clock::now() +
                    std::chrono::microseconds(microseconds);
    const auto result = Search(View(*generation), options_, deadline);
    if (result.ok()) {
      ExpectSameResult(*result, *whole);
    } else {
      EXPECT_EQ(ErrorReason(result.status()), "DEADLINE_EXCEEDED");
      ++cut_short;
    }
  }
  EXPECT_GT(cut_short, 0);
  const auto again = Search(View(*generation), options_, {});
  ASSERT_THAT(again, IsOk());
  ExpectSameResult(*again, *whole);
}

}  // namespace
}  // namespace footnote::search
