// SearchService.MoreLikeThis, as clients make and see it.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "google/protobuf/util/message_differencer.h"
#include "indexer/pipeline/collection_folders.h"
#include "tests/service/test_server.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using absl::StatusCode;
using google::protobuf::util::MessageDifferencer;

class MoreLikeThisCall : public testing::Test {
 protected:
  MoreLikeThisCall() {
    RandomDocuments random(3);
    std::string lines;
    for (int i = 0; i < 100; ++i) {
      lines += random.Line("d" + std::to_string(i));
    }
    server_.Publish({{"corpus.jsonl", lines}});
    server_.Restart();
  }

  // Some passages of the collection.
  std::vector<v1::Passage> Passages() {
    v1::SearchRequest request;
    request.set_collection("animals");
    request.set_query("zebra OR fox");
    request.set_page_size(25);
    const auto response = server_.client().Search(request);
    EXPECT_THAT(response, IsOk());
    return {response->passages().begin(), response->passages().end()};
  }

  static v1::MoreLikeThisRequest Like(const std::string& passage) {
    v1::MoreLikeThisRequest request;
    request.set_collection("animals");
    request.set_passage(passage);
    return request;
  }

  v1::MoreLikeThisResponse Ask(const v1::MoreLikeThisRequest& request) {
    const auto response = server_.client().MoreLikeThis(request);
    EXPECT_THAT(response, IsOk());
    return response.ok() ? *response : v1::MoreLikeThisResponse();
  }

  TestServer server_;
};

// Checks that an answer is that of a search.
void ExpectSame(const v1::MoreLikeThisResponse& like,
                const v1::SearchResponse& search) {
  ASSERT_EQ(like.passages_size(), search.passages_size());
  for (int i = 0; i < like.passages_size(); ++i) {
    EXPECT_TRUE(
        MessageDifferencer::Equals(like.passages(i), search.passages(i)));
  }
  EXPECT_TRUE(MessageDifferencer::Equals(like.count(), search.count()));
  EXPECT_TRUE(
      MessageDifferencer::Equals(like.generation(), search.generation()));
  ASSERT_EQ(like.facets_size(), search.facets_size());
  for (int i = 0; i < like.facets_size(); ++i) {
    EXPECT_TRUE(MessageDifferencer::Equals(like.facets(i), search.facets(i)));
  }
  EXPECT_TRUE(MessageDifferencer::Equals(like.hidden(), search.hidden()));
  EXPECT_EQ(like.has_hidden(), search.has_hidden());
  EXPECT_EQ(like.warnings_size(), search.warnings_size());
  EXPECT_EQ(like.next_page_token().empty(), search.next_page_token().empty());
}

TEST_F(MoreLikeThisCall, IsASearchForTheQueryThatItNames) {
  for (const v1::Passage& passage : Passages()) {
    v1::MoreLikeThisRequest request = Like(passage.passage_id());
    request.set_page_size(7);
    request.set_explain(true);
    request.set_previous_passages(1);
    request.set_max_passages_per_document(2);
    request.add_excluded()->set_document_id("d7");
    request.set_collapse(v1::COLLAPSE_NEAR);
    request.set_diversity(0.2);
    v1::SearchRequest search;
    for (int page = 0; page < 3; ++page) {
      const v1::MoreLikeThisResponse like = Ask(request);
      ASSERT_EQ(like.executed_queries_size(), 1);
      EXPECT_GT(like.words_size(), 0);
      search.set_collection("animals");
      search.set_query(like.executed_queries(0));
      search.set_page_size(7);
      search.set_explain(true);
      search.set_previous_passages(1);
      search.set_max_passages_per_document(2);
      search.set_collapse(v1::COLLAPSE_NEAR);
      search.set_diversity(0.2);
      search.clear_excluded();
      search.add_excluded()->set_document_id("d7");
      search.add_excluded()->set_passage_id(passage.passage_id());
      const auto found = server_.client().Search(search);
      ASSERT_THAT(found, IsOk());
      ExpectSame(like, *found);
      if (like.next_page_token().empty()) {
        break;
      }
      request.set_page_token(like.next_page_token());
      search.set_page_token(found->next_page_token());
    }
  }
}

TEST_F(MoreLikeThisCall, LeavesTheSourceOut) {
  // One of a document with others that are like it.
  const std::vector<v1::Passage> passages = Passages();
  const auto has_next = [](const v1::Passage& passage) {
    return !passage.provenance().next_passage_id().empty();
  };
  const auto at = std::find_if(passages.begin(), passages.end(), has_next);
  ASSERT_NE(at, passages.end());
  const std::string document = at->document().document_id();
  v1::MoreLikeThisRequest request = Like(at->name());
  request.set_page_size(100);
  v1::Condition& own = *request.mutable_filter()->mutable_condition();
  own.set_field("document_id");
  own.set_op(v1::Condition::OPERATOR_EQ);
  own.mutable_value()->set_string_value(document);
  const v1::MoreLikeThisResponse others = Ask(request);
  EXPECT_GT(others.passages_size(), 0);
  for (const v1::Passage& found : others.passages()) {
    EXPECT_NE(found.passage_id(), at->passage_id());
  }
  request.set_exclude_document(true);
  EXPECT_EQ(Ask(request).passages_size(), 0);
  EXPECT_EQ(Ask(request).count().passages(), 0U);
  // A span that has a part of the passage and of the next leaves both out.
  const v1::Span& span = at->provenance().span();
  request.set_exclude_document(false);
  request.mutable_span()->set_document(document);
  request.mutable_span()->set_start_byte(span.start_byte());
  request.mutable_span()->set_end_byte(span.end_byte());
  EXPECT_EQ(Ask(request).count().passages(), others.count().passages());
  EXPECT_EQ(Ask(request).executed_queries(0), others.executed_queries(0));
  request.mutable_span()->set_end_byte(span.end_byte() + 1);
  EXPECT_LT(Ask(request).count().passages(), others.count().passages());
}

TEST_F(MoreLikeThisCall, FindsWhatATextIsAbout) {
  v1::MoreLikeThisRequest request;
  request.set_collection("animals");
  request.set_text("It hunts at night, said the owl.");
  const v1::MoreLikeThisResponse response = Ask(request);
  ASSERT_GT(response.passages_size(), 0);
  EXPECT_EQ(response.passages(0).document().document_id(), "fox.md");
  EXPECT_EQ(response.executed_queries(0), "hunts night owl");
  ASSERT_EQ(response.words_size(), 3);
  EXPECT_EQ(response.words(0).word(), "hunts");
  EXPECT_EQ(response.words(0).passage_count(), 1U);
}

TEST_F(MoreLikeThisCall, KnowsAliases) {
  ASSERT_THAT(pipeline::SetAlias(server_.data_dir(), "live", "animals"),
              IsOk());
  server_.Restart();
  const v1::Passage passage = Passages()[0];
  v1::MoreLikeThisRequest request =
      Like("collections/live/passages/" + passage.passage_id());
  request.set_collection("live");
  EXPECT_EQ(Ask(request).executed_queries(0),
            Ask(Like(passage.passage_id())).executed_queries(0));
}

TEST_F(MoreLikeThisCall, StaysInTheGenerationOfItsFirstPage) {
  v1::MoreLikeThisRequest request = Like(Passages()[0].passage_id());
  const v1::MoreLikeThisResponse first = Ask(request);
  ASSERT_FALSE(first.next_page_token().empty());
  server_.Publish({{"new.md", "# Zebra\n\nThe zebra and the fox.\n"}});
  server_.Restart();
  request.set_page_token(first.next_page_token());
  const v1::MoreLikeThisResponse second = Ask(request);
  EXPECT_EQ(second.generation().generation(), first.generation().generation());
  EXPECT_EQ(second.executed_queries(0), first.executed_queries(0));
  EXPECT_EQ(second.passages(0).rank(), 11);
  request.set_omit_counts(true);
  EXPECT_THAT(server_.client().MoreLikeThis(request),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"));
}

TEST_F(MoreLikeThisCall, FindsNothingForWhatSaysNothing) {
  for (const char* text : {"", " ?! ", "the of and", "xyzzy quux"}) {
    v1::MoreLikeThisRequest request;
    request.set_collection("animals");
    request.set_text(text);
    const v1::MoreLikeThisResponse response = Ask(request);
    EXPECT_EQ(response.passages_size(), 0) << text;
    EXPECT_EQ(response.words_size(), 0);
    EXPECT_EQ(response.executed_queries_size(), 0);
    EXPECT_EQ(response.count().passages(), 0U);
    EXPECT_TRUE(response.has_count());
    ASSERT_EQ(response.warnings_size(), 1);
    EXPECT_EQ(response.warnings(0).code(), v1::Warning::CODE_NO_WORDS);
  }
}

TEST_F(MoreLikeThisCall, RefusesWhatIsNotThere) {
  const auto expect = [&](const v1::MoreLikeThisRequest& request,
                          StatusCode code, const std::string& reason) {
    EXPECT_THAT(server_.client().MoreLikeThis(request),
                FailsWith(code, reason));
  };
  v1::MoreLikeThisRequest request;
  request.set_collection("animals");
  expect(request, StatusCode::kInvalidArgument, "SOURCE_EMPTY");
  request.set_passage("nothing");
  expect(request, StatusCode::kNotFound, "PASSAGE_NOT_FOUND");
  request.set_passage("collections/other/passages/x");
  expect(request, StatusCode::kInvalidArgument, "NAME_INVALID");
  request.mutable_span()->set_document("nothing");
  expect(request, StatusCode::kNotFound, "DOCUMENT_NOT_FOUND");
  request.mutable_span()->set_document("fox.md");
  request.mutable_span()->set_start_byte(10000);
  expect(request, StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE");
  request.set_text(std::string((100 << 10) + 1, 'a'));
  expect(request, StatusCode::kInvalidArgument, "SOURCES_TOO_LONG");
  request.set_text("fox");
  request.set_page_size(-1);
  expect(request, StatusCode::kInvalidArgument, "PAGE_SIZE_INVALID");
  request.set_page_size(0);
  request.set_generation(99);
  expect(request, StatusCode::kNotFound, "GENERATION_NOT_FOUND");
  request.set_collection("nowhere");
  expect(request, StatusCode::kNotFound, "COLLECTION_NOT_FOUND");
}

// A document of more than 100 KiB is too long as a whole, not in part.
TEST_F(MoreLikeThisCall, TakesPartsOfLongDocuments) {
  std::string text;
  while (text.size() <= 120U << 10) {
    text += "The zebra crossed a river near the market. ";
  }
  server_.Publish({{"long.txt", text}});
  server_.Restart();
  v1::MoreLikeThisRequest request;
  request.set_collection("animals");
  request.mutable_span()->set_document("long.txt");
  EXPECT_THAT(server_.client().MoreLikeThis(request),
              FailsWith(StatusCode::kInvalidArgument, "SOURCES_TOO_LONG"));
  request.mutable_span()->set_end_byte(100 << 10);
  EXPECT_GT(Ask(request).passages_size(), 0);
}

}  // namespace
}  // namespace footnote::service
