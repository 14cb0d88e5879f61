// Collapsed duplicates and full documents, against a look at all pairs.

#include "server/search/hiding.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/text/quote_words.h"
#include "server/search/searcher.h"
#include "tests/search/same_results.h"
#include "tests/search/split_generations.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using Passages = std::vector<Passage>;

// What a search gives, page by page.
struct Answer {
  Passages passages;
  std::optional<HiddenResults> hidden;
  uint64_t count = 0;
};

// A text of these words with up to four edits.
std::string Edited(std::vector<std::string> words, RandomDocuments* random) {
  for (size_t edits = random->Below(5); edits > 0; --edits) {
    words[random->Below(words.size())] = "so";
  }
  std::string text;
  for (const std::string& word : words) {
    text += word;
    text += ' ';
  }
  return text + (random->Below(2) == 0 ? "." : "!");
}

// Articles of random words, and their copies with small edits.
void AddSyndicated(int articles, SplitCorpus* corpus) {
  RandomDocuments random(31);
  for (int i = 0; i < articles; ++i) {
    std::vector<std::string> words;
    for (size_t count = 12 + random.Below(60); count > 0; --count) {
      words.push_back(random.Word() + std::to_string(random.Below(9)));
    }
    words[random.Below(words.size())] = "fox";
    const std::string name = "wire" + std::to_string(i);
    std::string lines;
    for (size_t copy = 0; copy < 1 + random.Below(5); ++copy) {
      lines += JsonLine(name + "/" + std::to_string(copy * 7 % 5),
                        Edited(words, &random));
    }
    corpus->Add(name + ".jsonl", lines);
  }
}

class HidingTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    SplitCorpus corpus(6, 80);
    AddSyndicated(50, &corpus);
    split_ = new SplitGenerations(std::move(corpus));
  }
  static void TearDownTestSuite() { delete split_; }

  static SearchOptions OptionsOf(const std::string& query,
                                 const RankingOptions& ranking) {
    SearchOptions options;
    options.query = query;
    options.ranking = ranking;
    return options;
  }

  // All results by pages of so many.
  static Answer All(SearchOptions options, uint32_t page_size) {
    Answer answer;
    options.limit = page_size;
    for (bool has_more = true; has_more;) {
      options.offset = static_cast<uint32_t>(answer.passages.size());
      const auto result = Search(View(split_->whole()), options, {});
      EXPECT_THAT(result, IsOk());
      if (!result.ok() || (result->has_more && result->passages.empty())) {
        break;
      }
      if (answer.hidden) {
        EXPECT_EQ(answer.hidden->duplicates, result->hidden->duplicates);
        EXPECT_EQ(answer.hidden->beyond_document,
                  result->hidden->beyond_document);
      }
      answer.hidden = result->hidden;
      answer.count = result->count->passages;
      has_more = result->has_more;
      answer.passages.insert(answer.passages.end(), result->passages.begin(),
                             result->passages.end());
    }
    return answer;
  }

  // All results as they are with nothing hidden, looked at as deep.
  static Answer Unhidden(SearchOptions options) {
    options.ranking.collapse = Collapse::kNone;
    if (options.ranking.max_passages_per_document > 0) {
      options.ranking.max_passages_per_document = UINT32_MAX;
    }
    return All(options, 1000);
  }

  static SplitGenerations* split_;
};

SplitGenerations* HidingTest::split_ = nullptr;

// How much two texts resemble each other, 0 where they are not alike.
class Resemblance {
 public:
  explicit Resemblance(Collapse collapse) : collapse_(collapse) {}

  double Of(const std::string& one, const std::string& other) {
    const auto& [words, runs] = Read(one);
    const auto& [other_words, others] = Read(other);
    const std::set<Words>& other_runs = others;
    if (words.empty() || other_words.empty()) {
      return 0;
    }
    if (collapse_ == Collapse::kExact) {
      return words == other_words ? 1 : 0;
    }
    const size_t longer = std::max(runs.size(), other_runs.size());
    const auto shared = static_cast<size_t>(std::count_if(
        runs.begin(), runs.end(),
        [&](const auto& run) { return other_runs.contains(run); }));
    const bool is_alike =
        longer < 10 ? shared == longer : shared * 5 >= longer * 4;
    return is_alike ? static_cast<double>(shared) / static_cast<double>(longer)
                    : 0;
  }

 private:
  using Words = std::vector<std::string>;

  const std::pair<Words, std::set<Words>>& Read(const std::string& text) {
    auto& [words, runs] = read_[text];
    if (words.empty()) {
      for (const text::QuoteWord& word : text::ReadQuoteWords(text)) {
        words.push_back(word.word);
      }
      for (size_t i = 0; i + 3 <= words.size(); ++i) {
        runs.insert({words[i], words[i + 1], words[i + 2]});
      }
      if (runs.empty()) {
        runs.insert(words);
      }
    }
    return read_[text];
  }

  const Collapse collapse_;
  std::map<std::string, std::pair<Words, std::set<Words>>> read_;
};

// Hides by the book.
class PlainHiding {
 public:
  explicit PlainHiding(const RankingOptions& ranking)
      : ranking_(ranking), resemblance_(ranking.collapse) {}

  // Goes down a list of which the first `pinned` are pinned.
  Answer Hide(const Passages& list, size_t pinned) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (i < pinned) {
        Show(list[i], true);
      } else {
        Add(list[i], i - pinned < 1000);
      }
    }
    answer_.hidden = hidden_;
    return std::move(answer_);
  }

 private:
  void Show(const Passage& passage, bool is_looked_at) {
    answer_.passages.push_back(passage);
    is_looked_at_.push_back(is_looked_at);
  }

  void Add(const Passage& passage, bool is_looked_at) {
    hidden_.looked_at += is_looked_at ? 1 : 0;
    if (is_looked_at && ranking_.collapse != Collapse::kNone &&
        IsRepeat(passage)) {
      ++hidden_.duplicates;
      return;
    }
    const uint32_t most = ranking_.max_passages_per_document;
    if (most > 0 && taken_[passage.document.document_id] == most) {
      hidden_.beyond_document += is_looked_at ? 1 : 0;
      return;
    }
    ++taken_[passage.document.document_id];
    Show(passage, is_looked_at);
  }

  bool IsRepeat(const Passage& passage) {
    double most = 0;
    Passage* of = nullptr;
    for (size_t i = 0; i < answer_.passages.size(); ++i) {
      const double resemblance =
          is_looked_at_[i]
              ? resemblance_.Of(passage.text, answer_.passages[i].text)
              : 0;
      if (resemblance > most) {
        most = resemblance;
        of = &answer_.passages[i];
      }
    }
    if (of != nullptr) {
      ++of->duplicate_count;
      if (of->duplicates.size() < 20) {
        of->duplicates.push_back({passage.collection, passage.passage_id,
                                  passage.document.document_id,
                                  passage.document.title, passage.document.uri,
                                  most});
      }
    }
    return of != nullptr;
  }

  const RankingOptions& ranking_;
  Resemblance resemblance_;
  std::vector<bool> is_looked_at_;
  std::map<std::string, uint32_t> taken_;
  HiddenResults hidden_;
  Answer answer_;
};

void ExpectSameAnswers(const Answer& found, const Answer& expected) {
  EXPECT_EQ(found.count, expected.count);
  ASSERT_EQ(found.hidden.has_value(), expected.hidden.has_value());
  if (found.hidden) {
    EXPECT_EQ(found.hidden->looked_at, expected.hidden->looked_at);
    EXPECT_EQ(found.hidden->duplicates, expected.hidden->duplicates);
    EXPECT_EQ(found.hidden->beyond_document, expected.hidden->beyond_document);
  }
  ASSERT_EQ(found.passages.size(), expected.passages.size());
  for (size_t i = 0; i < found.passages.size(); ++i) {
    const Passage& a = found.passages[i];
    const Passage& b = expected.passages[i];
    EXPECT_EQ(a.passage_id, b.passage_id) << i;
    EXPECT_EQ(a.rank, i + 1);
    EXPECT_EQ(a.score, b.score);
    EXPECT_EQ(a.relevance, b.relevance);
    EXPECT_EQ(a.duplicate_count, b.duplicate_count) << i;
    ASSERT_EQ(a.duplicates.size(), b.duplicates.size()) << i;
    for (size_t k = 0; k < a.duplicates.size(); ++k) {
      const Duplicate& one = a.duplicates[k];
      const Duplicate& other = b.duplicates[k];
      EXPECT_EQ(std::tie(one.collection, one.passage_id, one.document_id,
                         one.title, one.uri),
                std::tie(other.collection, other.passage_id, other.document_id,
                         other.title, other.uri));
      EXPECT_EQ(one.resemblance, other.resemblance);
    }
  }
}

// A random set of all that decides the list.
RankingOptions RandomRanking(const Passages& all, RandomDocuments* random) {
  RankingOptions ranking;
  ranking.collapse =
      std::vector{Collapse::kNone, Collapse::kExact, Collapse::kNear,
                  Collapse::kNear}[random->Below(4)];
  if (ranking.collapse == Collapse::kNone || random->Below(3) == 0) {
    ranking.max_passages_per_document =
        static_cast<uint32_t>(1 + random->Below(3));
  }
  const auto any = [&] { return all[random->Below(all.size())].passage_id; };
  if (random->Below(3) == 0) {
    ranking.pinned = {{ResultId::Kind::kPassage, any()},
                      {ResultId::Kind::kPassage, any()}};
  }
  if (random->Below(3) == 0) {
    ranking.order = {random->Below(2) == 0 ? ResultOrder::Kind::kAscending
                                           : ResultOrder::Kind::kDescending,
                     random->Below(2) == 0 ? "" : "year"};
  } else if (random->Below(3) == 0) {
    ExternalResults external;
    for (int score = 9; score > 0; --score) {
      external.results.push_back(
          {{ResultId::Kind::kPassage, any()}, static_cast<double>(score)});
    }
    ranking.external = external;
  }
  if (random->Below(3) == 0) {
    ranking.minimum_relevance = 0.3;
  }
  return ranking;
}

TEST_F(HidingTest, IsWhatALookAtAllPairsHides) {
  RandomDocuments random(8);
  uint32_t duplicates = 0;
  uint32_t near = 0;
  uint32_t beyond = 0;
  for (int i = 0; i < 30; ++i) {
    const std::string query = split_->corpus().Query(&random) + " fox";
    const Passages plain = All(OptionsOf(query, {}), 1000).passages;
    const SearchOptions options =
        OptionsOf(query, RandomRanking(plain, &random));
    const Answer list = Unhidden(options);
    std::set<std::string> pinned;
    for (const ResultId& id : options.ranking.pinned) {
      pinned.insert(id.id);
    }
    Answer expected =
        PlainHiding(options.ranking).Hide(list.passages, pinned.size());
    expected.count = list.count;
    const Answer found = All(options, 1000);
    ExpectSameAnswers(found, expected);
    ASSERT_FALSE(HasFailure()) << query << " " << i;
    duplicates += found.hidden->duplicates;
    beyond += found.hidden->beyond_document;
    for (const Passage& passage : found.passages) {
      for (const Duplicate& duplicate : passage.duplicates) {
        near += duplicate.resemblance < 1 ? 1 : 0;
      }
    }
    for (size_t k = 1; k < split_->all().size(); ++k) {
      SearchOptions page = options;
      page.limit = 100;
      page.offset = static_cast<uint32_t>(random.Below(30));
      ExpectSameAnswer(split_->whole(), *split_->all()[k], page);
    }
    ASSERT_FALSE(HasFailure()) << query << " " << i;
  }
  EXPECT_GT(duplicates, 300U);
  EXPECT_GT(near, 30U);
  EXPECT_GT(beyond, 300U);
}

TEST_F(HidingTest, GivesTheSameByPagesOfAnySize) {
  RankingOptions ranking;
  ranking.collapse = Collapse::kNear;
  ranking.max_passages_per_document = 2;
  for (const double diversity : {0.0, 0.4}) {
    ranking.diversity = diversity;
    const SearchOptions options = OptionsOf("zebra so7", ranking);
    const Answer expected = All(options, 1000);
    EXPECT_GT(expected.passages.size(), 40U);
    for (const uint32_t size : {1, 3, 10}) {
      ExpectSameAnswers(All(options, size), expected);
    }
    std::set<std::string> ids;
    for (const Passage& passage : expected.passages) {
      EXPECT_TRUE(ids.insert(passage.passage_id).second);
    }
  }
}

TEST_F(HidingTest, CountsWhatMatchesInEachDocument) {
  RandomDocuments random(9);
  Filter filter;
  filter.kind = Filter::Kind::kCondition;
  filter.field = "language";
  filter.op = FilterOperator::kNe;
  filter.values = {"de"};
  for (int i = 0; i < 20; ++i) {
    std::string query = i % 4 == 0 ? "+fox " : i % 4 == 1 ? "-market " : "";
    query += split_->corpus().Query(&random);
    SearchOptions options = OptionsOf(query, {});
    if (i % 3 == 0) {
      options.filter = filter;
    }
    std::map<std::string, uint32_t> matches;
    const Passages all = All(options, 1000).passages;
    for (const Passage& passage : all) {
      ++matches[passage.document.document_id];
      EXPECT_FALSE(passage.document_matches.has_value());
    }
    // One that need not match.
    options.ranking.pinned = {
        {ResultId::Kind::kPassage,
         All(OptionsOf("zebra", {}), 50).passages.front().passage_id}};
    options.ranking.max_passages_per_document = 1;
    options.ranking.minimum_relevance = 0.1 * (i % 5);
    for (const Passage& passage : All(options, 1000).passages) {
      EXPECT_EQ(passage.document_matches, matches[passage.document.document_id])
          << query;
    }
    options.limit = 100;
    for (const auto& generation : split_->all()) {
      ExpectSameAnswer(split_->whole(), *generation, options);
    }
    ASSERT_FALSE(HasFailure()) << query << i;
  }
}

TEST_F(HidingTest, IsNoneWhereNothingAsksForIt) {
  const Answer answer = All(OptionsOf("fox", {}), 1000);
  EXPECT_FALSE(answer.hidden.has_value());
  EXPECT_EQ(answer.passages.size(), answer.count);
  for (const Passage& passage : answer.passages) {
    EXPECT_EQ(passage.duplicate_count, 0U);
    EXPECT_FALSE(passage.document_matches.has_value());
  }
}

TEST_F(HidingTest, SaysNothingOfWhatIsHiddenWhenTimeIsUp) {
  SearchOptions options = OptionsOf("fox", {});
  options.ranking.collapse = Collapse::kNear;
  options.time_limit = std::chrono::steady_clock::now();
  const auto result = Search(View(split_->whole()), options, {});
  ASSERT_THAT(result, IsOk());
  EXPECT_TRUE(result->truncated);
  EXPECT_FALSE(result->hidden.has_value());
}

TEST_F(HidingTest, TakesMemoryForWhatItCompares) {
  const View view(split_->whole());
  RankingOptions ranking;
  ranking.collapse = Collapse::kNear;
  MemoryBudget memory(20'000);
  Hiding hiding(view, ranking, memory);
  hiding.Begin();
  EXPECT_THAT(hiding.Shows({0, 0}, {}), IsOk());
  absl::Status last;
  for (uint32_t passage = 1; passage < 100 && last.ok(); ++passage) {
    last = hiding.Shows({0, passage}, {}).status();
  }
  EXPECT_THAT(last, FailsWith(absl::StatusCode::kResourceExhausted,
                              "SEARCH_TOO_LARGE"));
}

// Copies of one text, more than are looked at.
TEST(HidingDepth, IsAThousand) {
  GrowingCollection collection;
  constexpr uint32_t kCopies = 1100;
  std::string lines;
  for (uint32_t i = 0; i < kCopies; ++i) {
    lines += JsonLine(std::to_string(10000 + i), "the same fox again");
  }
  collection.Write("copies.jsonl", lines);
  const auto generation = collection.BuildAndOpen();
  SearchOptions options;
  options.query = "fox";
  options.ranking.collapse = Collapse::kExact;
  for (uint32_t offset = 0; offset < 101; offset += 10) {
    options.offset = offset;
    options.limit = offset % 20 == 0 ? 100 : 1;
    const auto result = Search(View(*generation), options, {});
    ASSERT_THAT(result, IsOk());
    EXPECT_EQ(result->count->passages, kCopies);
    EXPECT_EQ(result->hidden->looked_at, 1000U);
    EXPECT_EQ(result->hidden->duplicates, 999U);
    ASSERT_FALSE(result->passages.empty());
    // The first, and those below the thousand.
    EXPECT_EQ(result->passages.front().document.document_id,
              std::to_string(offset == 0 ? 10000 : 10999 + offset));
    EXPECT_EQ(result->has_more, offset + options.limit < 101);
    if (offset == 0) {
      const Passage& first = result->passages.front();
      EXPECT_EQ(first.duplicate_count, 999U);
      ASSERT_EQ(first.duplicates.size(), 20U);
      EXPECT_EQ(first.duplicates.back().document_id, "10020");
    }
  }
}

}  // namespace
}  // namespace footnote::search
