// Generations that are published while clients search.

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "footnote/v1/search_service.grpc.pb.h"
#include "tests/service/test_server.h"

namespace footnote::service {
namespace {

constexpr uint64_t kSwaps = 50;
constexpr int kClients = 8;
constexpr int kMarked = 6;  // documents that every generation has anew

// The text of the marked documents of a generation.
std::string TextOf(uint64_t generation) {
  return "The heron of generation g" + std::to_string(generation) +
         " stands in the river.";
}

v1::SearchRequest RequestOf(uint64_t generation) {
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query("heron river");
  request.set_generation(generation);
  return request;
}

// Returns all of a response but its query_id, the same for equal ones.
std::string BytesOf(v1::SearchResponse response) {
  response.clear_query_id();
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream output(&stream);
    output.SetSerializationDeterministic(true);
    response.SerializeToCodedStream(&output);
  }
  return bytes;
}

// Searches without any retry, so that every failure shows.
class Searcher {
 public:
  explicit Searcher(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = v1::SearchService::NewStub(grpc::CreateCustomChannel(
        address, grpc::InsecureChannelCredentials(), arguments));
  }

  v1::SearchResponse Search(uint64_t generation) {
    grpc::ClientContext context;
    v1::SearchResponse response;
    const grpc::Status status =
        stub_->Search(&context, RequestOf(generation), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

 private:
  std::unique_ptr<v1::SearchService::Stub> stub_;
};

// A server of one collection whose generations name themselves in all documents
// that RequestOf() finds. Documents of the first generation that stay make all
// later ones have a segment with tombstones beside their own.
class Swaps : public testing::Test {
 protected:
  Swaps() : server_(WithoutCache()) {
    Publish();
    server_.Restart();  // and serves that
  }

  // Publishes the next generation.
  void Publish() {
    std::map<std::string, std::string> files;
    for (int i = 0; i < kMarked; ++i) {
      files["heron" + std::to_string(i) + ".txt"] = TextOf(published_ + 1);
    }
    server_.Publish(files);
    ++published_;
  }

  // Checks that a response is of one generation, and wholly; returns which.
  static uint64_t CheckWhole(const v1::SearchResponse& response) {
    const uint64_t number = response.generation().generation();
    EXPECT_EQ(response.count().documents(), uint64_t{kMarked});
    EXPECT_EQ(response.passages_size(), kMarked);
    std::set<std::string> documents;
    for (const v1::Passage& passage : response.passages()) {
      EXPECT_EQ(passage.text(), TextOf(number));
      documents.insert(passage.document().document_id());
    }
    EXPECT_EQ(documents.size(), size_t{kMarked});
    return number;
  }

  // Searches until `done`, the newest generation and older ones in turn.
  void SearchOn() {
    Searcher searcher(server_.address());
    uint64_t last = 0;
    for (uint64_t round = 0; !done_ || last < published_; ++round) {
      const uint64_t number = CheckWhole(searcher.Search(0));
      EXPECT_GE(number, last);
      last = number;
      const uint64_t older =
          kFirst + round % (std::max(number, kFirst) - kFirst + 1);
      EXPECT_EQ(CheckWhole(searcher.Search(older)), older);
      EXPECT_EQ(BytesOf(searcher.Search(kFirst)), first_);
      if (HasFailure()) {
        return Note(UINT64_MAX);  // nobody need wait for more
      }
      Note(number);
    }
  }

  // Returns when a client has been answered from the newest generation.
  void WaitUntilSeen() {
    for (uint64_t seen = seen_; seen < published_; seen = seen_) {
      seen_.wait(seen);
    }
  }

  static constexpr uint64_t kFirst = 2;  // the first with marked documents

  TestServer server_;
  std::atomic<uint64_t> published_ = kFirst - 1;
  std::atomic<uint64_t> seen_ = 0;  // the newest that a client has seen
  std::atomic<bool> done_ = false;
  std::string first_;  // BytesOf() the response of kFirst

 private:
  static ServerOptions WithoutCache() {
    ServerOptions options;
    options.cache_bytes = 0;  // every answer is to be found anew
    return options;
  }

  void Note(uint64_t number) {
    uint64_t seen = seen_;
    while (seen < number && !seen_.compare_exchange_weak(seen, number)) {
    }
    seen_.notify_all();
  }
};

TEST_F(Swaps, DisturbNobodyAndLeaveOlderGenerationsAsTheyWere) {
  first_ = BytesOf(Searcher(server_.address()).Search(kFirst));
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([this] { SearchOn(); });
  }
  for (uint64_t i = 0; i < kSwaps; ++i) {
    Publish();
    WaitUntilSeen();
  }
  done_ = true;
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(published_, kFirst + kSwaps);
  std::map<uint64_t, std::string> answers;
  for (const uint64_t number : {kFirst, kFirst + kSwaps / 2, kFirst + kSwaps}) {
    answers[number] = BytesOf(Searcher(server_.address()).Search(number));
  }
  EXPECT_EQ(answers[kFirst], first_);
  EXPECT_EQ(answers[kFirst + kSwaps],
            BytesOf(Searcher(server_.address()).Search(0)));
  server_.Restart();
  for (const auto& [number, answer] : answers) {
    const auto now = Searcher(server_.address()).Search(number);
    EXPECT_EQ(CheckWhole(now), number);
    EXPECT_EQ(BytesOf(now), answer);
  }
}

}  // namespace
}  // namespace footnote::service
