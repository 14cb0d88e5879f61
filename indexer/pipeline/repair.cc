#include "indexer/pipeline/repair.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <roaring/roaring.hh>

#include "indexer/base/file.h"
#include "indexer/base/time.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "indexer/index/tombstones.h"
#include "indexer/index/verify.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/found_segments.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/pipeline/repair_files.h"
#include "indexer/pipeline/salvage.h"
#include "indexer/pipeline/totals.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {
namespace {

using index::Manifest;
using index::SegmentEntry;

// A segment of the generation under repair.
struct Part {
  SegmentEntry entry;
  std::vector<std::string> damaged;         // names of files
  std::unique_ptr<index::Segment> segment;  // null where it is damaged
  std::unique_ptr<Salvage> salvage;         // else null
  Roaring gone;
  bool tombstones_lost = false;

  uint32_t count() const {
    return static_cast<uint32_t>(entry.segment.documents);
  }
  std::string DocumentId(uint32_t document) const {
    return segment != nullptr ? std::string(segment->document_id(document))
                              : salvage->DocumentId(document);
  }
};

class Repair {
 public:
  explicit Repair(std::string folder) : folder_(std::move(folder)) {}

  absl::Status Run();
  RepairSummary TakeSummary() { return std::move(summary_); }

 private:
  absl::Status FindBase();
  void FindFiles();
  absl::Status Examine(const SegmentEntry& entry);
  std::optional<Roaring> ReadGone(const SegmentEntry& entry) const;
  std::optional<Roaring> GoneIn(uint64_t generation,
                                const std::string& segment_id) const;
  Roaring GoneBefore(const std::string& segment_id) const;
  void FindReplaced(size_t part);
  bool IsDamaged() const;
  absl::Status Rebuild(const Part& part);
  absl::Status Keep(Part* part);
  absl::Status Publish();
  uint64_t NextNumber() const;
  uint64_t LogSequence() const;

  const std::string folder_;
  Manifest base_;
  std::map<std::string, Roaring> gone_;  // where base_ was made of segments
  Manifest next_;
  entities::Gazetteer gazetteer_;
  bool gazetteer_moved_ = false;  // its file is another than the base names
  std::vector<Part> parts_;
  Totals totals_;
  RepairSummary summary_;
};

// Finds the manifest to start from: that of CURRENT, else the newest whole one,
// else one that is made of the segments.
absl::Status Repair::FindBase() {
  std::vector<uint64_t> numbers = index::ListGenerations(folder_);
  const absl::StatusOr<uint64_t> current = index::ReadCurrent(folder_);
  if (numbers.empty() && absl::IsNotFound(current.status())) {
    return current.status();  // nothing was published
  }
  if (current.ok()) {
    numbers.push_back(*current);
  }
  std::reverse(numbers.begin(), numbers.end());
  for (const uint64_t number : numbers) {
    auto manifest = index::ReadManifest(folder_, number);
    if (manifest.ok()) {
      base_ = *std::move(manifest);
      summary_.current_lost = !current.ok() || *current != number;
      return absl::OkStatus();
    }
    if (absl::IsFailedPrecondition(manifest.status())) {
      return manifest.status();  // of another version: none of ours to repair
    }
  }
  FOOTNOTE_ASSIGN_OR_RETURN(FoundSegments found, FindSegments(folder_));
  base_ = std::move(found.manifest);
  gone_ = std::move(found.gone);
  summary_.current_lost = true;
  summary_.manifests_lost = true;
  return absl::OkStatus();
}

// Takes the gazetteer and the synonyms over, where they are whole.
void Repair::FindFiles() {
  if (base_.entities_file) {
    if (auto found = FindWholeGazetteer(folder_, base_)) {
      gazetteer_ = std::move(found->gazetteer);
      gazetteer_moved_ = found->file.name != base_.entities_file->name;
      next_.entities_file = std::move(found->file);
    } else {
      summary_.gazetteer_lost = true;
    }
  }
  if (base_.synonyms_file) {
    if (AreSynonymsWhole(folder_, base_)) {
      next_.synonyms_file = base_.synonyms_file;
    } else {
      summary_.synonyms_lost = true;
    }
  }
}

// Returns which documents the tombstones of a generation take out; nothing
// where these are damaged.
std::optional<Roaring> Repair::ReadGone(const SegmentEntry& entry) const {
  if (!entry.tombstones) {
    return Roaring();
  }
  index::Findings findings;
  const std::string file = "generations/" + entry.tombstones->file.name;
  const absl::Status status = index::VerifyFile(
      folder_, file, entry.tombstones->file, nullptr, &findings);
  auto read = index::Tombstones::Read(folder_ + "/" + file);
  if (!status.ok() || findings.count() > 0 || !read.ok()) {
    return std::nullopt;
  }
  return std::move(read->documents);
}

// Returns what a generation took out of a segment, where it says so.
std::optional<Roaring> Repair::GoneIn(uint64_t generation,
                                      const std::string& segment_id) const {
  const Manifest manifest =
      index::ReadManifest(folder_, generation).value_or(Manifest());
  for (const SegmentEntry& entry : manifest.segments) {
    if (entry.segment.id == segment_id) {
      return ReadGone(entry);
    }
  }
  return std::nullopt;
}

// Returns what the newest generation before took out of a segment.
Roaring Repair::GoneBefore(const std::string& segment_id) const {
  Roaring gone;
  for (const uint64_t number : index::ListGenerations(folder_)) {
    if (number < base_.info.number) {
      gone = GoneIn(number, segment_id).value_or(gone);
    }
  }
  return gone;
}

absl::Status Repair::Examine(const SegmentEntry& entry) {
  Part part;
  part.entry = entry;
  SegmentEntry bare = entry;
  bare.tombstones.reset();
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<index::Finding> findings,
      index::VerifyDigests(folder_, bare, /*throttle=*/nullptr));
  for (const index::Finding& finding : findings) {
    part.damaged.push_back(
        std::filesystem::path(finding.file).filename().string());
  }
  if (part.damaged.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(part.segment, index::OpenSegment(folder_, bare));
  } else {
    part.salvage = std::make_unique<Salvage>(
        index::SegmentPath(folder_, entry.segment.id), entry, part.damaged);
  }
  if (summary_.manifests_lost) {
    part.gone = gone_[entry.segment.id];
    part.tombstones_lost = true;
  } else if (auto gone = ReadGone(entry)) {
    part.gone = *std::move(gone);
  } else {
    part.tombstones_lost = true;
    part.gone = GoneBefore(entry.segment.id);
    summary_.tombstones_lost.push_back("generations/" +
                                       entry.tombstones->file.name);
  }
  parts_.push_back(std::move(part));
  return absl::OkStatus();
}

// Takes out of a segment whose tombstones are lost what another has.
void Repair::FindReplaced(size_t part) {
  for (uint32_t i = 0; i < parts_[part].count(); ++i) {
    const std::string id = parts_[part].DocumentId(i);
    for (size_t k = 0; k < parts_.size(); ++k) {
      if (k == part || parts_[k].segment == nullptr || id.empty()) {
        continue;
      }
      const auto found = parts_[k].segment->FindDocument(id);
      if (found && !parts_[k].gone.contains(*found)) {
        parts_[part].gone.add(i);
      }
    }
  }
}

bool Repair::IsDamaged() const {
  return summary_.current_lost || summary_.gazetteer_lost ||
         summary_.synonyms_lost || gazetteer_moved_ ||
         std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
           return part.tombstones_lost || part.segment == nullptr;
         });
}

uint64_t Repair::NextNumber() const {
  const std::vector<uint64_t> numbers = index::ListGenerations(folder_);
  return std::max(base_.info.number, numbers.empty() ? 0 : numbers.back()) + 1;
}

// An older manifest than the lost one may speak of changes that the log does
// not have any more: the log goes on from where it is.
uint64_t Repair::LogSequence() const {
  uint64_t first = UINT64_MAX;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_ + "/wal", error), end;
       !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    uint64_t number = 0;
    const auto [stop, failed] =
        std::from_chars(name.data(), name.data() + name.size(), number);
    if (failed == std::errc() && std::string_view(stop) == ".log") {
      first = std::min(first, number);
    }
  }
  return first == UINT64_MAX || first == 0
             ? base_.wal_sequence
             : std::max(base_.wal_sequence, first - 1);
}

absl::Status Repair::Run() {
  FOOTNOTE_RETURN_IF_ERROR(FindBase());
  summary_.base = summary_.manifests_lost ? 0 : base_.info.number;
  FindFiles();
  for (const SegmentEntry& entry : base_.segments) {
    FOOTNOTE_RETURN_IF_ERROR(Examine(entry));
  }
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].tombstones_lost && !summary_.manifests_lost) {
      FindReplaced(i);
    }
  }
  if (!IsDamaged()) {
    summary_.content_is_whole = true;
    return absl::OkStatus();
  }
  return Publish();
}

// Analyses what a damaged segment still has into a new one.
absl::Status Repair::Rebuild(const Part& part) {
  if (base_.info.analyzer != text::Analyzer::Stamp()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                     "the index was built with the analyzer \"" +
                         base_.info.analyzer +
                         "\"; this program cannot rebuild a part of it",
                     {{"analyzer", base_.info.analyzer}});
  }
  RepairedSegment repaired{part.entry.segment.id, part.damaged, 0, ""};
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::unique_ptr<index::SegmentWriter> writer,
      index::SegmentWriter::Create(folder_, PassageStamp()));
  Preparer preparer(gazetteer_);
  const int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
  for (uint32_t i = 0; i < part.count(); ++i) {
    if (part.gone.contains(i)) {
      continue;
    }
    auto document = part.salvage->Read(i, base_.entities);
    if (!document.ok()) {
      summary_.lost.push_back({repaired.id, i, part.salvage->DocumentId(i),
                               ErrorMessage(document.status())});
      continue;
    }
    FOOTNOTE_RETURN_IF_ERROR(writer->Add(
        preparer.Prepare(std::move(document->source), document->etag, now)));
  }
  repaired.documents = writer->document_count();
  if (repaired.documents > 0) {
    SegmentEntry entry;
    FOOTNOTE_ASSIGN_OR_RETURN(entry.segment, writer->Finish());
    repaired.new_id = entry.segment.id;
    next_.segments.push_back(std::move(entry));
  }
  summary_.segments.push_back(std::move(repaired));
  return absl::OkStatus();
}

// Takes a whole segment over, with new tombstones where they were lost.
absl::Status Repair::Keep(Part* part) {
  SegmentEntry entry = part->entry;
  if (part->tombstones_lost) {
    entry.tombstones.reset();
    if (!part->gone.isEmpty()) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          entry.tombstones,
          index::WriteTombstones(
              folder_, index::Tombstones::Of(*part->segment, part->gone),
              next_.info.number, entry.segment.id));
    }
  }
  next_.segments.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status Repair::Publish() {
  next_.info = {};
  index::GenerationInfo& info = next_.info;
  info.collection = base_.info.collection;
  info.number = NextNumber();
  info.build_time = FormatTime(std::chrono::system_clock::now());
  info.analyzer = base_.info.analyzer;
  next_.parent = summary_.base;
  next_.entities = gazetteer_.Stamp();
  next_.wal_sequence = LogSequence();
  for (Part& part : parts_) {
    FOOTNOTE_RETURN_IF_ERROR(part.segment == nullptr ? Rebuild(part)
                                                     : Keep(&part));
  }
  for (const SegmentEntry& entry : next_.segments) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::unique_ptr<index::Segment> segment,
                              index::OpenSegment(folder_, entry));
    totals_.Add(*segment);
    totals_.AddContent(*segment);
  }
  info.documents = totals_.documents;
  info.passages = totals_.passages;
  info.text_bytes = totals_.text_bytes;
  info.total_words = totals_.words;
  info.languages = totals_.languages;
  info.content_sha256 = totals_.content.value();
  summary_.content_is_whole = !summary_.manifests_lost &&
                              info.content_sha256 == base_.info.content_sha256;
  FOOTNOTE_RETURN_IF_ERROR(index::PublishManifest(folder_, next_));
  summary_.generation = info.number;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RepairSummary> RepairCollection(const std::string& data_dir,
                                               const std::string& collection) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(collection));
  const std::string folder = index::ResolveAlias(data_dir + "/" + collection);
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return index::FindCollection(data_dir, collection).status();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const index::WriterLock lock,
                            index::WriterLock::Take(folder));
  Repair repair(folder);
  FOOTNOTE_RETURN_IF_ERROR(repair.Run());
  return repair.TakeSummary();
}

}  // namespace footnote::pipeline
