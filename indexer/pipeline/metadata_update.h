// What is known of a document besides its text, and changes to it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "indexer/base/status.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

// What a document may bring besides its text: it comes with every passage, and
// an answer must fit gRPC's default limit of 4 MiB.
inline constexpr uint64_t kMaxRecordBytes = 64 << 10;

// A new point in time for a field, or none.
using TimeUpdate = std::optional<std::optional<int64_t>>;

// What changes of a document besides its text. What is not set stays. The
// language stays whatever the metadata say: it decided the analysis.
struct MetadataUpdate {
  std::optional<std::string> title;        // "": none is given any more
  std::optional<std::string> uri;          // likewise
  std::optional<std::string> source_type;  // "" is "FILE"
  TimeUpdate create_time;
  TimeUpdate update_time;
  TimeUpdate embargo_time;
  TimeUpdate expire_time;
  std::optional<std::vector<std::string>> access_labels;  // all of them
  // All metadata; then keys that are set, and keys that are removed. Fields
  // that metadata state (see sources::FillFields()) follow them, unless they
  // are set here.
  std::optional<nlohmann::json> metadata;
  nlohmann::json set = nlohmann::json::object();
  std::vector<std::string> remove;
};

// Reads an update from JSON text: an object with any of "title", "uri",
// "source_type", "access_labels", "create_time", "update_time", "embargo_time",
// "expire_time" (RFC 3339) and "metadata", whose keys are set, and removed
// where null; null clears a field. Errors (kInvalidArgument): JSON_SYNTAX,
// FIELD_TYPE.
absl::StatusOr<MetadataUpdate> ParseMetadataUpdate(std::string_view json);

// Changes `document` as `update` says; its text is not looked at. Errors:
// kInvalidArgument FIELD_TYPE, METADATA_TOO_LARGE; *document then is undefined.
absl::Status ApplyUpdate(const MetadataUpdate& update,
                         sources::SourceDocument* document);

// Checks that a document brings at most kMaxRecordBytes besides its text.
// Errors: kInvalidArgument METADATA_TOO_LARGE.
absl::Status CheckRecordBytes(const sources::SourceDocument& document);

// Returns what the log has of an update, and the update of that; nothing where
// it is none.
nlohmann::json ToJson(const MetadataUpdate& update);
std::optional<MetadataUpdate> UpdateFromJson(std::string_view json);

}  // namespace footnote::pipeline
