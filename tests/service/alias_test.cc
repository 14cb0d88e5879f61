// An alias that is switched while clients use it.

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "footnote/v1/document_service.grpc.pb.h"
#include "footnote/v1/search_service.grpc.pb.h"
#include "indexer/pipeline/collection_folders.h"
#include "tests/service/test_server.h"

namespace footnote::service {
namespace {

constexpr int kSwitches = 30;
constexpr int kClients = 4;

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// "animals" and "plants" hold a document each that says which it is of.
class AliasTest : public testing::Test {
 protected:
  AliasTest() {
    EXPECT_TRUE(
        pipeline::CopyCollection(server_.data_dir(), "animals", "plants").ok());
    server_.Publish({{"which.txt", "The marker of animals.\n"}});
    Switch("plants");
    server_.Restart();
  }

  void Switch(const std::string& collection) {
    const absl::Status status =
        pipeline::SetAlias(server_.data_dir(), "live", collection);
    EXPECT_TRUE(status.ok()) << status;
  }

  // Returns the collection that a search under the alias is answered from.
  std::string SearchLive(v1::SearchService::Stub* stub) {
    v1::SearchRequest request;
    request.set_collection("live");
    request.set_query("marker");
    grpc::ClientContext context;
    v1::SearchResponse response;
    const grpc::Status status = stub->Search(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::string collection = response.generation().collection();
    EXPECT_EQ(response.passages_size(),
              collection == "collections/animals" ? 1 : 0);
    for (const v1::Passage& passage : response.passages()) {
      EXPECT_TRUE(passage.name().starts_with(collection)) << passage.name();
    }
    return collection;
  }

  TestServer server_;
};

TEST_F(AliasTest, IsSwitchedUnderLoadWithoutAFailure) {
  std::atomic<bool> done = false;
  std::atomic<uint64_t> answers = 0;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      const auto stub =
          v1::SearchService::NewStub(ChannelTo(server_.address()));
      while (!done && !HasFailure()) {
        SearchLive(stub.get());
        ++answers;
      }
    });
  }
  const auto stub = v1::SearchService::NewStub(ChannelTo(server_.address()));
  for (int i = 0; i < kSwitches && !HasFailure(); ++i) {
    const std::string wanted = i % 2 == 0 ? "animals" : "plants";
    Switch(wanted);
    while (SearchLive(stub.get()) != "collections/" + wanted && !HasFailure()) {
    }
  }
  done = true;
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_GT(answers, uint64_t{kSwitches});
}

TEST_F(AliasTest, PagesComeFromTheCollectionTheyBeganWith) {
  const auto documents =
      v1::DocumentService::NewStub(ChannelTo(server_.address()));
  const auto search = v1::SearchService::NewStub(ChannelTo(server_.address()));
  v1::ListDocumentsRequest request;
  request.set_collection("collections/live");
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    grpc::ClientContext context;
    v1::ListDocumentsResponse response;
    const grpc::Status status =
        documents->ListDocuments(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.generation().collection(), "collections/plants");
    for (const v1::DocumentRef& document : response.documents()) {
      names.push_back(document.name());
    }
    request.set_page_token(response.next_page_token());
    Switch("animals");
    while (SearchLive(search.get()) != "collections/animals") {
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(names, (std::vector<std::string>{
                       "collections/plants/documents/bird/owl.txt",
                       "collections/plants/documents/dog.md",
                       "collections/plants/documents/fox.md"}));
}

}  // namespace
}  // namespace footnote::service
