#include "server/service/ingest_service.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/search/matching_documents.h"
#include "server/service/conversion.h"
#include "server/service/error_details.h"
#include "server/service/filter_conversion.h"
#include "server/service/masked_update.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

using WriterPtr = std::shared_ptr<pipeline::CollectionWriter>;

constexpr int kMaxIds = 10000;

absl::Status ReadOnlyError() {
  return MakeError(absl::StatusCode::kFailedPrecondition, "READ_ONLY",
                   "this server takes no changes");
}

// A change of a collection, as the code that makes it sees it.
struct Change {
  const IngestEnvironment& environment;
  const std::string& collection;
  pipeline::CollectionWriter& writer;
  CallInfo& info;
};

// Returns the work of a call: `handler` is called with a Change.
template <typename Response, typename Handler>
UnaryCall::Work WorkOf(const IngestEnvironment& environment,
                       const std::string& collection,
                       const absl::StatusOr<WriterPtr>& writer,
                       Response* response, Handler handler) {
  return [=, &environment](CallInfo& info) -> absl::Status {
    info.log_fields["collection"] = collection;
    FOOTNOTE_RETURN_IF_ERROR(writer.status());
    FOOTNOTE_ASSIGN_OR_RETURN(
        *response, handler(Change{environment, collection, **writer, info}));
    return absl::OkStatus();
  };
}

// Answers a call that changes a collection that is there already, on a thread
// of the pool, when the writer is open. No thread of the pool waits for that.
template <typename Response, typename Handler>
grpc::ServerUnaryReactor* RunChange(
    const IngestEnvironment& environment, UnaryCall* call,
    const absl::StatusOr<std::string>& collection, Response* response,
    Handler handler) {
  const std::string name = collection.value_or(std::string());
  const auto start = [=,
                      &environment](const absl::StatusOr<WriterPtr>& writer) {
    call->Start(WorkOf(environment, name, writer, response, handler));
  };
  if (!collection.ok()) {
    start(collection.status());
  } else if (environment.ingestor == nullptr) {
    start(ReadOnlyError());
  } else {
    environment.ingestor->WithExistingWriter(name, start);
  }
  return call;
}

// Makes what was changed durable, and has it published.
absl::Status MakeDurable(const Change& change) {
  absl::Status status = change.writer.Sync();
  if (status.ok()) {
    change.environment.ingestor->NoteChange(change.collection);
  } else {
    change.environment.ingestor->GiveUp(change.collection);
  }
  return status;
}

absl::StatusOr<v1::UpdateMetadataResponse> AnswerUpdateMetadata(
    const v1::UpdateMetadataRequest& request, const Change& change) {
  FOOTNOTE_ASSIGN_OR_RETURN(const ChildName name,
                            ParseDocumentName(request.name()));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const pipeline::MetadataUpdate update,
      ParseMaskedUpdate(request.document(), request.update_mask()));
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::ChangeResult result,
                            change.writer.UpdateMetadata(name.id, update));
  FOOTNOTE_RETURN_IF_ERROR(MakeDurable(change));
  v1::UpdateMetadataResponse response;
  response.set_etag(ToBytes(result.etag));
  return response;
}

// Returns the ids to delete, each once. `view` may be null where no filter is
// given.
absl::StatusOr<std::set<std::string>> IdsToDelete(
    const search::View* view, const v1::DeleteDocumentsRequest& request,
    const CallInfo& info) {
  if (request.document_ids_size() > kMaxIds) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "IDS_TOO_MANY",
        "at most " + std::to_string(kMaxIds) + " ids can be given in one call",
        {{"field", "document_ids"}});
  }
  if (request.document_ids_size() == 0 && !request.has_filter()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "DELETION_EMPTY",
                     "neither ids nor a filter say what to delete",
                     {{"field", "document_ids"}});
  }
  std::set<std::string> ids(request.document_ids().begin(),
                            request.document_ids().end());
  if (request.has_filter()) {
    FOOTNOTE_ASSIGN_OR_RETURN(const search::Filter filter,
                              ParseFilter(request.filter()));
    FOOTNOTE_ASSIGN_OR_RETURN(
        std::vector<std::string> found,
        search::FindMatchingDocuments(*view, filter, info.deadline));
    ids.insert(found.begin(), found.end());
  }
  return ids;
}

// Deletes a document; returns whether it was there.
absl::StatusOr<bool> Delete(pipeline::CollectionWriter& writer,
                            const std::string& id) {
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::ChangeResult result,
                            writer.Delete(id));
  return result.effect == pipeline::ChangeResult::Effect::kDeleted;
}

absl::StatusOr<v1::DeleteDocumentsResponse> AnswerDeleteDocuments(
    const v1::DeleteDocumentsRequest& request, const Change& change) {
  // A new collection takes deletions before its first generation is served.
  const auto served = change.environment.catalog.Get(change.collection, 0);
  if (!served.ok() && (request.has_filter() || request.validate_only())) {
    return served.status();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::set<std::string> ids,
      IdsToDelete(served.ok() ? served->get() : nullptr, request, change.info));
  v1::DeleteDocumentsResponse response;
  absl::Status failure;
  for (const std::string& id : ids) {
    absl::StatusOr<bool> deleted = request.validate_only()
                                       ? search::HasDocument(**served, id)
                                       : Delete(change.writer, id);
    if (!deleted.ok()) {
      failure = deleted.status();
      break;
    }
    if (*deleted) {
      response.set_deleted_count(response.deleted_count() + 1);
    } else {
      response.add_missing_ids(id);
    }
  }
  if (!request.validate_only()) {
    // Also what was deleted before a failure.
    FOOTNOTE_RETURN_IF_ERROR(MakeDurable(change));
  }
  FOOTNOTE_RETURN_IF_ERROR(failure);
  change.info.log_fields["deleted"] = response.deleted_count();
  return response;
}

absl::StatusOr<v1::PublishResponse> AnswerPublish(const Change& change) {
  FOOTNOTE_RETURN_IF_ERROR(change.writer.Publish().status());
  change.environment.refresher.RefreshNow();
  FOOTNOTE_ASSIGN_OR_RETURN(
      const auto served, change.environment.catalog.Get(change.collection, 0));
  const index::GenerationInfo& generation = served->generation().info();
  change.info.log_fields["index_generation"] = generation.number;
  v1::PublishResponse response;
  Convert(generation, response.mutable_generation());
  response.set_document_count(generation.documents);
  response.set_passage_count(generation.passages);
  return response;
}

// Ends a stream before it begins.
class RefusedStream final
    : public grpc::ServerBidiReactor<v1::PutDocumentsRequest,
                                     v1::PutDocumentsResponse> {
 public:
  RefusedStream(const RpcEnvironment& environment, const absl::Status& status) {
    CountStarted(environment, PutStream::kMethod);
    CountEnded(environment, PutStream::kMethod, status,
               std::chrono::duration<double>(0));
    Finish(ToGrpcStatus(status));
  }

 private:
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerBidiReactor<v1::PutDocumentsRequest, v1::PutDocumentsResponse>*
IngestService::PutDocuments(grpc::CallbackServerContext* context) {
  if (environment_.ingestor == nullptr) {
    return new RefusedStream(environment_.rpc, ReadOnlyError());
  }
  const PutEnvironment environment{environment_.rpc, *environment_.ingestor,
                                   environment_.budget};
  auto stream =
      std::make_shared<PutStream>(environment, context, [this](PutStream* s) {
        std::shared_ptr<PutStream> last;  // goes after the lock
        const std::lock_guard<std::mutex> lock(mutex_);
        last = s->shared_from_this();
        streams_.erase(last);
      });
  const std::lock_guard<std::mutex> lock(mutex_);
  streams_.insert(stream);
  stream->Start();
  if (draining_) {
    stream->Drain();
  }
  return stream.get();
}

void IngestService::Drain() {
  std::set<std::shared_ptr<PutStream>> open;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    draining_ = true;
    open = streams_;
  }
  for (const std::shared_ptr<PutStream>& stream : open) {
    stream->Drain();
  }
}

grpc::ServerUnaryReactor* IngestService::UpdateMetadata(
    grpc::CallbackServerContext* context,
    const v1::UpdateMetadataRequest* request,
    v1::UpdateMetadataResponse* response) {
  absl::StatusOr<ChildName> name = ParseDocumentName(request->name());
  return RunChange(
      environment_,
      new UnaryCall(environment_.rpc,
                    "footnote.v1.IngestService/UpdateMetadata", context),
      name.ok() ? absl::StatusOr<std::string>(name->collection) : name.status(),
      response, [request](const Change& change) {
        return AnswerUpdateMetadata(*request, change);
      });
}

grpc::ServerUnaryReactor* IngestService::DeleteDocuments(
    grpc::CallbackServerContext* context,
    const v1::DeleteDocumentsRequest* request,
    v1::DeleteDocumentsResponse* response) {
  return RunChange(
      environment_,
      new UnaryCall(environment_.rpc,
                    "footnote.v1.IngestService/DeleteDocuments", context),
      ParseCollectionName(request->collection(), "collection"), response,
      [request](const Change& change) {
        return AnswerDeleteDocuments(*request, change);
      });
}

grpc::ServerUnaryReactor* IngestService::Publish(
    grpc::CallbackServerContext* context, const v1::PublishRequest* request,
    v1::PublishResponse* response) {
  return RunChange(environment_,
                   new UnaryCall(environment_.rpc,
                                 "footnote.v1.IngestService/Publish", context),
                   ParseCollectionName(request->collection(), "collection"),
                   response, AnswerPublish);
}

}  // namespace footnote::service
