// DocumentService over the wire.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr char kFox[] = "collections/animals/documents/fox.md";
constexpr char kFoxText[] = "# Foxes\n\nThe red fox runs. It hunts at night.\n";

TEST(GetDocument, ReturnsTheWholeText) {
  TestServer server;
  v1::GetDocumentRequest request;
  request.set_name(kFox);
  request.set_include_utf16(true);
  const auto response = server.client().GetDocument(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->content().text(), kFoxText);
  EXPECT_EQ(response->size().bytes(), sizeof(kFoxText) - 1);
  EXPECT_EQ(response->size().utf16(), sizeof(kFoxText) - 1);
  EXPECT_EQ(response->content().span().end_utf16(), sizeof(kFoxText) - 1);
  EXPECT_EQ(response->content_sha256(), ToBytes(Sha256Of(kFoxText)));
  EXPECT_EQ(response->document().sha256(), response->content_sha256());
  EXPECT_EQ(response->document().name(), kFox);
  EXPECT_EQ(response->generation().generation(), 1U);
}

TEST(GetDocument, ReturnsARange) {
  TestServer server;
  v1::GetDocumentRequest request;
  request.set_name(kFox);
  request.set_start_byte(9);
  request.set_end_byte(26);
  const auto response = server.client().GetDocument(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->content().text(), "The red fox runs.");
  EXPECT_EQ(response->content().span().start_byte(), 9U);
  request.set_start_byte(10000);
  EXPECT_THAT(server.client().GetDocument(request),
              FailsWith(absl::StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE"));
}

TEST(GetDocument, FindsIdsWithSlashes) {
  TestServer server;
  v1::GetDocumentRequest request;
  request.set_name("collections/animals/documents/bird/owl.txt");
  EXPECT_THAT(server.client().GetDocument(request), IsOk());
}

TEST(GetDocument, AnswersBadRequestsWithReasons) {
  TestServer server;
  v1::GetDocumentRequest request;
  EXPECT_THAT(server.client().GetDocument(request),
              FailsWith(kInvalid, "NAME_INVALID"));
  request.set_name("collections/animals/documents/wolf.md");
  EXPECT_THAT(server.client().GetDocument(request),
              FailsWith(kNotFound, "DOCUMENT_NOT_FOUND"));
  request.set_name("collections/plants/documents/fox.md");
  EXPECT_THAT(server.client().GetDocument(request),
              FailsWith(kNotFound, "COLLECTION_NOT_FOUND"));
  request.set_name(kFox);
  request.set_generation(5);
  EXPECT_THAT(server.client().GetDocument(request),
              FailsWith(kNotFound, "GENERATION_NOT_FOUND"));
}

TEST(GetPassage, ReturnsWhatSearchNamed) {
  TestServer server;
  v1::SearchRequest search;
  search.set_collection("animals");
  search.set_query("owl");
  const auto found = server.client().Search(search);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->passages_size(), 1);
  v1::GetPassageRequest request;
  request.set_name(found->passages(0).name());
  const auto response = server.client().GetPassage(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->passage().text(), found->passages(0).text());
  EXPECT_EQ(response->passage().provenance().SerializeAsString(),
            found->passages(0).provenance().SerializeAsString());
  EXPECT_EQ(response->passage().rank(), 0);
}

TEST(GetPassage, AnswersBadRequestsWithReasons) {
  TestServer server;
  v1::GetPassageRequest request;
  request.set_name("collections/animals/passages/none");
  EXPECT_THAT(server.client().GetPassage(request),
              FailsWith(kNotFound, "PASSAGE_NOT_FOUND"));
  request.set_next_passages(11);
  EXPECT_THAT(server.client().GetPassage(request),
              FailsWith(kInvalid, "NEIGHBOURS_INVALID"));
  request.set_name(kFox);
  EXPECT_THAT(server.client().GetPassage(request),
              FailsWith(kInvalid, "NAME_INVALID"));
}

TEST(GetSpan, ReturnsSentencesAround) {
  TestServer server;
  v1::GetSpanRequest request;
  request.set_name(kFox);
  request.set_start_byte(13);
  request.set_end_byte(20);
  const auto bare = server.client().GetSpan(request);
  ASSERT_THAT(bare, IsOk());
  EXPECT_EQ(bare->content().text(), "red fox");
  EXPECT_EQ(bare->before().text(), "");
  EXPECT_EQ(bare->after().text(), "");
  EXPECT_EQ(bare->provenance().text_sha256(), ToBytes(Sha256Of("red fox")));
  request.set_context_count(1);
  const auto around = server.client().GetSpan(request);
  ASSERT_THAT(around, IsOk());
  EXPECT_EQ(around->before().text(), "The ");
  EXPECT_EQ(around->after().text(), " runs. ");
  request.set_context_unit(v1::GetSpanRequest::CONTEXT_UNIT_PASSAGE);
  const auto passage = server.client().GetSpan(request);
  ASSERT_THAT(passage, IsOk());
  EXPECT_EQ(passage->before().text() + passage->content().text() +
                passage->after().text(),
            kFoxText);
}

TEST(GetSpan, AnswersBadRequestsWithReasons) {
  TestServer server;
  v1::GetSpanRequest request;
  request.set_name(kFox);
  request.set_start_byte(20);
  request.set_end_byte(13);
  EXPECT_THAT(server.client().GetSpan(request),
              FailsWith(absl::StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE"));
  request.set_end_byte(30);
  request.set_context_count(101);
  EXPECT_THAT(server.client().GetSpan(request),
              FailsWith(kInvalid, "CONTEXT_INVALID"));
  request.set_context_count(-1);
  EXPECT_THAT(server.client().GetSpan(request),
              FailsWith(kInvalid, "CONTEXT_INVALID"));
  request.set_context_count(0);
  request.set_context_unit(static_cast<v1::GetSpanRequest::ContextUnit>(9));
  EXPECT_THAT(server.client().GetSpan(request),
              FailsWith(kInvalid, "ENUM_VALUE_UNKNOWN"));
}

TEST(ListDocuments, ReturnsPagesInOrder) {
  TestServer server;
  v1::ListDocumentsRequest request;
  request.set_collection("animals");
  request.set_page_size(2);
  const auto first = server.client().ListDocuments(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->documents_size(), 2);
  EXPECT_EQ(first->documents(0).document_id(), "bird/owl.txt");
  EXPECT_EQ(first->documents(1).document_id(), "dog.md");
  request.set_page_token(first->next_page_token());
  const auto second = server.client().ListDocuments(request);
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->documents_size(), 1);
  EXPECT_EQ(second->documents(0).document_id(), "fox.md");
  EXPECT_EQ(second->next_page_token(), "");
}

// A thousand documents with much metadata would not fit into a message.
TEST(ListDocuments, PagesEndBeforeTheyAreTooLarge) {
  TestServer server;
  std::string lines;
  for (int i = 0; i < 120; ++i) {
    lines += R"({"_id":"big)" + std::to_string(i) +
             R"(","title":"t","text":"word","metadata":{"x":")" +
             std::string(60000, 'm') + "\"}}\n";
  }
  server.Publish({{"big.jsonl", lines}});
  v1::ListDocumentsRequest request;
  request.set_collection("animals");
  request.set_generation(2);
  request.set_page_size(1000);
  int documents = 0;
  int pages = 0;
  do {
    const auto page = server.client().ListDocuments(request);
    ASSERT_THAT(page, IsOk());
    EXPECT_LT(page->ByteSizeLong(), 4U << 20U);
    documents += page->documents_size();
    ++pages;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(documents, 123);
  EXPECT_GT(pages, 2);
}

// A path of long names in a script that percent-encoding triples.
TEST(LongIds, NameTheirDocuments) {
  TestServer server;
  std::string path;
  std::string id;
  for (int depth = 0; depth < 5; ++depth) {
    for (int i = 0; i < 80; ++i) {
      path += "文";
      id += "%E6%96%87";
    }
    path += "/";
    id += "/";
  }
  server.Publish({{path + "a.txt", "A wombat digs.\n"}});
  v1::SearchRequest search;
  search.set_collection("animals");
  search.set_query("wombat");
  search.set_generation(2);
  const auto found = server.client().Search(search);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->passages_size(), 1);
  const v1::DocumentRef& document = found->passages(0).document();
  EXPECT_EQ(document.document_id(), id + "a.txt");
  v1::GetDocumentRequest request;
  request.set_name(document.name());
  request.set_generation(2);
  const auto got = server.client().GetDocument(request);
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->content().text(), "A wombat digs.\n");
  request.set_name(document.name() + "x");
  EXPECT_THAT(server.client().GetDocument(request),
              FailsWith(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
}

TEST(LongUris, EndAPageOfPassagesEarly) {
  TestServer server;
  std::string lines;
  for (int i = 0; i < 100; ++i) {
    lines += R"({"_id":")" + std::to_string(i) +
             R"(","text":"A wombat digs.","uri":")" + std::string(30000, 'u') +
             "\"}\n";
  }
  server.Publish({{"long.jsonl", lines}});
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query("wombat");
  request.set_generation(2);
  request.set_page_size(100);
  const auto page = server.client().Search(request);
  ASSERT_THAT(page, IsOk());
  EXPECT_GT(page->passages_size(), 10);
  EXPECT_NE(page->next_page_token(), "");
}

TEST(ListDocuments, AnswersBadRequestsWithReasons) {
  TestServer server;
  v1::ListDocumentsRequest request;
  EXPECT_THAT(server.client().ListDocuments(request),
              FailsWith(kInvalid, "COLLECTION_NAME_INVALID"));
  request.set_collection("animals");
  request.set_page_size(-1);
  EXPECT_THAT(server.client().ListDocuments(request),
              FailsWith(kInvalid, "PAGE_SIZE_INVALID"));
  request.set_page_size(0);
  request.set_page_token("bad");
  EXPECT_THAT(server.client().ListDocuments(request),
              FailsWith(kInvalid, "PAGE_TOKEN_INVALID"));
}

}  // namespace
}  // namespace footnote::service
