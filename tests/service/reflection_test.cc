// Reflection over the wire, in both versions.

#include <set>
#include <string>

#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "tests/service/test_server.h"

namespace footnote::service {
namespace {

using grpc::reflection::v1::ServerReflection;
using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;

// Asks one question of the reflection service at `method`.
class Reflection {
 public:
  explicit Reflection(const std::string& address)
      : channel_(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        stub_(channel_) {}

  ServerReflectionResponse Ask(const ServerReflectionRequest& request) {
    grpc::ClientContext context;
    auto stream = stub_.ServerReflectionInfo(&context);
    ServerReflectionResponse response;
    EXPECT_TRUE(stream->Write(request));
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_TRUE(stream->WritesDone());
    ServerReflectionResponse more;
    EXPECT_FALSE(stream->Read(&more));
    EXPECT_TRUE(stream->Finish().ok());
    return response;
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  ServerReflection::Stub stub_;
};

std::set<std::string> FilesOf(const ServerReflectionResponse& response) {
  std::set<std::string> names;
  for (const std::string& bytes :
       response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(file.ParseFromString(bytes));
    EXPECT_TRUE(names.insert(file.name()).second) << file.name();
  }
  return names;
}

TEST(Reflection, ListsServices) {
  TestServer server;
  ServerReflectionRequest request;
  request.set_list_services("*");
  const auto response = Reflection(server.address()).Ask(request);
  std::set<std::string> names;
  for (const auto& service : response.list_services_response().service()) {
    names.insert(service.name());
  }
  EXPECT_EQ(names,
            (std::set<std::string>{
                "footnote.v1.CollectionService", "footnote.v1.DocumentService",
                "footnote.v1.GroundingService", "footnote.v1.IngestService",
                "footnote.v1.SearchService", "grpc.health.v1.Health",
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection"}));
}

TEST(Reflection, DescribesEveryServiceThatItLists) {
  TestServer server;
  Reflection reflection(server.address());
  ServerReflectionRequest list;
  list.set_list_services("*");
  const auto listed = reflection.Ask(list);
  for (const auto& service : listed.list_services_response().service()) {
    ServerReflectionRequest request;
    request.set_file_containing_symbol(service.name());
    EXPECT_FALSE(FilesOf(reflection.Ask(request)).empty()) << service.name();
  }
}

TEST(Reflection, SendsAFileWithItsImports) {
  TestServer server;
  ServerReflectionRequest request;
  request.set_file_containing_symbol("footnote.v1.SearchService.Search");
  const auto files = FilesOf(Reflection(server.address()).Ask(request));
  EXPECT_TRUE(files.contains("footnote/v1/search_service.proto"));
  EXPECT_TRUE(files.contains("footnote/v1/span.proto"));
  EXPECT_TRUE(files.contains("google/protobuf/timestamp.proto"));
  request.set_file_by_filename("footnote/v1/span.proto");
  EXPECT_EQ(FilesOf(Reflection(server.address()).Ask(request)),
            (std::set<std::string>{"footnote/v1/span.proto"}));
}

TEST(Reflection, SaysWhatItDoesNotKnow) {
  TestServer server;
  Reflection reflection(server.address());
  ServerReflectionRequest request;
  request.set_file_containing_symbol("no.Such");
  EXPECT_EQ(reflection.Ask(request).error_response().error_code(), 5);
  request.set_file_by_filename("no/such.proto");
  EXPECT_EQ(reflection.Ask(request).error_response().error_code(), 5);
  request.set_all_extension_numbers_of_type("no.Such");
  EXPECT_EQ(reflection.Ask(request).error_response().error_code(), 5);
  request.mutable_file_containing_extension()->set_containing_type("no.Such");
  EXPECT_EQ(reflection.Ask(request).error_response().error_code(), 5);
  EXPECT_EQ(
      reflection.Ask(ServerReflectionRequest()).error_response().error_code(),
      3);
}

TEST(Reflection, NamesExtensionsOfAType) {
  TestServer server;
  ServerReflectionRequest request;
  request.set_all_extension_numbers_of_type("footnote.v1.Span");
  const auto response = Reflection(server.address()).Ask(request);
  EXPECT_EQ(response.all_extension_numbers_response().base_type_name(),
            "footnote.v1.Span");
}

}  // namespace
}  // namespace footnote::service
