#include "indexer/pipeline/purge.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/content_digest.h"
#include "indexer/index/manifest.h"
#include "indexer/index/retention.h"
#include "indexer/index/segment.h"
#include "indexer/index/segment_writer.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/document_copier.h"
#include "indexer/pipeline/prepare.h"

namespace footnote::pipeline {
namespace {

using nlohmann::json;

// A document that is erased, and what it takes out of the counts.
struct Erased {
  uint32_t document = 0;  // index in the segment
  index::DocumentRecord record;
  uint64_t words = 0;
};

// A segment without the documents that are erased.
struct Rewritten {
  index::SegmentSummary segment;  // no documents: none is left
  std::vector<Erased> erased;     // by document, ascending
};

// One erasure in one collection.
class Eraser {
 public:
  Eraser(const std::string& folder, const std::set<std::string>& ids)
      : folder_(folder), ids_(ids) {}

  absl::Status Run();
  const PurgeSummary& summary() const { return summary_; }

 private:
  // Returns the segment without the documents; nothing where it has none.
  absl::StatusOr<std::optional<Rewritten>> Rewrite(
      const index::SegmentEntry& entry);
  absl::StatusOr<index::SegmentSummary> Copy(const index::Segment& segment,
                                             const std::vector<Erased>& erased);
  absl::Status RewriteSegments(const index::Manifest& manifest);
  absl::Status RewriteManifest(index::Manifest manifest);
  // Adds what stands for `entry` in a generation to its new segments.
  absl::Status Replace(const index::SegmentEntry& entry,
                       const Rewritten& rewritten, index::Manifest* manifest);
  absl::StatusOr<index::TombstonesEntry> WriteTombstones(
      const index::SegmentEntry& entry, const Roaring& gone, uint64_t number);

  const std::string& folder_;
  const std::set<std::string>& ids_;
  std::map<std::string, std::optional<Rewritten>> segments_;  // by old id
  std::set<std::string> found_;                               // of the ids
  PurgeSummary summary_;
};

absl::Status Eraser::Run() {
  std::vector<index::Manifest> manifests;
  for (const uint64_t number : index::ListGenerations(folder_)) {
    FOOTNOTE_ASSIGN_OR_RETURN(manifests.emplace_back(),
                              index::ReadManifest(folder_, number));
  }
  for (const index::Manifest& manifest : manifests) {
    FOOTNOTE_RETURN_IF_ERROR(RewriteSegments(manifest));
  }
  for (index::Manifest& manifest : manifests) {
    FOOTNOTE_RETURN_IF_ERROR(RewriteManifest(std::move(manifest)));
  }
  std::set_difference(ids_.begin(), ids_.end(), found_.begin(), found_.end(),
                      std::back_inserter(summary_.not_found));
  return absl::OkStatus();
}

// Passes over those that other generations have as well, and that are done.
absl::Status Eraser::RewriteSegments(const index::Manifest& manifest) {
  for (const index::SegmentEntry& entry : manifest.segments) {
    if (!segments_.contains(entry.segment.id)) {
      FOOTNOTE_ASSIGN_OR_RETURN(segments_[entry.segment.id], Rewrite(entry));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Rewritten>> Eraser::Rewrite(
    const index::SegmentEntry& entry) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::unique_ptr<index::Segment> segment,
      index::OpenSegment(folder_, {entry.segment, std::nullopt}));
  Rewritten rewritten;
  std::set<uint32_t> found;
  for (const std::string& id : ids_) {
    if (const auto document = segment->FindDocument(id)) {
      found.insert(*document);
      found_.insert(id);
    }
  }
  for (const uint32_t document : found) {
    Erased erased{document, {}, 0};
    FOOTNOTE_ASSIGN_OR_RETURN(erased.record, segment->ReadDocument(document));
    const index::DocumentPlace& place = segment->document_place(document);
    for (uint32_t k = 0; k < place.passage_count; ++k) {
      erased.words += segment->passage_place(place.first_passage + k).words;
    }
    rewritten.erased.push_back(std::move(erased));
  }
  if (rewritten.erased.empty()) {
    return std::optional<Rewritten>();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(rewritten.segment,
                            Copy(*segment, rewritten.erased));
  summary_.documents += rewritten.erased.size();
  ++summary_.segments;
  return std::optional<Rewritten>(std::move(rewritten));
}

absl::StatusOr<index::SegmentSummary> Eraser::Copy(
    const index::Segment& segment, const std::vector<Erased>& erased) {
  if (erased.size() == segment.document_count()) {
    return index::SegmentSummary();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::unique_ptr<index::SegmentWriter> writer,
      index::SegmentWriter::Create(folder_, PassageStamp()));
  DocumentCopier copier(segment, writer.get());
  auto next = erased.begin();
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    if (next != erased.end() && next->document == i) {
      ++next;
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(index::PreparedDocument document, copier.Read(i));
    FOOTNOTE_RETURN_IF_ERROR(writer->Add(std::move(document)));
  }
  return writer->Finish();
}

absl::Status Eraser::RewriteManifest(index::Manifest manifest) {
  const std::vector<index::SegmentEntry> before =
      std::exchange(manifest.segments, {});
  bool changes = false;
  for (const index::SegmentEntry& entry : before) {
    const std::optional<Rewritten>& rewritten = segments_[entry.segment.id];
    if (!rewritten) {
      manifest.segments.push_back(entry);
      continue;
    }
    changes = true;
    FOOTNOTE_RETURN_IF_ERROR(Replace(entry, *rewritten, &manifest));
  }
  if (!changes) {
    return absl::OkStatus();
  }
  ++summary_.generations;
  return WriteFileDurably(index::ManifestPath(folder_, manifest.info.number),
                          index::EncodeManifest(manifest));
}

absl::Status Eraser::Replace(const index::SegmentEntry& entry,
                             const Rewritten& rewritten,
                             index::Manifest* manifest) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::unique_ptr<index::Segment> segment,
                            index::OpenSegment(folder_, entry));
  Roaring gone = segment->tombstones().documents;
  index::GenerationInfo& info = manifest->info;
  index::ContentDigest content(info.content_sha256);
  for (const Erased& erased : rewritten.erased) {
    if (gone.contains(erased.document)) {
      gone.remove(erased.document);
      continue;
    }
    const index::DocumentRecord& record = erased.record;
    content.Remove(record.document_id, record.etag);
    --info.documents;
    info.passages -= record.passage_count;
    info.text_bytes -= record.size.bytes;
    info.total_words -= erased.words;
    if (--info.languages[record.language] == 0) {
      info.languages.erase(record.language);
    }
  }
  info.content_sha256 = content.value();
  const uint64_t left = rewritten.segment.documents;
  if (left == gone.cardinality()) {
    return absl::OkStatus();  // nothing of the segment is seen any more
  }
  // Documents move up by as many as were erased before them.
  Roaring moved;
  auto next = rewritten.erased.begin();
  for (const uint32_t document : gone) {
    while (next != rewritten.erased.end() && next->document < document) {
      ++next;
    }
    moved.add(document -
              static_cast<uint32_t>(next - rewritten.erased.begin()));
  }
  index::SegmentEntry replaced{rewritten.segment, std::nullopt};
  if (!moved.isEmpty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(replaced.tombstones,
                              WriteTombstones(replaced, moved, info.number));
  }
  manifest->segments.push_back(std::move(replaced));
  return absl::OkStatus();
}

absl::StatusOr<index::TombstonesEntry> Eraser::WriteTombstones(
    const index::SegmentEntry& entry, const Roaring& gone, uint64_t number) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::unique_ptr<index::Segment> segment,
                            index::OpenSegment(folder_, entry));
  return index::WriteTombstones(folder_, index::Tombstones::Of(*segment, gone),
                                number, entry.segment.id);
}

std::string IntentPath(const std::string& folder) {
  return folder + "/purge.json";
}

}  // namespace

absl::StatusOr<PurgeSummary> EraseDocuments(const std::string& folder,
                                            const std::set<std::string>& ids) {
  Eraser eraser(folder, ids);
  FOOTNOTE_RETURN_IF_ERROR(eraser.Run());
  FOOTNOTE_RETURN_IF_ERROR(index::RemoveUnnamed(folder));
  return eraser.summary();
}

absl::Status WritePurgeIntent(const std::string& folder,
                              const std::set<std::string>& ids) {
  return WriteFileDurably(IntentPath(folder), json{{"ids", ids}}.dump() + "\n");
}

absl::StatusOr<std::set<std::string>> ReadPurgeIntent(
    const std::string& folder) {
  const absl::StatusOr<std::string> text = ReadFile(IntentPath(folder));
  if (absl::IsNotFound(text.status())) {
    return std::set<std::string>();
  }
  FOOTNOTE_RETURN_IF_ERROR(text.status());
  try {
    return json::parse(*text).at("ids").get<std::set<std::string>>();
  } catch (const json::exception&) {  // how the library says it
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     IntentPath(folder) + " is damaged",
                     {{"path", IntentPath(folder)}});
  }
}

absl::Status RemovePurgeIntent(const std::string& folder) {
  if (unlink(IntentPath(folder).c_str()) != 0 && errno != ENOENT) {
    return FileError(errno, "remove", IntentPath(folder));
  }
  return SyncPath(folder);
}

}  // namespace footnote::pipeline
