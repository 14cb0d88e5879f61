// Documents come and go with their times, to the second, as if the collection
// had been built of those that may be seen.

#include "server/search/visibility.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/base/time.h"
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
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kStart = 1'800'000'000;

std::string TimeText(int64_t seconds) {
  return FormatTime(
      std::chrono::system_clock::time_point(std::chrono::seconds(seconds)));
}

// A document with times, as a line of JSON.
struct Timed {
  std::string id;
  std::string text;
  Period period;

  std::string Line() const {
    nlohmann::json metadata = nlohmann::json::object();
    if (period.from != INT64_MIN) {
      metadata["embargo_time"] = TimeText(period.from);
    }
    if (period.until != INT64_MAX) {
      metadata["expire_time"] = TimeText(period.until);
    }
    return nlohmann::json{{"_id", id}, {"text", text}, {"metadata", metadata}}
               .dump() +
           "\n";
  }
};

SearchOptions Query(const std::string& query) {
  SearchOptions options;
  options.query = query;
  return options;
}

// A served collection with a clock of its own.
class Visibility : public testing::Test {
 protected:
  Visibility()
      : catalog_(collection_.data_dir(), {.now = [this] { return now_; }}) {}

  void Publish(const std::vector<Timed>& documents) {
    std::string lines;
    for (const Timed& document : documents) {
      lines += document.Line();
    }
    collection_.Write("a.jsonl", lines);
    ASSERT_THAT(collection_.Build(), IsOk());
    catalog_.Refresh();
  }

  std::shared_ptr<const View> Get(uint64_t generation = 0) {
    const auto view = catalog_.Get("test", generation);
    EXPECT_THAT(view, IsOk());
    return view.ok() ? *view : nullptr;
  }

  // The ids that a generation lists at a time.
  std::vector<std::string> Ids(int64_t now, uint64_t generation = 0) {
    now_ = now;
    std::vector<std::string> ids;
    const auto documents = *ListDocuments(*Get(generation), "", 1000);
    ids.reserve(documents.size());
    for (const index::DocumentRecord& document : documents) {
      ids.push_back(document.document_id);
    }
    return ids;
  }

  int64_t now_ = kStart;
  GrowingCollection collection_;
  Catalog catalog_;
};

TEST_F(Visibility, ChangesAtTheSecond) {
  Publish({{"always", "The fox.", {}},
           {"until", "The fox.", {.until = kStart + 10}},
           {"from", "The fox.", {.from = kStart + 10}},
           {"within", "The fox.", {kStart + 5, kStart + 20}}});
  EXPECT_THAT(Ids(kStart), ElementsAre("always", "until"));
  EXPECT_THAT(Ids(kStart + 4), ElementsAre("always", "until"));
  EXPECT_THAT(Ids(kStart + 5), ElementsAre("always", "until", "within"));
  EXPECT_THAT(Ids(kStart + 9), ElementsAre("always", "until", "within"));
  EXPECT_THAT(Ids(kStart + 10), ElementsAre("always", "from", "within"));
  EXPECT_THAT(Ids(kStart + 19), ElementsAre("always", "from", "within"));
  EXPECT_THAT(Ids(kStart + 20), ElementsAre("always", "from"));
  // Clocks are set back at times.
  EXPECT_THAT(Ids(kStart), ElementsAre("always", "until"));
}

TEST_F(Visibility, HidesFromEveryWayToADocument) {
  Publish({{"a", "The fox.", {.until = kStart + 1}}, {"b", "The owl.", {}}});
  const std::string passage =
      Search(*Get(), Query("fox"), {})->passages.at(0).passage_id;
  const auto before = Get();
  now_ = kStart + 1;
  const auto after = Get();
  EXPECT_THAT(GetDocument(*after, "a", 0, 0),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  EXPECT_THAT(GetSpan(*after, "a", 0, 1, {}),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  EXPECT_THAT(GetPassage(*after, passage, 0, 0),
              FailsWith(StatusCode::kNotFound, "PASSAGE_NOT_FOUND"));
  EXPECT_THAT(Search(*after, Query("fox"), {})->passages, IsEmpty());
  EXPECT_EQ(after->documents(), 1U);
  EXPECT_EQ(after->passages(), 1U);
  EXPECT_EQ(after->text_bytes(), 8U);
  EXPECT_EQ(after->words(), 2U);
  // A call that began before goes on as it began.
  EXPECT_THAT(GetDocument(*before, "a", 0, 0), IsOk());
}

TEST_F(Visibility, CostsNothingWhereNothingIsHidden) {
  Publish({{"a", "The fox.", {.until = kStart + 9}}, {"b", "The owl.", {}}});
  const auto first = Get();
  EXPECT_EQ(first->epoch(), 0U);
  now_ = kStart + 8;
  EXPECT_EQ(Get(), first);
  now_ = kStart + 9;
  const auto second = Get();
  EXPECT_NE(second->epoch(), 0U);
  now_ = kStart + 1'000'000;
  EXPECT_EQ(Get(), second);
}

// Results, statistics and facets are those of a collection without what is
// hidden.
TEST_F(Visibility, AnswersAsIfTheHiddenWereNotThere) {
  RandomDocuments random(11);
  std::vector<Timed> documents;
  for (int i = 0; i < 60; ++i) {
    Timed document{"d" + std::to_string(i), "", {}};
    for (uint64_t k = 0; k < 5 + random.Below(30); ++k) {
      document.text += "w" + std::to_string(random.Below(12)) + " ";
    }
    if (random.Below(3) == 0) {
      document.period.from = kStart + static_cast<int64_t>(random.Below(20));
    }
    if (random.Below(3) == 0) {
      document.period.until = kStart + static_cast<int64_t>(random.Below(20));
    }
    documents.push_back(document);
  }
  Publish(documents);
  for (now_ = kStart - 1; now_ <= kStart + 20; now_ += 3) {
    std::string seen;
    for (const Timed& document : documents) {
      if (document.period.Holds(now_)) {
        seen += JsonLine(document.id, document.text);
      }
    }
    GrowingCollection twin;
    twin.Write("a.jsonl", seen);
    const View expected(twin.BuildAndOpen());
    for (const char* query : {"w1", "w2 w3 w11", "w1* w5"}) {
      SearchOptions options = Query(query);
      options.limit = 50;
      options.facets = {{"language"}, {"source_type"}};
      const auto result = Search(*Get(), options, {});
      ASSERT_THAT(result, IsOk());
      ExpectSameResult(*result, *Search(expected, options, {}));
    }
    EXPECT_EQ(Get()->documents(), expected.documents());
    EXPECT_EQ(Get()->passages(), expected.passages());
    EXPECT_EQ(Get()->text_bytes(), expected.text_bytes());
    EXPECT_EQ(Get()->words(), expected.words());
    EXPECT_EQ(Get()->languages(), expected.languages());
  }
}

TEST_F(Visibility, OfOlderGenerationsGoesByTheNewestTimes) {
  Publish({{"expires", "one", {.until = kStart + 50}},
           {"later", "one", {.until = kStart + 5}},
           {"never", "one", {}},
           {"released", "one", {.from = kStart + 50}},
           {"gone", "one", {}},
           {"gone-timed", "one", {.until = kStart + 10}}});
  Publish({{"expires", "two", {.until = kStart + 10}},
           {"later", "two", {.until = kStart + 50}},
           {"never", "two", {.until = kStart + 10}},
           {"released", "two", {}}});
  EXPECT_THAT(Ids(kStart + 9),
              ElementsAre("expires", "later", "never", "released"));
  EXPECT_THAT(Ids(kStart + 9, 1), ElementsAre("expires", "gone", "gone-timed",
                                              "later", "never", "released"));
  EXPECT_EQ(GetDocument(*Get(1), "expires", 0, 0)->content.text, "one");
  EXPECT_THAT(Ids(kStart + 10, 1), ElementsAre("gone", "later", "released"));
  EXPECT_THAT(Ids(kStart + 50, 1), ElementsAre("gone", "released"));
}

// The times that a document had last count, also where it is gone since, by
// whatever merges.
TEST_F(Visibility, OfOlderGenerationsGoesByTheLastTimesOfWhatIsGone) {
  Publish({{"expired", "one", {}},
           {"released", "one", {.from = kStart + 50}},
           {"moved", "one", {.until = kStart + 5}},
           {"stays", "one", {}}});
  Publish({{"expired", "one", {.until = kStart + 10}},
           {"released", "one", {}},
           {"moved", "one", {.until = kStart + 20}},
           {"stays", "one", {}}});
  Publish({{"expired", "two", {.until = kStart + 10}},
           {"moved", "one", {.until = kStart + 10}},
           {"stays", "one", {}}});
  Publish({{"stays", "one", {}}});
  Publish({{"stays", "two", {}}});
  EXPECT_THAT(Ids(kStart, 1),
              ElementsAre("expired", "moved", "released", "stays"));
  EXPECT_THAT(Ids(kStart + 9, 1),
              ElementsAre("expired", "moved", "released", "stays"));
  EXPECT_THAT(Ids(kStart + 10, 1), ElementsAre("released", "stays"));
  EXPECT_THAT(Ids(kStart + 10, 2), ElementsAre("released", "stays"));
  EXPECT_THAT(Ids(kStart + 10, 3), ElementsAre("stays"));
  EXPECT_THAT(Ids(kStart + 10, 4), ElementsAre("stays"));
}

TEST_F(Visibility, OfOlderGenerationsFollowsNewGenerations) {
  Publish({{"a", "one", {}}, {"b", "one", {}}});
  Publish({{"a", "two", {}}, {"b", "one", {}}});
  EXPECT_THAT(Ids(kStart, 1), ElementsAre("a", "b"));
  Publish({{"a", "two", {.until = kStart}}, {"b", "one", {}}});
  EXPECT_THAT(Ids(kStart), ElementsAre("b"));
  EXPECT_THAT(Ids(kStart, 1), ElementsAre("b"));
  EXPECT_THAT(Ids(kStart, 2), ElementsAre("b"));
  Publish({{"a", "two", {}}, {"b", "one", {}}});
  EXPECT_THAT(Ids(kStart, 1), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace footnote::search
