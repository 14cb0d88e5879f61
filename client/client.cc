#include "client/client.h"

#include <algorithm>
#include <string_view>
#include <thread>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "client/rpc_error.h"
#include "footnote/v1/collection_service.grpc.pb.h"
#include "footnote/v1/document_service.grpc.pb.h"
#include "footnote/v1/grounding_service.grpc.pb.h"
#include "footnote/v1/ingest_service.grpc.pb.h"
#include "footnote/v1/search_service.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace footnote::client {
namespace {

// Pages of long texts and many neighbours are larger than gRPC's default.
constexpr int kMaxReceiveBytes = 64 << 20;

constexpr char kServiceConfig[] = R"({
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [
      {"service": "footnote.v1.SearchService"},
      {"service": "footnote.v1.DocumentService"},
      {"service": "footnote.v1.CollectionService"},
      {"service": "footnote.v1.GroundingService"},
      {"service": "grpc.health.v1.Health"}
    ],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.05s",
      "maxBackoff": "1s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"]
    }
  }]
})";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Returns whether `server` is this machine itself, which no proxy can reach.
bool IsLoopback(std::string_view server) {
  return StartsWith(server, "127.") || StartsWith(server, "ipv4:127.") ||
         StartsWith(server, "localhost:") || StartsWith(server, "[::1]:");
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

// A message may have 4 MiB.
constexpr size_t kPieceBytes = 1 << 20;

using PutStream = grpc::ClientReaderWriterInterface<v1::PutDocumentsRequest,
                                                    v1::PutDocumentsResponse>;

// Sends a document, in pieces where it is long. Returns whether the stream is
// still open.
bool SendDocument(const std::string& collection, v1::InputDocument document,
                  PutStream* stream) {
  v1::PutDocumentsRequest request;
  request.set_collection(collection);
  const bool is_source = document.has_source();
  const std::string content = std::move(is_source ? *document.mutable_source()
                                                  : *document.mutable_text());
  *request.mutable_document() = std::move(document);
  for (size_t start = 0;;) {
    size_t end = std::min(content.size(), start + kPieceBytes);
    while (!is_source && end < content.size() &&
           (static_cast<unsigned char>(content[end]) & 0xC0U) == 0x80U) {
      --end;  // a text is valid UTF-8 in every message
    }
    std::string piece = content.substr(start, end - start);
    if (is_source) {
      request.mutable_document()->set_source(std::move(piece));
    } else {
      request.mutable_document()->set_text(std::move(piece));
    }
    request.set_continues(end < content.size());
    if (!stream->Write(request)) {
      return false;
    }
    if (end == content.size()) {
      return true;
    }
    request.Clear();
    start = end;
  }
}

}  // namespace

struct Client::State {
  explicit State(const ClientOptions& options)
      : timeout(options.timeout),
        channel(MakeChannel(options)),
        search(channel),
        documents(channel),
        collections(channel),
        grounding(channel),
        ingest(channel),
        health(channel) {}

  std::chrono::milliseconds timeout;
  std::shared_ptr<grpc::Channel> channel;
  v1::SearchService::Stub search;
  v1::DocumentService::Stub documents;
  v1::CollectionService::Stub collections;
  v1::GroundingService::Stub grounding;
  v1::IngestService::Stub ingest;
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

absl::StatusOr<v1::BatchSearchResponse> Client::BatchSearch(
    const v1::BatchSearchRequest& request) const {
  return Call(state_->search, &v1::SearchService::Stub::BatchSearch, request,
              state_->timeout);
}

absl::StatusOr<v1::MoreLikeThisResponse> Client::MoreLikeThis(
    const v1::MoreLikeThisRequest& request) const {
  return Call(state_->search, &v1::SearchService::Stub::MoreLikeThis, request,
              state_->timeout);
}

absl::StatusOr<v1::AnalyzeResponse> Client::Analyze(
    const v1::AnalyzeRequest& request) const {
  return Call(state_->search, &v1::SearchService::Stub::Analyze, request,
              state_->timeout);
}

absl::StatusOr<v1::SuggestResponse> Client::Suggest(
    const v1::SuggestRequest& request) const {
  return Call(state_->search, &v1::SearchService::Stub::Suggest, request,
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

absl::StatusOr<v1::VerifyQuotesResponse> Client::VerifyQuotes(
    const v1::VerifyQuotesRequest& request) const {
  return Call(state_->grounding, &v1::GroundingService::Stub::VerifyQuotes,
              request, state_->timeout);
}

absl::StatusOr<v1::CheckGroundingResponse> Client::CheckGrounding(
    const v1::CheckGroundingRequest& request) const {
  return Call(state_->grounding, &v1::GroundingService::Stub::CheckGrounding,
              request, state_->timeout);
}

absl::StatusOr<v1::PackContextResponse> Client::PackContext(
    const v1::PackContextRequest& request) const {
  return Call(state_->grounding, &v1::GroundingService::Stub::PackContext,
              request, state_->timeout);
}

absl::Status Client::PutDocuments(
    const std::string& collection,
    const std::function<std::optional<v1::InputDocument>()>& next,
    const std::function<void(const v1::PutDocumentsResponse&)>& answered)
    const {
  grpc::ClientContext context;
  const auto stream = state_->ingest.PutDocuments(&context);
  std::thread sender([&] {
    bool open = true;
    while (open) {
      std::optional<v1::InputDocument> document = next();
      if (!document) {
        break;
      }
      open = SendDocument(collection, *std::move(document), stream.get());
    }
    stream->WritesDone();
  });
  v1::PutDocumentsResponse answer;
  while (stream->Read(&answer)) {
    answered(answer);
  }
  sender.join();
  return FromGrpcStatus(stream->Finish());
}

absl::StatusOr<v1::UpdateMetadataResponse> Client::UpdateMetadata(
    const v1::UpdateMetadataRequest& request) const {
  return Call(state_->ingest, &v1::IngestService::Stub::UpdateMetadata, request,
              state_->timeout);
}

absl::StatusOr<v1::DeleteDocumentsResponse> Client::DeleteDocuments(
    const v1::DeleteDocumentsRequest& request) const {
  return Call(state_->ingest, &v1::IngestService::Stub::DeleteDocuments,
              request, state_->timeout);
}

absl::StatusOr<v1::PublishResponse> Client::Publish(
    const v1::PublishRequest& request) const {
  return Call(state_->ingest, &v1::IngestService::Stub::Publish, request,
              state_->timeout);
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
