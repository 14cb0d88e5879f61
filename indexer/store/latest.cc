#include "indexer/store/latest.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/index/generation.h"

namespace footnote::store {
namespace {

using Json = nlohmann::ordered_json;

// Of the objects that this file writes.
constexpr int kVersion = 1;
constexpr uint64_t kMaxBytes = 1 << 20;
constexpr char kCollectionsKey[] = "collections.json";

std::string LatestKey(const std::string& collection) {
  return collection + "/latest.json";
}

Json ToJson(const std::vector<StoredManifest>& manifests) {
  Json array = Json::array();
  for (const StoredManifest& manifest : manifests) {
    array.push_back({{"generation", manifest.generation},
                     {"bytes", manifest.bytes},
                     {"sha256", ToHex(manifest.sha256)}});
  }
  return array;
}

absl::Status Corrupt(const std::string& key) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   "the store's object " + key + " is not what push writes",
                   {{"object", key}});
}

std::optional<uint64_t> ReadNumber(const Json& object, const char* member) {
  const auto at = object.find(member);
  if (at == object.end() || !at->is_number_unsigned()) {
    return std::nullopt;
  }
  return at->get<uint64_t>();
}

std::optional<StoredManifest> ReadStored(const Json& json) {
  const auto generation = ReadNumber(json, "generation");
  const auto bytes = ReadNumber(json, "bytes");
  const auto sha256 = json.find("sha256");
  if (!generation || !bytes || sha256 == json.end() || !sha256->is_string()) {
    return std::nullopt;
  }
  const auto digest = DigestFromHex(sha256->get<std::string>());
  if (!digest) {
    return std::nullopt;
  }
  return StoredManifest{*generation, *bytes, *digest};
}

// Returns the manifests of an array, or nothing where it is none.
std::optional<std::vector<StoredManifest>> ReadStoredArray(const Json& json,
                                                           const char* member) {
  const auto array = json.find(member);
  if (array == json.end() || !array->is_array()) {
    return std::nullopt;
  }
  std::vector<StoredManifest> manifests;
  for (const Json& element : *array) {
    const auto manifest =
        element.is_object() ? ReadStored(element) : std::nullopt;
    if (!manifest) {
      return std::nullopt;
    }
    manifests.push_back(*manifest);
  }
  return manifests;
}

// Returns an object that says our version.
absl::StatusOr<Json> DecodeObject(std::string_view text,
                                  const std::string& key) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto version =
      json.is_object() ? ReadNumber(json, "version") : std::nullopt;
  if (!version) {
    return Corrupt(key);
  }
  if (*version != kVersion) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "INDEX_VERSION",
                     "the store's object " + key + " has version " +
                         std::to_string(*version) +
                         "; this program reads version " +
                         std::to_string(kVersion),
                     {{"object", key}});
  }
  return json;
}

absl::StatusOr<std::vector<std::string>> DecodeCollections(
    std::string_view text) {
  FOOTNOTE_ASSIGN_OR_RETURN(const Json json,
                            DecodeObject(text, kCollectionsKey));
  const auto array = json.find("collections");
  if (array == json.end() || !array->is_array()) {
    return Corrupt(kCollectionsKey);
  }
  std::vector<std::string> names;
  for (const Json& name : *array) {
    if (!name.is_string() ||
        !index::IsCollectionName(name.get<std::string>())) {
      return Corrupt(kCollectionsKey);
    }
    names.push_back(name.get<std::string>());
  }
  return names;
}

}  // namespace

std::string EncodeLatest(const Latest& latest) {
  const Json json = {{"version", kVersion},
                     {"generations", ToJson(latest.generations)},
                     {"leftovers", ToJson(latest.leftovers)},
                     {"purged_before", latest.purged_before}};
  return json.dump(1) + "\n";
}

absl::StatusOr<Latest> DecodeLatest(std::string_view text,
                                    const std::string& key) {
  FOOTNOTE_ASSIGN_OR_RETURN(const Json json, DecodeObject(text, key));
  auto generations = ReadStoredArray(json, "generations");
  auto leftovers = ReadStoredArray(json, "leftovers");
  const auto purged_before = ReadNumber(json, "purged_before");
  if (!generations || !leftovers || !purged_before) {
    return Corrupt(key);
  }
  return Latest{*std::move(generations), *std::move(leftovers), *purged_before};
}

absl::StatusOr<Latest> ReadLatest(Store& store, const std::string& collection) {
  const std::string key = LatestKey(collection);
  const absl::StatusOr<std::string> text = ReadAll(store, key, kMaxBytes);
  if (absl::IsNotFound(text.status())) {
    return Latest();
  }
  FOOTNOTE_RETURN_IF_ERROR(text.status());
  return DecodeLatest(*text, key);
}

absl::Status WriteLatest(Store& store, const std::string& collection,
                         const Latest& latest) {
  return store.Write(LatestKey(collection), EncodeLatest(latest));
}

absl::StatusOr<std::vector<std::string>> ReadCollections(Store& store) {
  const absl::StatusOr<std::string> text =
      ReadAll(store, kCollectionsKey, kMaxBytes);
  if (absl::IsNotFound(text.status())) {
    return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                     "there is no store, or nothing was pushed to it yet: " +
                         ErrorMessage(text.status()),
                     {{"object", kCollectionsKey}});
  }
  FOOTNOTE_RETURN_IF_ERROR(text.status());
  return DecodeCollections(*text);
}

absl::Status AddCollection(Store& store, const std::string& collection) {
  constexpr int kTries = 100;  // one of those who try at once gets on
  for (int tries = 1; tries <= kTries; ++tries) {
    std::optional<std::string> before;
    std::vector<std::string> names;
    absl::StatusOr<std::string> text =
        ReadAll(store, kCollectionsKey, kMaxBytes);
    if (text.ok()) {
      FOOTNOTE_ASSIGN_OR_RETURN(names, DecodeCollections(*text));
      before = *std::move(text);
    } else if (!absl::IsNotFound(text.status())) {
      return text.status();
    }
    const auto at = std::lower_bound(names.begin(), names.end(), collection);
    if (at != names.end() && *at == collection) {
      return absl::OkStatus();
    }
    names.insert(at, collection);
    const Json json = {{"version", kVersion}, {"collections", names}};
    FOOTNOTE_ASSIGN_OR_RETURN(
        const bool replaced,
        store.Replace(kCollectionsKey, before, json.dump(1) + "\n"));
    if (replaced) {
      return absl::OkStatus();
    }
  }
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   std::string(kCollectionsKey) +
                       " of the store changes all the time; push again",
                   {{"object", kCollectionsKey}});
}

}  // namespace footnote::store
