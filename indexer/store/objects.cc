#include "indexer/store/objects.h"

#include <nlohmann/json.hpp>

namespace footnote::store {

std::string ObjectKey(const std::string& collection, const Digest& sha256) {
  return collection + "/sha256/" + ToHex(sha256);
}

std::set<Digest> DigestsIn(std::string_view manifest) {
  std::set<Digest> digests;
  const auto json =
      nlohmann::json::parse(manifest, nullptr, /*allow_exceptions=*/false);
  if (!json.is_structured()) {
    return digests;
  }
  const auto members = json.flatten();  // by path
  for (const auto& [path, value] : members.items()) {
    if (path.ends_with("/sha256") && value.is_string()) {
      if (const auto digest = DigestFromHex(value.get<std::string>())) {
        digests.insert(*digest);
      }
    }
  }
  return digests;
}

std::vector<index::FileEntry> GenerationFiles(const index::Manifest& manifest) {
  std::vector<index::FileEntry> files;
  for (const auto& file : {manifest.entities_file, manifest.synonyms_file}) {
    if (file) {
      files.push_back(*file);
    }
  }
  for (const index::SegmentEntry& entry : manifest.segments) {
    if (entry.tombstones) {
      files.push_back(entry.tombstones->file);
    }
  }
  return files;
}

absl::StatusOr<std::string> FetchManifest(Store& store,
                                          const std::string& collection,
                                          const StoredManifest& stored) {
  const std::string key = ObjectKey(collection, stored.sha256);
  FOOTNOTE_ASSIGN_OR_RETURN(std::string text,
                            ReadAll(store, key, stored.bytes));
  if (Sha256Of(text) != stored.sha256) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "the store's object " + key + " has another digest",
                     {{"object", key}});
  }
  return text;
}

}  // namespace footnote::store
