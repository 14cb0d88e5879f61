#include "server/service/put_stream.h"

#include <utility>

#include "server/service/error_details.h"
#include "server/service/input_document.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

// Reading pauses while so much waits to be taken.
constexpr size_t kMaxWaiting = 1024;
constexpr size_t kMaxWaitingBytes = 8 << 20;
// Documents of one batch; a stream that has more waits for its turn again.
constexpr size_t kMaxBatch = 256;

size_t ContentBytes(const v1::InputDocument& document) {
  return document.text().size() + document.source().size();
}

absl::Status TooLarge(uint64_t max_bytes) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE",
      "the document has more than " + std::to_string(max_bytes) + " bytes",
      {{"field", "document.text"}});
}

absl::Status Full(uint64_t bytes) {
  return MakeError(absl::StatusCode::kResourceExhausted, "INGEST_FULL",
                   "documents on their way take all the memory that there is "
                   "for them (" +
                       std::to_string(bytes >> 20) +
                       " MiB); send this one again later");
}

v1::PutResult::Effect EffectOf(pipeline::ChangeResult::Effect effect) {
  switch (effect) {
    case pipeline::ChangeResult::Effect::kAdded:
      return v1::PutResult::EFFECT_ADDED;
    case pipeline::ChangeResult::Effect::kChanged:
      return v1::PutResult::EFFECT_CHANGED;
    default:
      return v1::PutResult::EFFECT_UNCHANGED;
  }
}

}  // namespace

PutStream::PutStream(const PutEnvironment& environment,
                     grpc::CallbackServerContext* context,
                     std::function<void(PutStream*)> done)
    : environment_(environment),
      context_(context),
      done_(std::move(done)),
      start_(std::chrono::steady_clock::now()) {}

void PutStream::Start() {
  CountStarted(environment_.rpc, kMethod);
  const std::lock_guard<std::mutex> lock(mutex_);
  ReadOn();
}

void PutStream::Drain() {
  const std::lock_guard<std::mutex> lock(mutex_);
  EndWith(MakeError(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                    "the server is going down; what was not answered was not "
                    "taken"));
}

void PutStream::OnReadDone(bool ok) {
  const std::lock_guard<std::mutex> lock(mutex_);
  reading_ = false;
  if (!ok || at_end_) {
    if (!at_end_ && in_pieces_) {
      EndWith(MakeError(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
                        "the stream ended inside a document",
                        {{"field", "continues"}}));
    }
    at_end_ = true;
    FinishWhenDone();
    return;
  }
  TakeMessage();
  ReadOn();
  StartBatches();
}

// Adds the message just read to what waits.
void PutStream::TakeMessage() {
  if (!in_pieces_) {
    if (const absl::Status status = SetCollection(request_.collection());
        !status.ok()) {
      EndWith(status);
      return;
    }
    pieces_ = {std::move(*request_.mutable_document()), absl::OkStatus(),
               IngestBudget::Share(&environment_.budget)};
    pieces_.error = AddContent(ContentBytes(pieces_.document));
  } else if (pieces_.error.ok()) {
    pieces_.error = AddContent(ContentBytes(request_.document()));
    AppendPiece(request_.mutable_document());
  }
  if (!pieces_.error.ok()) {
    pieces_.document.clear_content();
    pieces_.memory.GiveBack();
  }
  in_pieces_ = request_.continues();
  if (!in_pieces_) {
    waiting_bytes_ += ContentBytes(pieces_.document);
    bytes_ += ContentBytes(pieces_.document);
    waiting_.push_back(std::move(pieces_));
  }
}

// Says whether the document under way may have so many bytes more.
absl::Status PutStream::AddContent(uint64_t bytes) {
  if (!pieces_.memory.Grow(bytes)) {
    return Full(environment_.budget.bytes());
  }
  const uint64_t most = environment_.ingestor.max_document_bytes();
  return pieces_.memory.bytes() > most ? TooLarge(most) : absl::OkStatus();
}

void PutStream::AppendPiece(v1::InputDocument* piece) {
  if (pieces_.document.has_source()) {
    pieces_.document.mutable_source()->append(piece->source());
  } else {
    pieces_.document.mutable_text()->append(piece->text());
  }
}

absl::Status PutStream::SetCollection(const std::string& name) {
  if (name.empty() && !collection_.empty()) {
    return absl::OkStatus();
  }
  if (name.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
                     "the first message names no collection",
                     {{"field", "collection"}});
  }
  FOOTNOTE_ASSIGN_OR_RETURN(std::string parsed,
                            ParseCollectionName(name, "collection"));
  if (!collection_.empty() && parsed != collection_) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "COLLECTION_NAME_INVALID",
                     "a stream goes to one collection: \"" + collection_ + "\"",
                     {{"field", "collection"}, {"value", parsed}});
  }
  if (collection_.empty()) {  // else threads of the pool read it
    collection_ = std::move(parsed);
  }
  return absl::OkStatus();
}

void PutStream::ReadOn() {
  if (!reading_ && !at_end_ && waiting_.size() < kMaxWaiting &&
      answers_.size() < kMaxWaiting && waiting_bytes_ < kMaxWaitingBytes) {
    reading_ = true;
    request_.Clear();
    StartRead(&request_);
  }
}

void PutStream::StartBatches() {
  if (running_ || waiting_.empty()) {
    return;
  }
  running_ = environment_.rpc.pool.Submit([self = shared_from_this()] {
    self->environment_.ingestor.WithWriter(
        self->collection_,
        [self](const WriterOr& writer) { self->RunBatches(writer); });
  });
  if (!running_) {
    waiting_.clear();
    EndWith(MakeError(absl::StatusCode::kUnavailable, "OVERLOADED",
                      "too many calls wait already; try again later"));
  }
}

void PutStream::RunBatches(const WriterOr& writer) {
  std::deque<Arrived> batch;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (!waiting_.empty() && batch.size() < kMaxBatch) {
      waiting_bytes_ -= ContentBytes(waiting_.front().document);
      batch.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    ReadOn();
  }
  const absl::Status status = RunBatch(writer, std::move(batch));
  const std::lock_guard<std::mutex> lock(mutex_);
  running_ = false;
  if (!status.ok()) {
    waiting_.clear();
    EndWith(status);
  }
  StartBatches();
  FinishWhenDone();
}

// Puts documents and queues their answers, once all of them are durable.
absl::Status PutStream::RunBatch(const WriterOr& opened,
                                 std::deque<Arrived> batch) {
  FOOTNOTE_RETURN_IF_ERROR(opened.status());
  pipeline::CollectionWriter& writer = **opened;
  pipeline::Ingestor& ingestor = environment_.ingestor;
  std::vector<v1::PutDocumentsResponse> answers;
  answers.reserve(batch.size());
  for (Arrived& arrived : batch) {
    answers.push_back(Put(writer, std::move(arrived)));
  }
  if (absl::Status status = writer.Sync(); !status.ok()) {
    ingestor.GiveUp(collection_);
    return status;
  }
  ingestor.NoteChange(collection_);
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool idle = answers_.empty();
  for (v1::PutDocumentsResponse& answer : answers) {
    answer.set_index(next_index_++);
    errors_ += answer.has_error() ? 1 : 0;
    answers_.push_back(std::move(answer));
  }
  if (idle) {
    WriteOn();
  }
  return absl::OkStatus();
}

v1::PutDocumentsResponse PutStream::Put(pipeline::CollectionWriter& writer,
                                        Arrived arrived) const {
  v1::PutDocumentsResponse answer;
  answer.set_document_id(arrived.document.document_id());
  const auto put = [&]() -> absl::Status {
    FOOTNOTE_RETURN_IF_ERROR(arrived.error);
    FOOTNOTE_ASSIGN_OR_RETURN(
        sources::SourceDocument document,
        ParseInputDocument(&arrived.document,
                           environment_.ingestor.max_document_bytes()));
    answer.set_document_id(document.document_id);
    FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::ChangeResult result,
                              writer.Put(std::move(document)));
    answer.mutable_result()->set_effect(EffectOf(result.effect));
    answer.mutable_result()->set_etag(ToBytes(result.etag));
    answer.mutable_result()->set_revision(ToHex(result.revision));
    return absl::OkStatus();
  };
  if (const absl::Status status = put(); !status.ok()) {
    *answer.mutable_error() = ToRpcStatus(status);
  }
  return answer;
}

void PutStream::WriteOn() {
  if (!answers_.empty()) {
    StartWrite(&answers_.front());
  }
}

void PutStream::OnWriteDone(bool ok) {
  const std::lock_guard<std::mutex> lock(mutex_);
  answers_.pop_front();
  if (!ok) {
    answers_.clear();  // nobody is there to read them
    at_end_ = true;
  }
  WriteOn();
  ReadOn();
  FinishWhenDone();
}

void PutStream::OnCancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  EndWith(MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                    "the caller went away"));
}

// Ends the stream with `status`, the first that is given, once what came before
// is answered.
void PutStream::EndWith(const absl::Status& status) {
  if (end_status_.ok()) {
    end_status_ = status;
  }
  at_end_ = true;
  FinishWhenDone();
}

void PutStream::FinishWhenDone() {
  if (finished_ || !at_end_ || running_ || !waiting_.empty() ||
      !answers_.empty()) {
    return;
  }
  finished_ = true;
  Record(end_status_);
  Finish(ToGrpcStatus(end_status_));
}

void PutStream::Record(const absl::Status& status) {
  const std::chrono::duration<double> duration =
      std::chrono::steady_clock::now() - start_;
  CountEnded(environment_.rpc, kMethod, status, duration);
  nlohmann::json fields = {
      {"method", kMethod},        {"collection", collection_},
      {"documents", next_index_}, {"document_errors", errors_},
      {"bytes", bytes_},          {"duration_seconds", duration.count()},
      {"peer", context_->peer()}};
  WriteRpcLog(environment_.rpc, status, std::move(fields));
}

void PutStream::OnDone() {
  const std::shared_ptr<PutStream> self = shared_from_this();
  done_(this);
}

}  // namespace footnote::service
