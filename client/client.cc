#include "client/client.h"

#include <string_view>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "client/rpc_error.h"
#include "footnote/v1/collection_service.grpc.pb.h"
#include "footnote/v1/document_service.grpc.pb.h"
#include "footnote/v1/search_service.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace footnote::client {
namespace {

// Pages of long texts and many neighbours are larger than gRPC's default.
constexpr int kMaxReceiveBytes = 64 << 20;

constexpr char kServiceConfig[] = R"({
  "methodConfig": [{
    "name": [
      {"service": "footnote.v1.SearchService"},
      {"service": "footnote.v1.DocumentService"},
      {"service": "footnote.v1.CollectionService"},
      {"service": "grpc.health.v1.Health"}
    ],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.05s",
      "maxBackoff": "1s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
})";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Returns whether `server` is this machine itself, which no proxy can reach.
bool IsLoopback(std::string_view server) {
  return StartsWith(server, "127.") || StartsWith(server, "localhost:") ||
         StartsWith(server, "[::1]:");
}

std::shared_ptr<grpc::Channel> MakeChannel(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  arguments.SetUserAgentPrefix("footnote-client");
  if (IsLoopback(options.server)) {
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  }
  return grpc::CreateCustomChannel(
      options.server, grpc::InsecureChannelCredentials(), arguments);
}

// Calls `method` of `stub` and returns the response.
template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request,
                              std::chrono::milliseconds timeout) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  Response response;
  const absl::Status status =
      FromGrpcStatus((stub.*method)(&context, request, &response));
  if (!status.ok()) {
    return status;
  }
  return response;
}

}  // namespace

struct Client::State {
  explicit State(const ClientOptions& options)
      : timeout(options.timeout),
        channel(MakeChannel(options)),
        search(channel),
        documents(channel),
        collections(channel),
        health(channel) {}

  std::chrono::milliseconds timeout;
  std::shared_ptr<grpc::Channel> channel;
  v1::SearchService::Stub search;
  v1::DocumentService::Stub documents;
  v1::CollectionService::Stub collections;
  grpc::health::v1::Health::Stub health;
};

Client::Client(const ClientOptions& options)
    : state_(std::make_unique<State>(options)) {}

Client::~Client() = default;

absl::StatusOr<v1::SearchResponse> Client::Search(
    const v1::SearchRequest& request) const {
  return Call(state_->search, &v1::SearchService::Stub::Search, request,
              state_->timeout);
}

absl::StatusOr<v1::GetDocumentResponse> Client::GetDocument(
    const v1::GetDocumentRequest& request) const {
  return Call(state_->documents, &v1::DocumentService::Stub::GetDocument,
              request, state_->timeout);
}

absl::StatusOr<v1::GetPassageResponse> Client::GetPassage(
    const v1::GetPassageRequest& request) const {
  return Call(state_->documents, &v1::DocumentService::Stub::GetPassage,
              request, state_->timeout);
}

absl::StatusOr<v1::GetSpanResponse> Client::GetSpan(
    const v1::GetSpanRequest& request) const {
  return Call(state_->documents, &v1::DocumentService::Stub::GetSpan, request,
              state_->timeout);
}

absl::StatusOr<v1::ListDocumentsResponse> Client::ListDocuments(
    const v1::ListDocumentsRequest& request) const {
  return Call(state_->documents, &v1::DocumentService::Stub::ListDocuments,
              request, state_->timeout);
}

absl::StatusOr<v1::ListCollectionsResponse> Client::ListCollections(
    const v1::ListCollectionsRequest& request) const {
  return Call(state_->collections,
              &v1::CollectionService::Stub::ListCollections, request,
              state_->timeout);
}

absl::StatusOr<v1::GetCollectionResponse> Client::GetCollection(
    const v1::GetCollectionRequest& request) const {
  return Call(state_->collections, &v1::CollectionService::Stub::GetCollection,
              request, state_->timeout);
}

absl::StatusOr<std::string> Client::CheckHealth(
    const std::string& service) const {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  FOOTNOTE_ASSIGN_OR_RETURN(
      const auto response,
      Call(state_->health, &grpc::health::v1::Health::Stub::Check, request,
           state_->timeout));
  return grpc::health::v1::HealthCheckResponse::ServingStatus_Name(
      response.status());
}

}  // namespace footnote::client
