// Search, collections, health and the life of a server, over the wire.

#include "server/service/server.h"

#include <chrono>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/base/sha256.h"
#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kNotFound = absl::StatusCode::kNotFound;

v1::SearchRequest MakeRequest(const std::string& query) {
  v1::SearchRequest request;
  request.set_collection("collections/animals");
  request.set_query(query);
  return request;
}

TEST(SearchService, ReturnsPassagesWithFootnotes) {
  TestServer server;
  v1::SearchRequest request = MakeRequest("red fox");
  request.set_include_utf16(true);
  const auto response = server.client().Search(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->passages_size(), 3);
  EXPECT_EQ(response->count().documents(), 3U);
  EXPECT_EQ(response->facets_size(), 5);
  EXPECT_EQ(response->next_page_token(), "");
  EXPECT_EQ(response->generation().collection(), "collections/animals");
  EXPECT_EQ(response->generation().generation(), 1U);
  EXPECT_EQ(response->query_id().size(), 22U);
  for (const v1::Passage& passage : response->passages()) {
    std::string blocks;
    for (const v1::TextBlock& block : passage.blocks()) {
      blocks += block.text();
    }
    EXPECT_EQ(blocks, passage.text());
    EXPECT_EQ(ToBytes(Sha256Of(passage.text())),
              passage.provenance().text_sha256());
    EXPECT_FALSE(passage.document().title().empty());
    EXPECT_FALSE(passage.document().uri().empty());
    EXPECT_TRUE(passage.provenance().span().has_end_utf16());
  }
  EXPECT_EQ(response->passages(0).document().document_id(), "fox.md");
  EXPECT_EQ(response->passages(0).rank(), 1);
}

TEST(SearchService, LeavesCountsAndFacetsOut) {
  TestServer server;
  v1::SearchRequest request = MakeRequest("fox");
  request.set_omit_counts(true);
  request.set_omit_facets(true);
  const auto response = server.client().Search(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_FALSE(response->has_count());
  EXPECT_EQ(response->facets_size(), 0);
  EXPECT_EQ(response->passages_size(), 3);
}

TEST(SearchService, PagesTogetherAreOnePage) {
  TestServer server;
  v1::SearchRequest request = MakeRequest("fox");
  const auto whole = server.client().Search(request);
  ASSERT_THAT(whole, IsOk());
  request.set_page_size(1);
  std::vector<std::string> ids;
  do {
    const auto page = server.client().Search(request);
    ASSERT_THAT(page, IsOk());
    ASSERT_EQ(page->passages_size(), 1);
    ids.push_back(page->passages(0).passage_id());
    EXPECT_EQ(page->passages(0).rank(), static_cast<int>(ids.size()));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  std::vector<std::string> expected;
  for (const v1::Passage& passage : whole->passages()) {
    expected.push_back(passage.passage_id());
  }
  EXPECT_EQ(ids, expected);
}

TEST(SearchService, PagesGoOnInTheirGeneration) {
  TestServer server;
  v1::SearchRequest request = MakeRequest("fox");
  request.set_page_size(1);
  const auto first = server.client().Search(request);
  ASSERT_THAT(first, IsOk());
  server.Publish({{"another.txt", "fox fox fox fox fox\n"}});
  request.set_page_token(first->next_page_token());
  const auto second = server.client().Search(request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->generation().generation(), 1U);
  EXPECT_NE(second->passages(0).passage_id(), first->passages(0).passage_id());
}

TEST(SearchService, ServesANewGenerationSoon) {
  TestServer server;
  server.Publish({{"cat.txt", "The cat purrs.\n"}});
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  uint64_t generation = 0;
  while (generation != 2 && std::chrono::steady_clock::now() < limit) {
    const auto response = server.client().Search(MakeRequest("cat"));
    ASSERT_THAT(response, IsOk());
    generation = response->generation().generation();
  }
  EXPECT_EQ(generation, 2U);
  v1::SearchRequest request = MakeRequest("cat");
  request.set_generation(1);
  const auto old = server.client().Search(request);
  ASSERT_THAT(old, IsOk());
  EXPECT_EQ(old->passages_size(), 0);
}

TEST(SearchService, WarnsOfAQueryWithoutWords) {
  TestServer server;
  const auto response = server.client().Search(MakeRequest("?!"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->passages_size(), 0);
  ASSERT_EQ(response->warnings_size(), 1);
  EXPECT_EQ(response->warnings(0).code(), v1::Warning::CODE_NO_WORDS);
}

TEST(SearchService, AnswersBadRequestsWithReasons) {
  TestServer server;
  const auto search = [&](auto change) {
    v1::SearchRequest request = MakeRequest("fox");
    change(&request);
    return server.client().Search(request);
  };
  EXPECT_THAT(search([](auto* r) { r->set_query(" "); }),
              FailsWith(kInvalid, "QUERY_EMPTY"));
  EXPECT_THAT(search([](auto* r) { r->set_query(std::string(20001, 'x')); }),
              FailsWith(kInvalid, "QUERY_TOO_LONG"));
  EXPECT_THAT(search([](auto* r) { r->set_collection("none"); }),
              FailsWith(kNotFound, "COLLECTION_NOT_FOUND"));
  EXPECT_THAT(search([](auto* r) { r->set_collection("a b"); }),
              FailsWith(kInvalid, "COLLECTION_NAME_INVALID"));
  EXPECT_THAT(search([](auto* r) { r->set_generation(99); }),
              FailsWith(kNotFound, "GENERATION_NOT_FOUND"));
  EXPECT_THAT(search([](auto* r) { r->set_page_size(-1); }),
              FailsWith(kInvalid, "PAGE_SIZE_INVALID"));
  EXPECT_THAT(search([](auto* r) { r->set_page_token("AAAA"); }),
              FailsWith(kInvalid, "PAGE_TOKEN_INVALID"));
  EXPECT_THAT(
      search([](auto* r) { r->add_facets()->set_field("document_id"); }),
      FailsWith(kInvalid, "FACET_FIELD_UNKNOWN"));
}

TEST(SearchService, LogsOneLineWithoutTheQuery) {
  TestServer server;
  const auto response = server.client().Search(MakeRequest("red fox"));
  ASSERT_THAT(response, IsOk());
  const auto log = server.log();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0]["method"], "footnote.v1.SearchService/Search");
  EXPECT_EQ(log[0]["code"], "OK");
  EXPECT_EQ(log[0]["collection"], "animals");
  EXPECT_EQ(log[0]["index_generation"], 1);
  EXPECT_EQ(log[0]["query_id"], response->query_id());
  EXPECT_EQ(log[0]["query_sha256"], ToHex(Sha256Of("red fox")));
  EXPECT_EQ(log[0]["results"], 3);
  EXPECT_EQ(log[0].dump().find("red fox"), std::string::npos);
}

TEST(SearchService, LogsTheReasonOfAnError) {
  TestServer server;
  EXPECT_THAT(server.client().Search(MakeRequest("")),
              FailsWith(kInvalid, "QUERY_EMPTY"));
  const auto log = server.log();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0]["code"], "INVALID_ARGUMENT");
  EXPECT_EQ(log[0]["reason"], "QUERY_EMPTY");
}

TEST(SearchService, QueryIdsDiffer) {
  TestServer server;
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.insert(server.client().Search(MakeRequest("fox"))->query_id());
  }
  EXPECT_EQ(ids.size(), 20U);
}

TEST(SearchService, RefusesMessagesOverTheLimit) {
  TestServer server;
  const auto response =
      server.client().Search(MakeRequest(std::string(5 << 20, 'x')));
  EXPECT_THAT(response,
              FailsWith(absl::StatusCode::kResourceExhausted, "RPC_FAILED"));
}

TEST(CollectionService, DescribesCollections) {
  TestServer server;
  const auto list = server.client().ListCollections({});
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->collections_size(), 1);
  v1::GetCollectionRequest request;
  request.set_name("animals");
  const auto one = server.client().GetCollection(request);
  ASSERT_THAT(one, IsOk());
  const v1::Collection& collection = one->collection();
  EXPECT_EQ(collection.name(), "collections/animals");
  EXPECT_EQ(collection.document_count(), 3U);
  EXPECT_EQ(collection.passage_count(), 3U);
  EXPECT_EQ(collection.generation().manifest_sha256().size(), 32U);
  EXPECT_FALSE(collection.generation().analyzer_id().empty());
  EXPECT_FALSE(collection.generation().ranker().empty());
  EXPECT_EQ(collection.SerializeAsString(),
            list->collections(0).SerializeAsString());
}

TEST(CollectionService, AnswersBadRequestsWithReasons) {
  TestServer server;
  v1::GetCollectionRequest request;
  EXPECT_THAT(server.client().GetCollection(request),
              FailsWith(kInvalid, "COLLECTION_NAME_INVALID"));
  request.set_name("none");
  EXPECT_THAT(server.client().GetCollection(request),
              FailsWith(kNotFound, "COLLECTION_NOT_FOUND"));
  v1::ListCollectionsRequest list;
  list.set_page_size(-1);
  EXPECT_THAT(server.client().ListCollections(list),
              FailsWith(kInvalid, "PAGE_SIZE_INVALID"));
}

TEST(Health, ServesAllNames) {
  TestServer server;
  for (const char* name :
       {"", "liveness", "footnote.v1.SearchService",
        "footnote.v1.DocumentService", "footnote.v1.CollectionService"}) {
    const auto status = server.client().CheckHealth(name);
    ASSERT_THAT(status, IsOk()) << name;
    EXPECT_EQ(*status, "SERVING") << name;
  }
  EXPECT_THAT(server.client().CheckHealth("no.such.Service"),
              FailsWith(kNotFound, "RPC_FAILED"));
}

TEST(Server, DrainingServesOnButIsNotReady) {
  TestServer server;
  server.server().Drain();
  EXPECT_EQ(*server.client().CheckHealth(""), "NOT_SERVING");
  EXPECT_EQ(*server.client().CheckHealth("footnote.v1.SearchService"),
            "NOT_SERVING");
  EXPECT_EQ(*server.client().CheckHealth("liveness"), "SERVING");
  EXPECT_THAT(server.client().Search(MakeRequest("fox")), IsOk());
}

TEST(Server, RefusesCallsAfterShutdown) {
  TestServer server;
  EXPECT_THAT(server.client().Search(MakeRequest("fox")), IsOk());
  server.server().Shutdown(std::chrono::seconds(5));
  EXPECT_THAT(server.client().Search(MakeRequest("fox")),
              FailsWith(absl::StatusCode::kUnavailable, "CONNECTION_FAILED"));
}

TEST(Server, SaysWhoHasItsPort) {
  TestServer server;
  ServerOptions options;
  const TempFolder folder;
  options.data_dir = folder.path();
  options.listen = server.address();
  const auto second = Server::Start(options);
  EXPECT_THAT(second,
              FailsWith(absl::StatusCode::kUnavailable, "LISTEN_FAILED"));
  EXPECT_THAT(second.status().ToString(),
              testing::HasSubstr("another program listens there already"));
}

TEST(Server, ServesAnEmptyDataFolder) {
  const TempFolder folder;
  ServerOptions options;
  options.data_dir = folder.path();
  options.listen = "127.0.0.1:0";
  options.log = [](auto&&...) {};
  const auto server = Server::Start(options);
  ASSERT_THAT(server, IsOk());
  const client::Client client({"127.0.0.1:" + std::to_string((*server)->port()),
                               std::chrono::seconds(10)});
  EXPECT_EQ(*client.CheckHealth(""), "SERVING");
  const auto list = client.ListCollections({});
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->collections_size(), 0);
}

}  // namespace
}  // namespace footnote::service
