// footnote.v1.IngestService.

#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include "footnote/v1/ingest_service.grpc.pb.h"
#include "indexer/pipeline/ingestor.h"
#include "server/search/catalog.h"
#include "server/service/catalog_refresher.h"
#include "server/service/put_stream.h"
#include "server/service/rpc.h"

namespace footnote::service {

// What changes of collections go through.
struct IngestEnvironment {
  const search::Catalog& catalog;
  CatalogRefresher& refresher;
  pipeline::Ingestor* ingestor = nullptr;  // null: changes are not taken
  RpcEnvironment rpc;  // with a pool of its own: searches never wait for disks
  IngestBudget& budget;
};

// Thread-safe. What `environment` refers to outlives it.
class IngestService final : public v1::IngestService::CallbackService {
 public:
  explicit IngestService(IngestEnvironment environment)
      : environment_(std::move(environment)) {}

  // Ends the streams that are open, after what came in them is answered.
  void Drain();

  grpc::ServerBidiReactor<v1::PutDocumentsRequest, v1::PutDocumentsResponse>*
  PutDocuments(grpc::CallbackServerContext* context) override;

  grpc::ServerUnaryReactor* UpdateMetadata(
      grpc::CallbackServerContext* context,
      const v1::UpdateMetadataRequest* request,
      v1::UpdateMetadataResponse* response) override;

  grpc::ServerUnaryReactor* DeleteDocuments(
      grpc::CallbackServerContext* context,
      const v1::DeleteDocumentsRequest* request,
      v1::DeleteDocumentsResponse* response) override;

  grpc::ServerUnaryReactor* Publish(grpc::CallbackServerContext* context,
                                    const v1::PublishRequest* request,
                                    v1::PublishResponse* response) override;

 private:
  const IngestEnvironment environment_;
  std::mutex mutex_;  // guards what follows
  std::set<std::shared_ptr<PutStream>> streams_;
  bool draining_ = false;
};

}  // namespace footnote::service
