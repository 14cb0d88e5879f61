#include "indexer/index/manifest.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/index/schema.h"

namespace footnote::index {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kCurrentFile = "CURRENT";

std::string GenerationName(uint64_t number) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%06llu",
                static_cast<unsigned long long>(number));
  return name.data();
}

Json ToJson(const FileEntry& file) {
  return {{"name", file.name},
          {"bytes", file.bytes},
          {"sha256", ToHex(file.sha256)}};
}

Json ToJson(const SegmentEntry& entry) {
  Json json = {{"id", entry.segment.id},
               {"documents", entry.segment.documents},
               {"passages", entry.segment.passages},
               {"words", entry.segment.words},
               {"files", Json::array()}};
  for (const FileEntry& file : entry.segment.files) {
    json["files"].push_back(ToJson(file));
  }
  if (entry.tombstones) {
    json["tombstones"] = {{"file", ToJson(entry.tombstones->file)},
                          {"documents", entry.tombstones->documents},
                          {"passages", entry.tombstones->passages},
                          {"words", entry.tombstones->words}};
  }
  return json;
}

// Reads members of JSON objects; the first that is missing or of another type
// is remembered and everything read is then void.
class MemberReader {
 public:
  uint64_t Number(const Json& object, const char* key) {
    const Json* value = Find(object, key);
    return value != nullptr && value->is_number_unsigned()
               ? value->get<uint64_t>()
               : Fail(key);
  }
  std::string String(const Json& object, const char* key) {
    const Json* value = Find(object, key);
    if (value == nullptr || !value->is_string()) {
      Fail(key);
      return {};
    }
    return value->get<std::string>();
  }
  const Json& Array(const Json& object, const char* key) {
    static const Json kEmpty = Json::array();
    const Json* value = Find(object, key);
    if (value == nullptr || !value->is_array()) {
      Fail(key);
      return kEmpty;
    }
    return *value;
  }
  const Json& Object(const Json& object, const char* key) {
    static const Json kEmpty = Json::object();
    const Json* value = Find(object, key);
    if (value == nullptr || !value->is_object()) {
      Fail(key);
      return kEmpty;
    }
    return *value;
  }
  // A file or folder right where it is looked for.
  std::string Name(const Json& object, const char* key) {
    std::string name = String(object, key);
    if (name.find('/') != std::string::npos || name.substr(0, 1) == ".") {
      Fail(key);
    }
    return name;
  }
  Digest Sha256(const Json& object, const char* key) {
    const auto digest = DigestFromHex(String(object, key));
    if (!digest) {
      Fail(key);
    }
    return digest.value_or(Digest());
  }
  FileEntry File(const Json& object) {
    FileEntry file;
    file.name = Name(object, "name");
    file.bytes = Number(object, "bytes");
    file.sha256 = Sha256(object, "sha256");
    return file;
  }

  const std::string& bad_member() const { return bad_member_; }

 private:
  static const Json* Find(const Json& object, const char* key) {
    const auto at = object.find(key);
    return at == object.end() ? nullptr : &*at;
  }
  uint64_t Fail(const char* key) {
    if (bad_member_.empty()) {
      bad_member_ = key;
    }
    return 0;
  }

  std::string bad_member_;
};

SegmentEntry ReadSegment(const Json& json, MemberReader* reader) {
  SegmentEntry entry;
  entry.segment.id = reader->Name(json, "id");
  entry.segment.documents = reader->Number(json, "documents");
  entry.segment.passages = reader->Number(json, "passages");
  entry.segment.words = reader->Number(json, "words");
  for (const Json& file : reader->Array(json, "files")) {
    entry.segment.files.push_back(reader->File(file));
  }
  if (json.contains("tombstones")) {
    const Json& tombstones = reader->Object(json, "tombstones");
    TombstonesEntry read;
    read.file = reader->File(reader->Object(tombstones, "file"));
    read.documents = reader->Number(tombstones, "documents");
    read.passages = reader->Number(tombstones, "passages");
    read.words = reader->Number(tombstones, "words");
    entry.tombstones = std::move(read);
  }
  return entry;
}

absl::Status CheckVersion(const Json& json, const std::string& path) {
  const auto version = json.find("format_version");
  if (version == json.end() || !version->is_number_integer()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " has no format_version", {{"path", path}});
  }
  const auto found = version->get<int64_t>();
  if (found != kFormatVersion) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "INDEX_VERSION",
                     path + " has format version " + std::to_string(found) +
                         "; this program reads version " +
                         std::to_string(kFormatVersion) +
                         ": index the sources again (footnote-index build "
                         "--from-scratch), or use the program that wrote it",
                     {{"path", path}, {"version", std::to_string(found)}});
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeManifest(const Manifest& manifest) {
  const GenerationInfo& info = manifest.info;
  Json json = {{"format_version", kFormatVersion},
               {"collection", info.collection},
               {"generation", info.number},
               {"parent", manifest.parent},
               {"build_time", info.build_time},
               {"analyzer", info.analyzer},
               {"entities", manifest.entities},
               {"documents", info.documents},
               {"passages", info.passages},
               {"text_bytes", info.text_bytes},
               {"words", info.total_words},
               {"languages", info.languages},
               {"content_sha256", ToHex(info.content_sha256)},
               {"wal_sequence", manifest.wal_sequence},
               {"segments", Json::array()}};
  if (manifest.entities_file) {
    json["entities_file"] = ToJson(*manifest.entities_file);
  }
  if (manifest.synonyms_file) {
    json["synonyms_file"] = ToJson(*manifest.synonyms_file);
  }
  for (const SegmentEntry& entry : manifest.segments) {
    json["segments"].push_back(ToJson(entry));
  }
  return json.dump(1) + "\n";
}

absl::StatusOr<Manifest> DecodeManifest(std::string_view text,
                                        const std::string& path) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " is not JSON", {{"path", path}});
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckVersion(json, path));
  MemberReader reader;
  Manifest manifest;
  GenerationInfo& info = manifest.info;
  info.collection = reader.String(json, "collection");
  info.number = reader.Number(json, "generation");
  info.build_time = reader.String(json, "build_time");
  info.analyzer = reader.String(json, "analyzer");
  info.documents = reader.Number(json, "documents");
  info.passages = reader.Number(json, "passages");
  info.text_bytes = reader.Number(json, "text_bytes");
  info.total_words = reader.Number(json, "words");
  const Json& languages = reader.Object(json, "languages");
  for (const auto& member : languages.items()) {
    info.languages[member.key()] =
        reader.Number(languages, member.key().c_str());
  }
  info.content_sha256 = reader.Sha256(json, "content_sha256");
  info.manifest_sha256 = Sha256Of(text);
  manifest.parent = reader.Number(json, "parent");
  manifest.entities = reader.String(json, "entities");
  manifest.wal_sequence = reader.Number(json, "wal_sequence");
  if (json.contains("entities_file")) {
    manifest.entities_file = reader.File(reader.Object(json, "entities_file"));
  }
  if (json.contains("synonyms_file")) {
    manifest.synonyms_file = reader.File(reader.Object(json, "synonyms_file"));
  }
  for (const Json& entry : reader.Array(json, "segments")) {
    manifest.segments.push_back(ReadSegment(entry, &reader));
  }
  if (!reader.bad_member().empty()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + ": \"" + reader.bad_member() +
                         "\" is missing or of a wrong type",
                     {{"path", path}});
  }
  return manifest;
}

std::string ManifestPath(const std::string& folder, uint64_t number) {
  return GenerationFilePath(folder, GenerationName(number) + ".json");
}

absl::StatusOr<std::string> ReadGenerationFile(const std::string& folder,
                                               const FileEntry& file) {
  const std::string path = GenerationFilePath(folder, file.name);
  FOOTNOTE_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path));
  if (Sha256Of(bytes) != file.sha256) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " does not hold what its manifest says",
                     {{"path", path}});
  }
  return bytes;
}

std::string SegmentPath(const std::string& folder, const std::string& id) {
  return folder + "/segments/" + id;
}

std::string GenerationFilePath(const std::string& folder,
                               const std::string& name) {
  return folder + "/generations/" + name;
}

absl::Status NoGenerationError(uint64_t number) {
  const std::string text = std::to_string(number);
  return MakeError(absl::StatusCode::kNotFound, "GENERATION_NOT_FOUND",
                   "there is no generation " + text, {{"generation", text}});
}

absl::StatusOr<Manifest> ReadManifest(const std::string& folder,
                                      uint64_t number) {
  const std::string path = ManifestPath(folder, number);
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok() && absl::IsNotFound(text.status())) {
    return NoGenerationError(number);
  }
  FOOTNOTE_RETURN_IF_ERROR(text.status());
  FOOTNOTE_ASSIGN_OR_RETURN(Manifest manifest, DecodeManifest(*text, path));
  if (manifest.info.number != number) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " is the manifest of another generation",
                     {{"path", path}});
  }
  return manifest;
}

absl::StatusOr<uint64_t> ReadCurrent(const std::string& folder) {
  const std::string path = folder + "/" + std::string(kCurrentFile);
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok() && absl::IsNotFound(text.status())) {
    return MakeError(absl::StatusCode::kNotFound, "COLLECTION_NOT_FOUND",
                     "there is no collection in " + folder);
  }
  FOOTNOTE_RETURN_IF_ERROR(text.status());
  constexpr size_t kMaxDigits = 18;
  const size_t digits = text->find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || digits > kMaxDigits ||
      text->substr(digits) != "\n") {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " does not name a generation", {{"path", path}});
  }
  const uint64_t number = std::stoull(*text);
  std::error_code error;
  if (!std::filesystem::exists(ManifestPath(folder, number), error)) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " names generation " + std::to_string(number) +
                         ", which is not there",
                     {{"path", path}});
  }
  return number;
}

absl::StatusOr<TombstonesEntry> WriteTombstones(const std::string& folder,
                                                const Tombstones& tombstones,
                                                uint64_t number,
                                                const std::string& id) {
  TombstonesEntry entry;
  entry.file.name = std::to_string(number) + "-" + id + ".tombstones";
  const std::string path = GenerationFilePath(folder, entry.file.name);
  FOOTNOTE_RETURN_IF_ERROR(tombstones.Write(path));
  FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  entry.file.bytes = file.bytes().size();
  entry.file.sha256 = Sha256Of(file.bytes());
  entry.documents = tombstones.documents.cardinality();
  entry.passages = tombstones.passages.cardinality();
  entry.words = tombstones.words;
  return entry;
}

absl::Status PublishManifest(const std::string& folder,
                             const Manifest& manifest) {
  const uint64_t number = manifest.info.number;
  FOOTNOTE_RETURN_IF_ERROR(
      WriteFileDurably(ManifestPath(folder, number), EncodeManifest(manifest)));
  return MakeCurrent(folder, number);
}

absl::Status MakeCurrent(const std::string& folder, uint64_t number) {
  return WriteFileDurably(folder + "/" + std::string(kCurrentFile),
                          GenerationName(number) + "\n");
}

}  // namespace footnote::index
