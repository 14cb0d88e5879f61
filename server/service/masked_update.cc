#include "server/service/masked_update.h"

#include <string>
#include <string_view>

#include "server/service/metadata_conversion.h"
#include "server/service/timestamps.h"

namespace footnote::service {
namespace {

constexpr std::string_view kMetadataKey = "metadata.";

absl::Status MaskError(const std::string& message, const std::string& path) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_MASK_INVALID",
                   message, {{"field", "update_mask"}, {"value", path}});
}

// Sets or removes one key of the metadata.
void UpdateKey(const v1::InputDocument& document, const std::string& key,
               pipeline::MetadataUpdate* update) {
  const auto& fields = document.metadata().fields();
  const auto found = fields.find(key);
  if (found == fields.end()) {
    update->remove.push_back(key);
  } else {
    update->set[key] = ParseMetadataValue(found->second);
  }
}

// Where a time of the document goes.
struct TimeField {
  std::string_view path;
  bool (v1::InputDocument::*has)() const;
  const google::protobuf::Timestamp& (v1::InputDocument::*get)() const;
  pipeline::TimeUpdate pipeline::MetadataUpdate::*to;
};

constexpr TimeField kTimes[] = {
    {"create_time", &v1::InputDocument::has_create_time,
     &v1::InputDocument::create_time, &pipeline::MetadataUpdate::create_time},
    {"update_time", &v1::InputDocument::has_update_time,
     &v1::InputDocument::update_time, &pipeline::MetadataUpdate::update_time},
    {"embargo_time", &v1::InputDocument::has_embargo_time,
     &v1::InputDocument::embargo_time, &pipeline::MetadataUpdate::embargo_time},
    {"expire_time", &v1::InputDocument::has_expire_time,
     &v1::InputDocument::expire_time, &pipeline::MetadataUpdate::expire_time},
};

// Takes a path over that names a time; returns whether it does.
absl::StatusOr<bool> UpdateTime(const v1::InputDocument& document,
                                const std::string& path,
                                pipeline::MetadataUpdate* update) {
  for (const TimeField& field : kTimes) {
    if (path != field.path) {
      continue;
    }
    std::optional<int64_t> time;
    if ((document.*field.has)()) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          time, ParseTimestamp((document.*field.get)(), "document." + path));
    }
    update->*field.to = time;
    return true;
  }
  return false;
}

absl::Status UpdatePath(const v1::InputDocument& document,
                        const std::string& path,
                        pipeline::MetadataUpdate* update) {
  FOOTNOTE_ASSIGN_OR_RETURN(const bool is_time,
                            UpdateTime(document, path, update));
  if (is_time) {
    return absl::OkStatus();
  }
  if (path == "title") {
    update->title = document.title();
  } else if (path == "uri") {
    update->uri = document.uri();
  } else if (path == "source_type") {
    update->source_type = document.source_type();
  } else if (path == "access_labels") {
    update->access_labels.emplace(document.access_labels().begin(),
                                  document.access_labels().end());
  } else if (path == "metadata") {
    update->metadata = ParseMetadata(document.metadata());
  } else if (path.starts_with(kMetadataKey) &&
             path.size() > kMetadataKey.size()) {
    UpdateKey(document, path.substr(kMetadataKey.size()), update);
  } else {
    return MaskError("\"" + path + "\" cannot be updated", path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<pipeline::MetadataUpdate> ParseMaskedUpdate(
    const v1::InputDocument& document,
    const google::protobuf::FieldMask& mask) {
  if (mask.paths().empty()) {
    return MaskError("update_mask names no field", "");
  }
  pipeline::MetadataUpdate update;
  for (const std::string& path : mask.paths()) {
    FOOTNOTE_RETURN_IF_ERROR(UpdatePath(document, path, &update));
  }
  return update;
}

}  // namespace footnote::service
