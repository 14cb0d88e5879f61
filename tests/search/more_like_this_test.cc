// What is chosen of a source, against plain counting, and that it does not
// depend on segments, tombstones and what may not be read.

#include "server/search/more_like_this.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/segment.h"
#include "indexer/text/analyzer.h"
#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/search/same_results.h"
#include "tests/search/split_corpus.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

bool IsSame(const SourceWord& a, const SourceWord& b) {
  return a.word == b.word && a.first == b.first && a.count == b.count &&
         a.passages == b.passages && a.boost == b.boost && a.weight == b.weight;
}

// Checks that two views choose the same words of a passage, and find the same
// by them.
void ExpectSameLike(const View& view, const View& twin,
                    const std::string& passage_id) {
  const auto source = SourceOfPassage(view, passage_id, false);
  ASSERT_THAT(source, IsOk());
  const auto words = ChooseWords(view, *source, {});
  const auto same = ChooseWords(twin, *source, {});
  ASSERT_THAT(words, IsOk());
  ASSERT_THAT(same, IsOk());
  ASSERT_TRUE(std::equal(words->begin(), words->end(), same->begin(),
                         same->end(), IsSame));
  if (words->empty()) {
    return;
  }
  SearchOptions options;
  options.query = QueryOf(*words);
  options.ranking.excluded = source->own;
  const auto result = Search(view, options, {});
  const auto expected = Search(twin, options, {});
  ASSERT_THAT(result, IsOk());
  ASSERT_THAT(expected, IsOk());
  ExpectSameResult(*result, *expected);
  for (const Passage& passage : result->passages) {
    EXPECT_NE(passage.passage_id, passage_id);
  }
}

// The ids of the passages that a view shows, some of them.
std::vector<std::string> SomePassages(const View& view) {
  SearchOptions options;
  options.query = "lang:*";
  options.limit = 300;
  const auto all = Search(view, options, {});
  EXPECT_THAT(all, IsOk());
  std::vector<std::string> ids;
  for (const Passage& passage : all->passages) {
    ids.push_back(passage.passage_id);
  }
  EXPECT_GT(ids.size(), 100U);
  return ids;
}

class MoreLikeThis : public testing::Test {
 protected:
  MoreLikeThis() : corpus_(5, 90) {
    several_ = corpus_.BuildSplit(4, &split_);
    one_ = corpus_.BuildWhole(&whole_);
  }

  SplitCorpus corpus_;
  GrowingCollection split_;
  GrowingCollection whole_;
  std::shared_ptr<const index::Generation> several_;
  std::shared_ptr<const index::Generation> one_;
};

TEST_F(MoreLikeThis, DoesNotDependOnSegments) {
  const View view(*several_);
  const View twin(*one_);
  for (const std::string& id : SomePassages(view)) {
    SCOPED_TRACE(id);
    ExpectSameLike(view, twin, id);
    ASSERT_FALSE(HasFailure());
  }
}

TEST_F(MoreLikeThis, DoesNotDependOnWhatCannotBeRead) {
  std::set<std::string> hidden;
  std::vector<Roaring> unreadable;
  for (const auto& segment : several_->segments()) {
    Roaring& set = unreadable.emplace_back();
    for (uint32_t i = 0; i < segment->document_count(); i += 3) {
      set.add(i);
      hidden.emplace(segment->document_id(i));
    }
  }
  // One that is hidden in an older segment is hidden in a newer one too.
  for (size_t k = 0; k < unreadable.size(); ++k) {
    const index::Segment& segment = *several_->segments()[k];
    for (uint32_t i = 0; i < segment.document_count(); ++i) {
      if (hidden.contains(std::string(segment.document_id(i)))) {
        unreadable[k].add(i);
      }
    }
  }
  GrowingCollection readable;
  const auto without = corpus_.BuildWhole(
      &readable, [&](const std::string& id) { return !hidden.contains(id); });
  const View view(*several_, unreadable);
  const View twin(*without);
  for (const std::string& id : SomePassages(view)) {
    SCOPED_TRACE(id);
    ExpectSameLike(view, twin, id);
    ASSERT_FALSE(HasFailure());
  }
  for (const std::string& id : SomePassages(View(*several_))) {
    const auto passage = GetPassage(View(*several_), id, 0, 0);
    ASSERT_THAT(passage, IsOk());
    if (hidden.contains(passage->document.document_id)) {
      EXPECT_THAT(SourceOfPassage(view, id, false),
                  FailsWith(absl::StatusCode::kNotFound, "PASSAGE_NOT_FOUND"));
    }
  }
}

// Counts stems, looks each word up by a search, and weighs it.
TEST_F(MoreLikeThis, ChoosesWhatTellsMost) {
  const View view(*one_);
  text::Analyzer analyzer;
  size_t compared = 0;
  for (const std::string& id : SomePassages(view)) {
    const auto source = SourceOfPassage(view, id, false);
    ASSERT_THAT(source, IsOk());
    if (source->language == "und") {
      continue;  // it is taken for what its function words are of
    }
    std::map<std::string, uint32_t> counts;
    bool is_covered = false;  // by the bigram before
    for (const text::Token& token :
         analyzer.Analyze(source->text, source->language)) {
      counts[token.stem] += is_covered && !token.joins_next ? 0 : 1;
      is_covered = token.joins_next;
    }
    const auto words = ChooseWords(view, *source, {});
    ASSERT_THAT(words, IsOk());
    std::set<std::string> chosen;
    for (const SourceWord& word : *words) {
      const auto tokens = analyzer.Analyze(word.word, source->language);
      const std::string stem = tokens.front().stem;
      EXPECT_TRUE(chosen.insert(stem).second);
      EXPECT_FALSE(text::IsStopWord(tokens.front().word, source->language));
      EXPECT_EQ(word.count, counts.at(stem)) << word.word;
      EXPECT_GE(word.passages, 2U);
      SearchOptions options;
      options.query = QueryOf({word});
      const auto found = Search(view, options, {});
      ASSERT_THAT(found, IsOk());
      EXPECT_EQ(word.passages, found->count->passages) << word.word;
      const auto n = static_cast<double>(view.passages());
      const auto df = static_cast<double>(word.passages);
      const double idf = std::log(1 + (n - df + 0.5) / (df + 0.5));
      EXPECT_NEAR(word.boost, std::pow(word.count, 0.7), 0.0051);
      EXPECT_NEAR(word.weight, word.boost * idf, 1e-6);
      ++compared;
    }
    EXPECT_LE(words->size(), kMaxLikeWords);
    EXPECT_TRUE(std::is_sorted(words->begin(), words->end(),
                               [](const SourceWord& a, const SourceWord& b) {
                                 return a.weight > b.weight;
                               }));
  }
  EXPECT_GT(compared, 500U);
}

TEST_F(MoreLikeThis, LeavesOutWordsThatOnlyTheSourceHas) {
  GrowingCollection collection;
  collection.Write("a.txt", "The quixotic heron waits. The heron waits.\n");
  collection.Write("b.txt", "A heron flies over the marsh.\n");
  const auto generation = collection.BuildAndOpen();
  const View view(*generation);
  const auto source = SourceOfSpan(view, "a.txt", 0, 0, false);
  ASSERT_THAT(source, IsOk());
  const auto words = ChooseWords(view, *source, {});
  ASSERT_THAT(words, IsOk());
  ASSERT_EQ(words->size(), 1U);
  EXPECT_EQ(words->front().word, "heron");
  EXPECT_EQ(words->front().count, 2U);
  EXPECT_EQ(words->front().passages, 2U);
  EXPECT_EQ(QueryOf(*words), "heron^1.62");
  // Of a text of its own, every word that the collection has may be looked for.
  const auto of_text = ChooseWords(view, {source->text, "", {}}, {});
  ASSERT_THAT(of_text, IsOk());
  ASSERT_EQ(of_text->size(), 3U);
  EXPECT_EQ(of_text->front().word, "waits");
}

// A query takes each word as it stands in the source, whatever it means to the
// query language.
TEST_F(MoreLikeThis, MakesQueriesOfAnyWords) {
  GrowingCollection collection;
  collection.Write("a.txt",
                   "AND the US-based C# team OR R\xC3\xA9sum\xC3\xA9, "
                   "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD title:x 5% a*b.\n");
  const auto generation = collection.BuildAndOpen();
  const View view(*generation);
  const auto source = SourceOfSpan(view, "a.txt", 0, 0, false);
  ASSERT_THAT(source, IsOk());
  const auto words = ChooseWords(view, {source->text, "en", {}}, {});
  ASSERT_THAT(words, IsOk());
  std::set<std::string> texts;
  for (const SourceWord& word : *words) {
    texts.insert(word.word);
  }
  EXPECT_TRUE(texts.contains("US"));
  EXPECT_TRUE(texts.contains("R\xC3\xA9sum\xC3\xA9"));
  EXPECT_TRUE(texts.contains("\xE6\x9D\xB1\xE4\xBA\xAC"));
  for (const SourceWord& word : *words) {
    SearchOptions options;
    options.query = QueryOf({word});
    options.strict_query = true;
    const auto found = Search(view, options, {});
    ASSERT_THAT(found, IsOk());
    EXPECT_EQ(found->passages.size(), 1U) << options.query;
  }
}

TEST_F(MoreLikeThis, StopsAtItsDeadline) {
  Deadline deadline;
  deadline.time = std::chrono::steady_clock::now();
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "word" + std::to_string(i) + " ";
  }
  EXPECT_THAT(
      ChooseWords(View(*one_), {text, "en", {}}, deadline),
      FailsWith(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace footnote::search
