// One stream of IngestService.PutDocuments.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "footnote/v1/ingest_service.pb.h"
#include "indexer/pipeline/ingestor.h"
#include "server/service/ingest_budget.h"
#include "server/service/rpc.h"

namespace footnote::service {

// What a stream works with; outlives it.
struct PutEnvironment {
  const RpcEnvironment& rpc;
  pipeline::Ingestor& ingestor;
  IngestBudget& budget;
};

// Takes documents as they come, a batch at a time on a thread of the pool: puts
// each, makes all of them durable at once, and answers them in order. Stops
// reading while much waits, and refuses documents while those of all streams
// take too much memory. Shared, for threads of the pool have it too.
class PutStream final
    : public grpc::ServerBidiReactor<v1::PutDocumentsRequest,
                                     v1::PutDocumentsResponse>,
      public std::enable_shared_from_this<PutStream> {
 public:
  static constexpr std::string_view kMethod =
      "footnote.v1.IngestService/PutDocuments";

  // `done` is called when gRPC needs the stream no more; `context` outlives it.
  PutStream(const PutEnvironment& environment,
            grpc::CallbackServerContext* context,
            std::function<void(PutStream*)> done);

  // Begins to read. Call once.
  void Start();

  // Takes no more documents, answers those that came, and ends the stream with
  // UNAVAILABLE, so that the client goes on elsewhere.
  void Drain();

 private:
  using WriterOr = pipeline::Ingestor::WriterOr;

  // A document that came whole, or an error that stands for it.
  struct Arrived {
    v1::InputDocument document;
    absl::Status error;
    IngestBudget::Share memory;  // for its content
  };

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void TakeMessage();
  absl::Status AddContent(uint64_t bytes);
  void AppendPiece(v1::InputDocument* piece);
  absl::Status SetCollection(const std::string& name);
  void RunBatches(const WriterOr& writer);
  absl::Status RunBatch(const WriterOr& opened, std::deque<Arrived> batch);
  v1::PutDocumentsResponse Put(pipeline::CollectionWriter& writer,
                               Arrived arrived) const;
  // These are called with mutex_ held.
  void StartBatches();
  void ReadOn();
  void WriteOn();
  void EndWith(const absl::Status& status);
  void FinishWhenDone();
  void Record(const absl::Status& status);

  const PutEnvironment environment_;
  grpc::CallbackServerContext* const context_;
  const std::function<void(PutStream*)> done_;
  const std::chrono::steady_clock::time_point start_;

  v1::PutDocumentsRequest request_;  // being read
  Arrived pieces_;                   // of a document that is not whole yet
  bool in_pieces_ = false;

  std::mutex mutex_;  // guards what follows
  std::string collection_;
  std::deque<Arrived> waiting_;
  size_t waiting_bytes_ = 0;
  std::deque<v1::PutDocumentsResponse> answers_;  // the first is being written
  bool reading_ = false;
  bool at_end_ = false;   // nothing more is read
  bool running_ = false;  // a thread of the pool has the stream
  bool finished_ = false;
  absl::Status end_status_;  // to end with
  uint64_t next_index_ = 0;
  uint64_t errors_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace footnote::service
