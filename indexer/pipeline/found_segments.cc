#include "indexer/pipeline/found_segments.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "indexer/base/file.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/column.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/segment_id.h"
#include "indexer/index/tombstones.h"
#include "indexer/pipeline/change.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/pipeline/salvage.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {
namespace {

namespace fs = std::filesystem;

// So many documents of each segment say which list of entities is theirs.
constexpr uint32_t kWitnesses = 100;

// A segment, as it lies there.
struct Found {
  index::SegmentEntry entry;
  std::unique_ptr<index::Segment> segment;  // null where it is damaged
  std::unique_ptr<Salvage> salvage;         // else null
  fs::file_time_type written;
  Roaring gone;

  std::string DocumentId(uint32_t document) const {
    return segment != nullptr ? std::string(segment->document_id(document))
                              : salvage->DocumentId(document);
  }
};

// One version of a document.
struct Version {
  Found* found = nullptr;
  uint32_t document = 0;
  int64_t index_time = 0;

  auto Age() const { return std::tie(index_time, found->written); }
};

// Returns what a file of the folder `generations` is called after its number:
// "-<id>.tombstones" of "42-<id>.tombstones"; nothing for other names.
std::optional<std::pair<uint64_t, std::string>> SplitName(
    const std::string& name) {
  uint64_t number = 0;
  const char* const last = name.data() + name.size();
  const auto parsed = std::from_chars(name.data(), last, number);
  if (parsed.ec != std::errc()) {
    return std::nullopt;
  }
  return std::pair(number, std::string(parsed.ptr, last));
}

// The ids of passages have the stamp in them.
absl::Status CheckAnalyzer(const index::Segment& segment) {
  if (segment.passage_count() == 0) {
    return absl::OkStatus();
  }
  const index::PassagePlace& place = segment.passage_place(0);
  FOOTNOTE_ASSIGN_OR_RETURN(const index::DocumentRecord record,
                            segment.ReadDocument(place.document));
  if (segment.passage_id(0) ==
      index::MakePassageId(record.document_id, record.revision, place.ordinal,
                           PassageStamp())) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                   "no manifest can be read, and " + segment.folder() +
                       " was made by another analyzer: put a copy of the "
                       "collection back, or build it again (footnote-index "
                       "build --from-scratch)");
}

class Finder {
 public:
  explicit Finder(const std::string& folder) : folder_(folder) {}

  absl::StatusOr<FoundSegments> Find();

 private:
  absl::Status FindAll();
  void FindSegment(const std::string& id);
  void ListGenerationFiles();
  void TakeTombstones(Found* found) const;
  void FindGazetteer();
  uint64_t CountWitnesses(const std::string& entities_stamp) const;
  std::optional<int64_t> IndexTimeOf(const Found& found,
                                     uint32_t document) const;
  void TakeOutOlder(Found* found, uint32_t document,
                    std::map<std::string, Version>* newest) const;

  const std::string& folder_;
  std::vector<std::unique_ptr<Found>> found_;
  // Names of tombstones and lists of entities by what follows the number, and
  // it, the greatest first.
  std::map<std::string, std::map<uint64_t, std::string, std::greater<>>> files_;
  FoundSegments result_;
};

// Keeps a segment, whole or not.
void Finder::FindSegment(const std::string& id) {
  auto found = std::make_unique<Found>();
  const std::string path = index::SegmentPath(folder_, id);
  std::vector<std::string> names;
  index::SegmentSummary& summary = found->entry.segment;
  for (const std::string_view name : index::kSegmentFiles) {
    names.emplace_back(name);
    const auto digest =
        DigestFile(path + "/" + names.back()).value_or(FileDigest());
    summary.files.push_back({names.back(), digest.bytes, digest.sha256});
  }
  std::error_code error;
  found->written = fs::last_write_time(
      path + "/" + std::string(index::kDocumentsFile), error);
  summary.id = index::SegmentIdOf(summary.files);
  const bool is_whole = summary.id == id;
  summary.id = id;
  if (auto segment = index::Segment::Open(path); is_whole && segment.ok()) {
    found->segment = *std::move(segment);
    summary.documents = found->segment->document_count();
    summary.passages = found->segment->passage_count();
    for (uint32_t i = 0; i < summary.passages; ++i) {
      summary.words += found->segment->passage_place(i).words;
    }
  } else {
    for (index::FileEntry& file : summary.files) {
      file.sha256 = Digest();
    }
    const auto records = index::BlobColumn::Open(
        path + "/" + std::string(index::kDocumentsFile));
    summary.documents = records.ok() ? records->size() : 0;
    found->salvage = std::make_unique<Salvage>(path, found->entry, names);
  }
  found_.push_back(std::move(found));
}

void Finder::ListGenerationFiles() {
  std::error_code error;
  for (const auto& entry :
       fs::directory_iterator(folder_ + "/generations", error)) {
    const std::string name = entry.path().filename().string();
    if (auto split = SplitName(name)) {
      uint64_t& greatest = result_.manifest.info.number;
      greatest = std::max(greatest, split->first);
      files_[split->second][split->first] = name;
    }
  }
}

// Takes out what the newest tombstones say that can be read.
void Finder::TakeTombstones(Found* found) const {
  const auto named = files_.find("-" + found->entry.segment.id + ".tombstones");
  if (named == files_.end()) {
    return;
  }
  for (const auto& [number, name] : named->second) {
    auto tombstones =
        index::Tombstones::Read(index::GenerationFilePath(folder_, name));
    if (tombstones.ok() &&
        (tombstones->documents.isEmpty() ||
         tombstones->documents.maximum() < found->entry.segment.documents)) {
      found->gone = std::move(tombstones->documents);
      return;
    }
  }
}

// Returns how many documents have an etag that this stamp gives.
uint64_t Finder::CountWitnesses(const std::string& entities_stamp) const {
  const std::string stamp = PassageStamp();
  uint64_t count = 0;
  for (const auto& found : found_) {
    const uint32_t documents =
        found->segment == nullptr
            ? 0
            : std::min(kWitnesses, found->segment->document_count());
    for (uint32_t i = 0; i < documents; ++i) {
      const auto record = found->segment->ReadDocument(i);
      count += record.ok() && EtagOf(SourceOf(*record), record->revision, stamp,
                                     entities_stamp) == record->etag
                   ? 1
                   : 0;
    }
  }
  return count;
}

// Takes the list of entities that most etags are made with.
void Finder::FindGazetteer() {
  index::Manifest& manifest = result_.manifest;
  manifest.entities = entities::Gazetteer().Stamp();
  uint64_t most = CountWitnesses(manifest.entities);
  for (const auto& [number, name] : files_[".entities"]) {
    const auto bytes = ReadFile(index::GenerationFilePath(folder_, name));
    const auto gazetteer =
        bytes.ok() ? entities::Gazetteer::Decode(*bytes) : bytes.status();
    const std::string stamp = gazetteer.ok() ? gazetteer->Stamp() : "";
    const uint64_t count = gazetteer.ok() ? CountWitnesses(stamp) : 0;
    if (count > most) {
      most = count;
      manifest.entities = stamp;
      manifest.entities_file = {name, bytes->size(), Sha256Of(*bytes)};
    }
  }
}

// Returns when a document was indexed; nothing where that is not certain.
std::optional<int64_t> Finder::IndexTimeOf(const Found& found,
                                           uint32_t document) const {
  if (found.segment == nullptr) {
    const auto salvaged =
        found.salvage->Read(document, result_.manifest.entities);
    return salvaged.ok() ? std::optional(salvaged->index_time) : std::nullopt;
  }
  const auto record = found.segment->ReadDocument(document);
  return record.ok() ? std::optional(record->index_time) : std::nullopt;
}

// Takes out the older one of a document and its newest version so far.
void Finder::TakeOutOlder(Found* found, uint32_t document,
                          std::map<std::string, Version>* newest) const {
  if (found->gone.contains(document)) {
    return;
  }
  const std::optional<int64_t> time = IndexTimeOf(*found, document);
  if (!time) {
    return;
  }
  const Version version{found, document, *time};
  const auto [at, is_new] =
      newest->try_emplace(found->DocumentId(document), version);
  if (is_new) {
    return;
  }
  Version& other = at->second;
  if (version.Age() > other.Age()) {
    other.found->gone.add(other.document);
    other = version;
  } else {
    found->gone.add(document);
  }
}

absl::Status Finder::FindAll() {
  std::error_code error;
  for (const auto& entry :
       fs::directory_iterator(folder_ + "/segments", error)) {
    if (index::IsSegmentId(entry.path().filename().string())) {
      FindSegment(entry.path().filename().string());
    }
  }
  if (found_.empty()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "no manifest can be read in " + folder_ +
                         ", and there is no segment: put a copy of the "
                         "collection back, or build it again (footnote-index "
                         "build --from-scratch)",
                     {{"path", folder_}});
  }
  for (const auto& found : found_) {
    const absl::Status status = found->segment == nullptr
                                    ? absl::OkStatus()
                                    : CheckAnalyzer(*found->segment);
    FOOTNOTE_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::StatusOr<FoundSegments> Finder::Find() {
  FOOTNOTE_RETURN_IF_ERROR(FindAll());
  ListGenerationFiles();
  FindGazetteer();
  std::map<std::string, Version> newest;
  for (const auto& found : found_) {
    TakeTombstones(found.get());
    for (uint32_t i = 0; i < found->entry.segment.documents; ++i) {
      TakeOutOlder(found.get(), i, &newest);
    }
  }
  index::Manifest& manifest = result_.manifest;
  manifest.info.collection = fs::path(folder_).filename().string();
  manifest.info.analyzer = text::Analyzer::Stamp();
  for (const auto& found : found_) {
    const index::SegmentSummary& segment = found->entry.segment;
    if (found->gone.cardinality() < segment.documents) {
      result_.gone[segment.id] = std::move(found->gone);
      manifest.segments.push_back(std::move(found->entry));
    }
  }
  return std::move(result_);
}

}  // namespace

absl::StatusOr<FoundSegments> FindSegments(const std::string& folder) {
  return Finder(folder).Find();
}

}  // namespace footnote::pipeline
