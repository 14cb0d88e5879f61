// footnote.v1.DocumentService.

#pragma once

#include "footnote/v1/document_service.grpc.pb.h"
#include "server/search/catalog.h"
#include "server/service/rpc.h"

namespace footnote::service {

// Serves the documents of the catalog's collections. Thread-safe.
class DocumentService final : public v1::DocumentService::CallbackService {
 public:
  // Both outlive the service.
  DocumentService(const search::Catalog& catalog,
                  const RpcEnvironment& environment)
      : catalog_(catalog), environment_(environment) {}

  grpc::ServerUnaryReactor* GetDocument(
      grpc::CallbackServerContext* context,
      const v1::GetDocumentRequest* request,
      v1::GetDocumentResponse* response) override;

  grpc::ServerUnaryReactor* GetPassage(
      grpc::CallbackServerContext* context,
      const v1::GetPassageRequest* request,
      v1::GetPassageResponse* response) override;

  grpc::ServerUnaryReactor* GetSpan(grpc::CallbackServerContext* context,
                                    const v1::GetSpanRequest* request,
                                    v1::GetSpanResponse* response) override;

  grpc::ServerUnaryReactor* ListDocuments(
      grpc::CallbackServerContext* context,
      const v1::ListDocumentsRequest* request,
      v1::ListDocumentsResponse* response) override;

 private:
  const search::Catalog& catalog_;
  const RpcEnvironment& environment_;
};

}  // namespace footnote::service
