// SearchService.BatchSearch with one list for all, against a plain fusion of
// what separate searches give.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/service/test_server.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;

// A highlight, by its bytes.
using Mark = std::pair<uint64_t, uint64_t>;

// A passage as a plain fusion has it.
struct Plain {
  std::string document_id;
  int ordinal = 0;
  double score = 0;
  double relevance = 0;
  std::map<std::string, double> parts;  // by the list that gives them
  std::vector<Mark> marks;
};

void Mend(std::vector<Mark>* marks) {
  std::sort(marks->begin(), marks->end());
  std::vector<Mark> joined;
  for (const Mark& mark : *marks) {
    if (!joined.empty() && mark.first < joined.back().second) {
      joined.back().second = std::max(joined.back().second, mark.second);
    } else {
      joined.push_back(mark);
    }
  }
  *marks = joined;
}

std::vector<Mark> MarksOf(const v1::Passage& passage) {
  std::vector<Mark> marks;
  for (const v1::Highlight& highlight : passage.highlights()) {
    marks.emplace_back(highlight.span().start_byte(),
                       highlight.span().end_byte());
  }
  return marks;
}

class FusedSearch : public testing::Test {
 protected:
  // Enough that a frequent word has more than 1,000 passages.
  FusedSearch() {
    RandomDocuments random(3);
    std::string lines;
    for (int i = 0; i < 1000; ++i) {
      lines += random.Line("d" + std::to_string(i));
    }
    server_.Publish({{"corpus.jsonl", lines}});
    server_.Restart();
  }

  static v1::BatchSearchRequest Batch(const std::vector<std::string>& queries) {
    v1::BatchSearchRequest batch;
    batch.set_mode(v1::BatchSearchRequest::MODE_FUSED);
    for (const std::string& query : queries) {
      v1::SearchRequest& request = *batch.add_requests();
      request.set_collection("animals");
      request.set_query(query);
    }
    return batch;
  }

  // Returns the first results of a search, by its pages.
  std::vector<v1::Passage> List(v1::SearchRequest request) {
    constexpr size_t kDepth = 1000;
    std::vector<v1::Passage> list;
    request.set_page_size(100);
    while (list.size() < kDepth) {
      const auto page = server_.client().Search(request);
      EXPECT_THAT(page, IsOk());
      std::copy(page->passages().begin(), page->passages().end(),
                std::back_inserter(list));
      if (page->next_page_token().empty()) {
        break;
      }
      request.set_page_token(page->next_page_token());
    }
    list.resize(std::min(list.size(), kDepth));
    return list;
  }

  // Fuses what separate searches give.
  std::vector<std::pair<std::string, Plain>> Fuse(
      const v1::BatchSearchRequest& batch) {
    std::map<std::string, Plain> by_id;
    for (int i = 0; i < batch.requests_size(); ++i) {
      const double weight = batch.weights().empty() ? 1 : batch.weights(i);
      double rank = 0;
      for (const v1::Passage& passage : List(batch.requests(i))) {
        const double part =
            std::nearbyint(weight / (60 + ++rank) * (1 << 24)) / (1 << 24);
        Plain& plain = by_id[passage.passage_id()];
        plain.document_id = passage.document().document_id();
        plain.ordinal = passage.provenance().ordinal();
        plain.score += part;
        plain.relevance = std::max(plain.relevance, passage.relevance());
        plain.parts["requests[" + std::to_string(i) + "]"] = part;
        for (const Mark& mark : MarksOf(passage)) {
          plain.marks.push_back(mark);
        }
      }
    }
    std::vector<std::pair<std::string, Plain>> order(by_id.begin(),
                                                     by_id.end());
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::tie(b.second.score, a.second.document_id, a.second.ordinal) <
             std::tie(a.second.score, b.second.document_id, b.second.ordinal);
    });
    return order;
  }

  // Checks all pages of a batch against a plain fusion.
  void ExpectPlain(v1::BatchSearchRequest batch, int page_size) {
    const auto expected = Fuse(batch);
    ASSERT_FALSE(expected.empty());
    batch.set_page_size(page_size);
    size_t at = 0;
    for (bool has_more = true; has_more;) {
      const auto response = server_.client().BatchSearch(batch);
      ASSERT_THAT(response, IsOk());
      EXPECT_EQ(response->outcomes_size(), 0);
      for (const v1::Passage& passage : response->fused().passages()) {
        ASSERT_LT(at, expected.size());
        Check(passage, expected[at].first, expected[at].second);
        EXPECT_EQ(passage.rank(), ++at);
      }
      batch.set_page_token(response->fused().next_page_token());
      has_more = !batch.page_token().empty();
      EXPECT_TRUE(!has_more || response->fused().passages_size() == page_size);
    }
    EXPECT_EQ(at, expected.size());
  }

  static void Check(const v1::Passage& passage, const std::string& id,
                    Plain plain) {
    EXPECT_EQ(passage.passage_id(), id);
    EXPECT_EQ(passage.score(), plain.score);
    EXPECT_EQ(passage.relevance(), plain.relevance);
    EXPECT_EQ(passage.score_kind(), v1::SCORE_KIND_FUSED);
    std::map<std::string, double> parts;
    for (const v1::Contribution& part : passage.contributions()) {
      EXPECT_EQ(part.stage(), v1::Contribution::STAGE_FUSION);
      parts[part.field()] = part.value();
    }
    EXPECT_EQ(parts, plain.parts);
    Mend(&plain.marks);
    EXPECT_EQ(MarksOf(passage), plain.marks);
  }

  TestServer server_;
};

TEST_F(FusedSearch, IsAPlainFusionOfSeparateSearches) {
  v1::BatchSearchRequest batch =
      Batch({"zebra bank", "zebra", "\"the river\" OR 東京", "nothing"});
  batch.mutable_requests(0)->set_explain(true);
  ExpectPlain(batch, 17);
  for (const double weight : {0.5, 2.0, 7.25, 100.0}) {
    batch.add_weights(weight);
  }
  ExpectPlain(batch, 100);
}

// More than 1,000 passages have the first word.
TEST_F(FusedSearch, TakesTheFirstThousandOfEach) {
  v1::BatchSearchRequest batch = Batch({"fox", "\"zebra bank\""});
  batch.mutable_requests(1)->set_explain(true);
  const auto response = server_.client().BatchSearch(batch);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->fused_queries_size(), 2);
  EXPECT_GT(response->fused_queries(0).count().passages(), 1000U);
  EXPECT_EQ(response->fused_queries(0).results(), 1000);
  EXPECT_EQ(response->fused_queries(1).results(),
            response->fused_queries(1).count().passages());
  ExpectPlain(batch, 100);
}

TEST_F(FusedSearch, KeepsWhatEachRequestAsksOfItsList) {
  v1::BatchSearchRequest batch =
      Batch({"river bank", "river bank", "AWS", "zebra"});
  v1::Condition& condition =
      *batch.mutable_requests(0)->mutable_filter()->mutable_condition();
  condition.set_field("document_id");
  condition.set_op(v1::Condition::OPERATOR_STARTS_WITH);
  condition.mutable_value()->set_string_value("d1");
  batch.mutable_requests(1)->set_max_passages_per_document(1);
  batch.mutable_requests(2)->set_order_by("date");
  batch.mutable_requests(3)->set_minimum_relevance(0.3);
  batch.mutable_requests(3)->set_explain(true);
  ExpectPlain(batch, 50);
}

TEST_F(FusedSearch, SaysWhatEachQueryFound) {
  v1::BatchSearchRequest batch = Batch({"The Foxes", "?!", "zebar", "zebra"});
  batch.mutable_requests(3)->set_omit_counts(true);
  batch.mutable_requests(0)->set_previous_passages(1);
  batch.mutable_requests(1)->set_include_utf16(true);
  const auto response = server_.client().BatchSearch(batch);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->fused_queries_size(), 4);
  const v1::SearchResponse& fused = response->fused();
  ASSERT_EQ(fused.executed_queries_size(), 4);
  for (int i = 0; i < 4; ++i) {
    const v1::FusedQuery& query = response->fused_queries(i);
    const auto alone = server_.client().Search(batch.requests(i));
    ASSERT_THAT(alone, IsOk());
    EXPECT_EQ(query.executed_query(), alone->executed_queries(0));
    EXPECT_EQ(fused.executed_queries(i), query.executed_query());
    EXPECT_EQ(query.has_count(), alone->has_count());
    EXPECT_EQ(query.count().SerializeAsString(),
              alone->count().SerializeAsString());
    EXPECT_EQ(query.warnings_size(), alone->warnings_size());
    EXPECT_EQ(query.spelling().text(), alone->spelling().text());
  }
  EXPECT_EQ(response->fused_queries(1).warnings(0).code(),
            v1::Warning::CODE_NO_WORDS);
  EXPECT_EQ(response->fused_queries(2).warnings(0).code(),
            v1::Warning::CODE_SPELLING);
  EXPECT_EQ(fused.warnings_size(), 2);
  EXPECT_FALSE(fused.has_count());
  EXPECT_EQ(fused.facets_size(), 0);
  EXPECT_EQ(fused.generation().generation(), 2U);
  ASSERT_EQ(fused.passages_size(), 10);
  EXPECT_TRUE(fused.passages(0).provenance().span().has_start_utf16());
  EXPECT_EQ(fused.passages(0).contributions_size(), 0);
}

TEST_F(FusedSearch, StaysInTheGenerationOfItsFirstPage) {
  v1::BatchSearchRequest batch = Batch({"zebra", "bank"});
  const auto whole = Fuse(batch);
  const auto first = server_.client().BatchSearch(batch);
  ASSERT_THAT(first, IsOk());
  server_.Publish({{"new.md", "The zebra and the bank.\n"}});
  server_.Restart();
  batch.set_page_token(first->fused().next_page_token());
  const auto second = server_.client().BatchSearch(batch);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->fused().generation().generation(), 2U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(second->fused().passages(i).passage_id(),
              whole[static_cast<size_t>(10 + i)].first);
  }
  batch.mutable_requests(0)->set_query("other");
  EXPECT_THAT(server_.client().BatchSearch(batch),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"));
}

TEST_F(FusedSearch, RefusesWhatCannotBeFused) {
  const auto expect = [&](const v1::BatchSearchRequest& batch,
                          const std::string& reason, const std::string& field) {
    const auto response = server_.client().BatchSearch(batch);
    EXPECT_THAT(response, FailsWith(StatusCode::kInvalidArgument, reason));
    EXPECT_EQ(GetErrorDetails(response.status())["field"], field);
  };
  const v1::BatchSearchRequest fine = Batch({"zebra", "bank"});
  v1::BatchSearchRequest batch = fine;
  batch.mutable_requests(1)->set_collection("others");
  expect(batch, "BATCH_INVALID", "requests[1].collection");
  batch.mutable_requests(1)->set_collection("collections/animals");
  EXPECT_THAT(server_.client().BatchSearch(batch), IsOk());
  batch.mutable_requests(1)->set_generation(1);
  expect(batch, "BATCH_INVALID", "requests[1].collection");
  batch = fine;
  batch.mutable_requests(0)->set_page_token("x");
  expect(batch, "BATCH_INVALID", "requests[0].page_token");
  batch = fine;
  batch.mutable_requests(1)->set_query(" ");
  expect(batch, "QUERY_EMPTY", "requests[1].query");
  batch.mutable_requests(1)->set_page_size(-1);
  expect(batch, "PAGE_SIZE_INVALID", "requests[1].page_size");
  batch = fine;
  batch.set_page_size(-1);
  expect(batch, "PAGE_SIZE_INVALID", "page_size");
  batch = fine;
  batch.add_weights(1);
  expect(batch, "BATCH_INVALID", "weights");
  for (const double weight : {0.0, -1.0, 101.0, std::nan("")}) {
    batch.clear_weights();
    batch.add_weights(1);
    batch.add_weights(weight);
    expect(batch, "BOOST_INVALID", "weights");
  }
}

}  // namespace
}  // namespace footnote::service
