#include "indexer/pipeline/publish.h"

#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/base/time.h"
#include "indexer/index/content_digest.h"
#include "indexer/index/segment.h"
#include "indexer/index/tombstones.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {

absl::StatusOr<Snapshot> Snapshot::Open(const std::string& folder,
                                        const std::string& collection,
                                        const index::Generation* before) {
  Snapshot snapshot = Empty(folder, collection);
  const absl::StatusOr<uint64_t> current = index::ReadCurrent(folder);
  if (absl::IsNotFound(current.status())) {
    return snapshot;
  }
  FOOTNOTE_RETURN_IF_ERROR(current.status());
  FOOTNOTE_ASSIGN_OR_RETURN(snapshot.manifest_,
                            index::ReadManifest(folder, *current));
  FOOTNOTE_ASSIGN_OR_RETURN(snapshot.generation_,
                            index::Generation::Open(folder, *current, before));
  snapshot.manifest_.info.collection = collection;  // the folder's name holds
  snapshot.kept_.resize(snapshot.generation_->segments().size());
  snapshot.replaced_.resize(snapshot.kept_.size());
  return snapshot;
}

Snapshot Snapshot::Empty(const std::string& folder,
                         const std::string& collection) {
  Snapshot snapshot;
  snapshot.folder_ = folder;
  snapshot.manifest_.info.collection = collection;
  return snapshot;
}

uint64_t Snapshot::KeepRest() {
  uint64_t count = 0;
  for (size_t i = 0; i < kept_.size(); ++i) {
    const index::Segment& segment = *generation_->segments()[i];
    Roaring rest;
    rest.addRange(0, segment.document_count());
    rest -= segment.tombstones().documents;
    rest -= replaced_[i];
    rest -= kept_[i];
    kept_[i] |= rest;
    count += rest.cardinality();
  }
  return count;
}

std::optional<KnownDocument> Snapshot::Find(
    std::string_view document_id) const {
  for (uint32_t i = 0; i < kept_.size(); ++i) {
    const index::Segment& segment = *generation_->segments()[i];
    const std::optional<uint32_t> document = segment.FindDocument(document_id);
    if (document) {
      const auto record = segment.ReadDocument(*document);
      return KnownDocument{i, *document, record.ok() ? record->etag : Digest{}};
    }
  }
  return std::nullopt;
}

// Puts the manifest of the next generation together, from that of the base and
// what changes.
class Publisher {
 public:
  explicit Publisher(const Snapshot& base)
      : base_(base), next_(base.manifest_), content_(ContentOf(base)) {
    next_.parent = base.manifest_.info.number;
    next_.segments.clear();
    next_.info.number = NextNumber();
    next_.info.analyzer = text::Analyzer::Stamp();
    next_.info.build_time = FormatTime(std::chrono::system_clock::now());
    if (base.log_sequence_) {
      next_.wal_sequence = *base.log_sequence_;
      changed_ = next_.wal_sequence != base.manifest_.wal_sequence;
    }
  }

  // Takes over the segments, without the documents that do not stay.
  absl::Status AddKeptSegments();
  absl::Status AddNewSegments(std::vector<index::SegmentSummary> added,
                              const std::vector<Roaring>& gone);
  absl::Status AddNewSegment(const Roaring& gone, index::SegmentEntry* entry);
  // Takes over the segments but those that were merged, and adds the merged.
  absl::Status ReplaceMerged(const MergedSegment& merged);
  absl::Status SetGazetteer(const entities::Gazetteer& gazetteer);
  // Takes over the segments as they are, with other synonyms.
  absl::Status SetSynonyms(std::string_view text);
  absl::StatusOr<Published> Finish();

 private:
  static index::ContentDigest ContentOf(const Snapshot& base) {
    return index::ContentDigest(base.manifest_.info.content_sha256);
  }
  // Numbers are never used twice, not even after a crash between the manifest
  // and CURRENT.
  uint64_t NextNumber() const {
    uint64_t number = next_.parent + 1;
    std::error_code error;
    while (std::filesystem::exists(index::ManifestPath(base_.folder_, number),
                                   error)) {
      ++number;
    }
    return number;
  }
  // Writes tombstones and names them in the entry of their segment.
  absl::Status AddTombstones(const index::Tombstones& tombstones,
                             index::SegmentEntry* entry);
  // Counts documents of a segment in, or out.
  absl::Status CountIn(const index::Segment& segment);
  absl::Status CountOut(const index::Segment& segment, const Roaring& gone);

  const Snapshot& base_;
  index::Manifest next_;
  index::ContentDigest content_;
  bool changed_ = false;
};

absl::Status Publisher::AddKeptSegments() {
  for (uint32_t i = 0; i < base_.kept_.size(); ++i) {
    const index::Segment& segment = *base_.generation_->segments()[i];
    index::SegmentEntry entry = base_.manifest_.segments[i];
    Roaring gone;  // now, that was not before
    gone.addRange(0, segment.document_count());
    gone -= segment.tombstones().documents;
    gone -= base_.kept_[i];
    if (gone.isEmpty()) {
      next_.segments.push_back(std::move(entry));
      continue;
    }
    changed_ = true;
    FOOTNOTE_RETURN_IF_ERROR(CountOut(segment, gone));
    if (base_.kept_[i].isEmpty()) {
      continue;  // the segment goes whole
    }
    index::Tombstones tombstones = segment.tombstones();
    tombstones.Add(segment, gone);
    FOOTNOTE_RETURN_IF_ERROR(AddTombstones(tombstones, &entry));
    next_.segments.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status Publisher::AddTombstones(const index::Tombstones& tombstones,
                                      index::SegmentEntry* entry) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      entry->tombstones,
      index::WriteTombstones(base_.folder_, tombstones, next_.info.number,
                             entry->segment.id));
  return absl::OkStatus();
}

absl::Status Publisher::AddNewSegments(std::vector<index::SegmentSummary> added,
                                       const std::vector<Roaring>& gone) {
  for (size_t i = 0; i < added.size(); ++i) {
    changed_ = true;
    index::SegmentEntry entry{std::move(added[i]), std::nullopt};
    FOOTNOTE_RETURN_IF_ERROR(
        AddNewSegment(i < gone.size() ? gone[i] : Roaring(), &entry));
    next_.segments.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status Publisher::AddNewSegment(const Roaring& gone,
                                      index::SegmentEntry* entry) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::unique_ptr<index::Segment> segment,
                            index::OpenSegment(base_.folder_, *entry));
  FOOTNOTE_RETURN_IF_ERROR(CountIn(*segment));
  if (gone.isEmpty()) {
    return absl::OkStatus();
  }
  FOOTNOTE_RETURN_IF_ERROR(CountOut(*segment, gone));
  return AddTombstones(index::Tombstones::Of(*segment, gone), entry);
}

absl::Status Publisher::ReplaceMerged(const MergedSegment& merged) {
  changed_ = true;
  const std::set<std::string> sources(merged.sources.begin(),
                                      merged.sources.end());
  for (const index::SegmentEntry& entry : base_.manifest_.segments) {
    if (!sources.contains(entry.segment.id)) {
      next_.segments.push_back(entry);
    }
  }
  const uint64_t documents = merged.segment.documents;
  if (documents == merged.gone.cardinality()) {
    return absl::OkStatus();  // none of its documents is left
  }
  index::SegmentEntry entry{merged.segment, std::nullopt};
  if (!merged.gone.isEmpty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::unique_ptr<index::Segment> segment,
                              index::OpenSegment(base_.folder_, entry));
    FOOTNOTE_RETURN_IF_ERROR(
        AddTombstones(index::Tombstones::Of(*segment, merged.gone), &entry));
  }
  next_.segments.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status Publisher::CountIn(const index::Segment& segment) {
  index::GenerationInfo& info = next_.info;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    FOOTNOTE_ASSIGN_OR_RETURN(const index::DocumentRecord record,
                              segment.ReadDocument(i));
    content_.Add(record.document_id, record.etag);
    ++info.languages[record.language];
    info.text_bytes += segment.document_place(i).text_bytes;
  }
  info.documents += segment.document_count();
  info.passages += segment.passage_count();
  for (uint32_t i = 0; i < segment.passage_count(); ++i) {
    info.total_words += segment.passage_place(i).words;
  }
  return absl::OkStatus();
}

absl::Status Publisher::CountOut(const index::Segment& segment,
                                 const Roaring& gone) {
  index::GenerationInfo& info = next_.info;
  for (const uint32_t i : gone) {
    FOOTNOTE_ASSIGN_OR_RETURN(const index::DocumentRecord record,
                              segment.ReadDocument(i));
    content_.Remove(record.document_id, record.etag);
    const auto language = info.languages.find(record.language);
    if (language != info.languages.end() && --language->second == 0) {
      info.languages.erase(language);
    }
    const index::DocumentPlace& place = segment.document_place(i);
    info.text_bytes -= place.text_bytes;
    info.passages -= place.passage_count;
    for (uint32_t k = 0; k < place.passage_count; ++k) {
      info.total_words -= segment.passage_place(place.first_passage + k).words;
    }
  }
  info.documents -= gone.cardinality();
  return absl::OkStatus();
}

absl::Status Publisher::SetGazetteer(const entities::Gazetteer& gazetteer) {
  std::string stamp = gazetteer.Stamp();
  if (stamp == next_.entities) {
    return absl::OkStatus();  // with its file, if it has one
  }
  next_.entities = std::move(stamp);
  next_.entities_file.reset();
  if (gazetteer.entities().empty() || (!changed_ && next_.parent != 0)) {
    return absl::OkStatus();
  }
  const std::string bytes = gazetteer.Encode();
  index::FileEntry file;
  file.name = std::to_string(next_.info.number) + ".entities";
  file.bytes = bytes.size();
  file.sha256 = Sha256Of(bytes);
  FOOTNOTE_RETURN_IF_ERROR(WriteFileDurably(
      index::GenerationFilePath(base_.folder_, file.name), bytes));
  next_.entities_file = std::move(file);
  return absl::OkStatus();
}

absl::Status Publisher::SetSynonyms(std::string_view text) {
  next_.segments = base_.manifest_.segments;
  std::optional<index::FileEntry> file;
  if (!text.empty()) {
    file = index::FileEntry{std::to_string(next_.info.number) + ".synonyms",
                            text.size(), Sha256Of(text)};
  }
  const auto& old = next_.synonyms_file;
  if (old.has_value() == file.has_value() &&
      (!old || old->sha256 == file->sha256)) {
    return absl::OkStatus();
  }
  changed_ = true;
  if (file) {
    FOOTNOTE_RETURN_IF_ERROR(WriteFileDurably(
        index::GenerationFilePath(base_.folder_, file->name), text));
  }
  next_.synonyms_file = std::move(file);
  return absl::OkStatus();
}

absl::StatusOr<Published> Publisher::Finish() {
  if (!changed_ && next_.parent != 0) {
    const index::GenerationInfo& info = base_.manifest_.info;
    return Published{info.number, false, info.documents, info.passages};
  }
  index::GenerationInfo& info = next_.info;
  info.content_sha256 = content_.value();
  FOOTNOTE_RETURN_IF_ERROR(index::PublishManifest(base_.folder_, next_));
  return Published{info.number, true, info.documents, info.passages};
}

absl::StatusOr<Published> Publish(const Snapshot& base,
                                  std::vector<index::SegmentSummary> added,
                                  const entities::Gazetteer& gazetteer,
                                  const std::vector<Roaring>& gone) {
  Publisher publisher(base);
  FOOTNOTE_RETURN_IF_ERROR(publisher.AddKeptSegments());
  FOOTNOTE_RETURN_IF_ERROR(publisher.AddNewSegments(std::move(added), gone));
  FOOTNOTE_RETURN_IF_ERROR(publisher.SetGazetteer(gazetteer));
  return publisher.Finish();
}

absl::StatusOr<Published> PublishMerged(const Snapshot& base,
                                        const MergedSegment& merged) {
  Publisher publisher(base);
  FOOTNOTE_RETURN_IF_ERROR(publisher.ReplaceMerged(merged));
  return publisher.Finish();
}

absl::StatusOr<Published> PublishSynonyms(const Snapshot& base,
                                          std::string_view text) {
  Publisher publisher(base);
  FOOTNOTE_RETURN_IF_ERROR(publisher.SetSynonyms(text));
  return publisher.Finish();
}

absl::StatusOr<entities::Gazetteer> ReadGazetteer(const Snapshot& base) {
  const auto& file = base.manifest().entities_file;
  if (!file) {
    return entities::Gazetteer();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string bytes,
                            index::ReadGenerationFile(base.folder(), *file));
  return entities::Gazetteer::Decode(bytes);
}

}  // namespace footnote::pipeline
