// The C++ client library of Footnote.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "footnote/v1/collection_service.pb.h"
#include "footnote/v1/document_service.pb.h"
#include "footnote/v1/grounding_service.pb.h"
#include "footnote/v1/ingest_service.pb.h"
#include "footnote/v1/search_service.pb.h"
#include "indexer/base/status.h"

namespace footnote::client {

struct ClientOptions {
  std::string server = "127.0.0.1:50051";    // HOST:PORT or a name of gRPC's
  std::chrono::milliseconds timeout{10000};  // of one call with its retries
};

// Calls one server, or those of a name with several addresses in turn. Connects
// when first needed, and again when a connection was lost. Thread-safe.
//
// A call that the server was UNAVAILABLE for, or ended as CANCELLED (so gRPC
// says of calls that come while it shuts down), is tried up to three times
// within its timeout; no other failure is. Errors carry the code, reason (see
// footnote.v1.ErrorReason) and details that the server sent; without a reason
// of the server's: kUnavailable CONNECTION_FAILED, kDeadlineExceeded
// DEADLINE_EXCEEDED, else RPC_FAILED with the code of the transport.
class Client {
 public:
  explicit Client(const ClientOptions& options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  absl::StatusOr<v1::SearchResponse> Search(
      const v1::SearchRequest& request) const;
  absl::StatusOr<v1::BatchSearchResponse> BatchSearch(
      const v1::BatchSearchRequest& request) const;
  absl::StatusOr<v1::MoreLikeThisResponse> MoreLikeThis(
      const v1::MoreLikeThisRequest& request) const;
  absl::StatusOr<v1::SuggestResponse> Suggest(
      const v1::SuggestRequest& request) const;

  absl::StatusOr<v1::AnalyzeResponse> Analyze(
      const v1::AnalyzeRequest& request) const;

  absl::StatusOr<v1::GetDocumentResponse> GetDocument(
      const v1::GetDocumentRequest& request) const;
  absl::StatusOr<v1::GetPassageResponse> GetPassage(
      const v1::GetPassageRequest& request) const;
  absl::StatusOr<v1::GetSpanResponse> GetSpan(
      const v1::GetSpanRequest& request) const;
  absl::StatusOr<v1::ListDocumentsResponse> ListDocuments(
      const v1::ListDocumentsRequest& request) const;

  absl::StatusOr<v1::ListCollectionsResponse> ListCollections(
      const v1::ListCollectionsRequest& request) const;
  absl::StatusOr<v1::GetCollectionResponse> GetCollection(
      const v1::GetCollectionRequest& request) const;

  absl::StatusOr<v1::VerifyQuotesResponse> VerifyQuotes(
      const v1::VerifyQuotesRequest& request) const;
  absl::StatusOr<v1::PackContextResponse> PackContext(
      const v1::PackContextRequest& request) const;
  absl::StatusOr<v1::CheckGroundingResponse> CheckGrounding(
      const v1::CheckGroundingRequest& request) const;

  // Puts the documents that `next` gives, until it gives none, into a
  // collection, as many at a time as the server takes. `answered` is called
  // with the answer to each, in their order, on the calling thread; `next` on
  // another. Texts longer than a message may be go in pieces. Ends when all are
  // answered, however long that takes; nothing is tried again.
  absl::Status PutDocuments(
      const std::string& collection,
      const std::function<std::optional<v1::InputDocument>()>& next,
      const std::function<void(const v1::PutDocumentsResponse&)>& answered)
      const;
  absl::StatusOr<v1::UpdateMetadataResponse> UpdateMetadata(
      const v1::UpdateMetadataRequest& request) const;
  absl::StatusOr<v1::DeleteDocumentsResponse> DeleteDocuments(
      const v1::DeleteDocumentsRequest& request) const;
  absl::StatusOr<v1::PublishResponse> Publish(
      const v1::PublishRequest& request) const;

  // Returns what health says of `service`, "" for the server as a whole:
  // "SERVING", "NOT_SERVING", …
  absl::StatusOr<std::string> CheckHealth(const std::string& service) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace footnote::client
