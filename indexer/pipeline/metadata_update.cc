#include "indexer/pipeline/metadata_update.h"

#include <utility>

#include "indexer/base/time.h"
#include "indexer/sources/fields.h"
#include "indexer/sources/json_object.h"

namespace footnote::pipeline {
namespace {

using nlohmann::json;
using sources::SourceDocument;

absl::Status TypeError(const std::string& field, const std::string& expected) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                   "field \"" + field + "\" must be " + expected,
                   {{"field", field}});
}

// The members of an update that are a string, and those that are a time.
struct TextMember {
  const char* key;
  std::optional<std::string> MetadataUpdate::*member;
};
constexpr TextMember kTexts[] = {
    {"title", &MetadataUpdate::title},
    {"uri", &MetadataUpdate::uri},
    {"source_type", &MetadataUpdate::source_type},
};
struct TimeMember {
  const char* key;
  TimeUpdate MetadataUpdate::*update;
  std::optional<int64_t> SourceDocument::*field;
};
constexpr TimeMember kTimes[] = {
    {"create_time", &MetadataUpdate::create_time, &SourceDocument::create_time},
    {"update_time", &MetadataUpdate::update_time, &SourceDocument::update_time},
    {"embargo_time", &MetadataUpdate::embargo_time,
     &SourceDocument::embargo_time},
    {"expire_time", &MetadataUpdate::expire_time, &SourceDocument::expire_time},
};

absl::StatusOr<std::optional<int64_t>> ReadTimeMember(const std::string& key,
                                                      const json& value) {
  if (value.is_null()) {
    return std::optional<int64_t>();
  }
  const auto time = value.is_string() ? ParseTime(value.get<std::string>())
                                      : std::optional<int64_t>();
  if (!time) {
    return TypeError(key, "a time (RFC 3339) or null");
  }
  return time;
}

absl::Status ReadMember(const std::string& key, json value,
                        MetadataUpdate* update) {
  for (const TextMember& text : kTexts) {
    if (key == text.key) {
      if (!value.is_null() && !value.is_string()) {
        return TypeError(key, "a string or null");
      }
      update->*text.member = value.is_null() ? "" : value.get<std::string>();
      return absl::OkStatus();
    }
  }
  for (const TimeMember& time : kTimes) {
    if (key == time.key) {
      FOOTNOTE_ASSIGN_OR_RETURN(update->*time.update,
                                ReadTimeMember(key, value));
      return absl::OkStatus();
    }
  }
  if (key == "access_labels") {
    json holder = {{key, std::move(value)}};
    FOOTNOTE_ASSIGN_OR_RETURN(update->access_labels,
                              sources::TakeAccessLabels(&holder));
    return absl::OkStatus();
  }
  if (key != "metadata" || !value.is_object()) {
    return key == "metadata"
               ? TypeError(key, "an object")
               : TypeError(key,
                           "left out: title, uri, source_type, access_labels, "
                           "create_time, update_time, embargo_time, "
                           "expire_time and metadata can be updated");
  }
  for (auto& member : value.items()) {
    if (member.value().is_null()) {
      update->remove.push_back(member.key());
    } else {
      update->set[member.key()] = std::move(member.value());
    }
  }
  return absl::OkStatus();
}

// Takes what ToJson() gives; throws what json throws for anything else.
MetadataUpdate FromJson(const json& members) {
  MetadataUpdate update;
  for (const TextMember& text : kTexts) {
    if (members.contains(text.key)) {
      update.*text.member = members.at(text.key).get<std::string>();
    }
  }
  for (const TimeMember& time : kTimes) {
    if (members.contains(time.key)) {
      const json& value = members.at(time.key);
      update.*time.update = value.is_null()
                                ? std::optional<int64_t>()
                                : std::optional(value.get<int64_t>());
    }
  }
  if (members.contains("access_labels")) {
    update.access_labels =
        members.at("access_labels").get<std::vector<std::string>>();
  }
  if (members.contains("metadata")) {
    update.metadata = members.at("metadata");
  }
  update.set = members.at("set");
  update.remove = members.at("remove").get<std::vector<std::string>>();
  return update;
}

// Returns what the metadata of a document state.
absl::StatusOr<SourceDocument> Stated(const json& metadata) {
  SourceDocument stated;
  stated.metadata = metadata;
  FOOTNOTE_RETURN_IF_ERROR(sources::FillFields(&stated));
  return stated;
}

// Lets the fields follow what the metadata state otherwise than before.
void Follow(const SourceDocument& before, const SourceDocument& after,
            SourceDocument* document) {
  if (before.uri != after.uri) {
    document->uri = after.uri;
  }
  if (before.source_type != after.source_type) {
    document->source_type = after.source_type;
  }
  for (const TimeMember& time : kTimes) {
    if (before.*time.field != after.*time.field) {
      document->*time.field = after.*time.field;
    }
  }
}

}  // namespace

// Has members only for what is set.
json ToJson(const MetadataUpdate& update) {
  json members = json::object();
  for (const TextMember& text : kTexts) {
    if (update.*text.member) {
      members[text.key] = *(update.*text.member);
    }
  }
  for (const TimeMember& time : kTimes) {
    if (const TimeUpdate& value = update.*time.update) {
      members[time.key] = *value ? json(**value) : json();
    }
  }
  if (update.access_labels) {
    members["access_labels"] = *update.access_labels;
  }
  if (update.metadata) {
    members["metadata"] = *update.metadata;
  }
  members["set"] = update.set;
  members["remove"] = update.remove;
  return members;
}

std::optional<MetadataUpdate> UpdateFromJson(std::string_view text) {
  try {
    return FromJson(json::parse(text));
  } catch (const json::exception&) {  // how the library says it
    return std::nullopt;
  }
}

absl::StatusOr<MetadataUpdate> ParseMetadataUpdate(std::string_view json) {
  FOOTNOTE_ASSIGN_OR_RETURN(nlohmann::json object,
                            sources::ParseJsonObject(json));
  MetadataUpdate update;
  for (auto& member : object.items()) {
    FOOTNOTE_RETURN_IF_ERROR(
        ReadMember(member.key(), std::move(member.value()), &update));
  }
  return update;
}

absl::Status ApplyUpdate(const MetadataUpdate& update,
                         sources::SourceDocument* document) {
  const auto before = Stated(document->metadata);
  if (update.metadata) {
    document->metadata = *update.metadata;
  }
  document->metadata.update(update.set);
  for (const std::string& key : update.remove) {
    document->metadata.erase(key);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const SourceDocument after,
                            Stated(document->metadata));
  Follow(before.value_or(SourceDocument()), after, document);
  document->title = update.title.value_or(document->title);
  document->uri = update.uri.value_or(document->uri);
  document->source_type = update.source_type.value_or(document->source_type);
  if (document->source_type.empty()) {
    document->source_type = "FILE";
  }
  for (const TimeMember& time : kTimes) {
    document->*time.field =
        (update.*time.update).value_or(document->*time.field);
  }
  document->access_labels =
      update.access_labels.value_or(document->access_labels);
  return CheckRecordBytes(*document);
}

absl::Status CheckRecordBytes(const sources::SourceDocument& document) {
  uint64_t bytes =
      document.title.size() + document.uri.size() + document.filename.size() +
      document.source_type.size() +
      document.metadata.dump(-1, ' ', false, json::error_handler_t::replace)
          .size();
  for (const std::string& label : document.access_labels) {
    bytes += label.size();
  }
  if (bytes <= kMaxRecordBytes) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "METADATA_TOO_LARGE",
                   "metadata, title, uri and access labels have " +
                       std::to_string(bytes) + " bytes; at most " +
                       std::to_string(kMaxRecordBytes) + " are taken",
                   {{"document_id", document.document_id}});
}

}  // namespace footnote::pipeline
