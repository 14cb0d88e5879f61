#include "client/changes.h"

#include <algorithm>
#include <cctype>

#include <google/protobuf/util/json_util.h>

#include "client/input_documents.h"

namespace footnote::client {
namespace {

// Returns `message` in protobuf's JSON mapping in one line.
std::string ToJsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json + "\n";
}

// Returns "added", "changed" or "unchanged".
std::string EffectName(v1::PutResult::Effect effect) {
  constexpr std::string_view kPrefix = "EFFECT_";
  std::string name = v1::PutResult::Effect_Name(effect).substr(kPrefix.size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return name;
}

std::string FormatAnswer(const v1::PutDocumentsResponse& answer) {
  const std::string id = MakeSafeLine(answer.document_id());
  if (answer.has_error()) {
    return "refused " + id + ": " + MakeSafeLine(answer.error().message()) +
           "\n";
  }
  return EffectName(answer.result().effect()) + " " + id + "\n";
}

absl::Status PublishIf(bool publish, const Client& client,
                       const std::string& collection, bool json,
                       const Streams& streams) {
  return publish ? RunPublish(client, {collection}, json, streams)
                 : absl::OkStatus();
}

}  // namespace

absl::Status RunPut(const Client& client, const PutCommand& command, bool json,
                    const Streams& streams) {
  InputDocuments documents(command.files, streams.in);
  uint64_t answered = 0;
  uint64_t refused = 0;
  const absl::Status put = client.PutDocuments(
      command.collection, [&] { return documents.Next(); },
      [&](const v1::PutDocumentsResponse& answer) {
        ++answered;
        refused += answer.has_error() ? 1 : 0;
        streams.out << (json ? ToJsonLine(answer) : FormatAnswer(answer));
      });
  FOOTNOTE_RETURN_IF_ERROR(put);
  FOOTNOTE_RETURN_IF_ERROR(PublishIf(command.publish && answered > refused,
                                     client, command.collection, json,
                                     streams));
  FOOTNOTE_RETURN_IF_ERROR(documents.status());
  if (refused > 0) {
    return MakeError(absl::StatusCode::kInvalidArgument, "DOCUMENTS_REFUSED",
                     std::to_string(refused) +
                         " of the documents were not "
                         "taken");
  }
  return absl::OkStatus();
}

absl::Status RunDelete(const Client& client, const DeleteCommand& command,
                       bool json, const Streams& streams) {
  v1::DeleteDocumentsRequest request;
  request.set_collection(command.collection);
  request.mutable_document_ids()->Add(command.ids.begin(), command.ids.end());
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response,
                            client.DeleteDocuments(request));
  if (json) {
    streams.out << ToJsonLine(response);
  } else {
    streams.out << "deleted " << response.deleted_count() << "\n";
    for (const std::string& id : response.missing_ids()) {
      streams.out << "not there: " << MakeSafeLine(id) << "\n";
    }
  }
  return PublishIf(command.publish, client, command.collection, json, streams);
}

absl::Status RunPublish(const Client& client, const PublishCommand& command,
                        bool json, const Streams& streams) {
  v1::PublishRequest request;
  request.set_collection(command.collection);
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client.Publish(request));
  if (json) {
    streams.out << ToJsonLine(response);
  } else {
    streams.out << "generation " << response.generation().generation() << ": "
                << response.document_count() << " documents in "
                << response.passage_count() << " passages\n";
  }
  return absl::OkStatus();
}

}  // namespace footnote::client
