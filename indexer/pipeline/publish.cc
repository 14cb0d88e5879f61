#include "indexer/pipeline/publish.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/base/time.h"
#include "indexer/index/segment.h"
#include "indexer/index/tombstones.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {

absl::StatusOr<Snapshot> Snapshot::Open(const std::string& folder,
                                        const std::string& collection) {
  Snapshot snapshot = Empty(folder, collection);
  const absl::StatusOr<uint64_t> current = index::ReadCurrent(folder);
  if (absl::IsNotFound(current.status())) {
    return snapshot;
  }
  FOOTNOTE_RETURN_IF_ERROR(current.status());
  FOOTNOTE_ASSIGN_OR_RETURN(snapshot.manifest_,
                            index::ReadManifest(folder, *current));
  FOOTNOTE_ASSIGN_OR_RETURN(snapshot.generation_,
                            index::Generation::Open(folder, *current));
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

// Puts the manifest of the next generation together.
class Publisher {
 public:
  explicit Publisher(const Snapshot& base) : base_(base) {
    index::GenerationInfo& info = next_.info;
    info.collection = base.manifest_.info.collection;
    next_.parent = base.manifest_.info.number;
    info.number = NextNumber();
    info.analyzer = text::Analyzer::Stamp();
    info.build_time = FormatTime(std::chrono::system_clock::now());
  }

  absl::Status AddKeptSegments();
  void AddNewSegments(std::vector<index::SegmentSummary> added);
  absl::StatusOr<Published> Finish(const std::string& entities_stamp);

 private:
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
  // Returns the entry of a segment that stays but for the documents `gone`,
  // whose tombstones it writes where they are not those of before.
  absl::StatusOr<index::SegmentEntry> EntryOf(uint32_t number,
                                              const Roaring& gone);
  void Count(const index::Segment& segment);

  const Snapshot& base_;
  index::Manifest next_;
  bool changed_ = false;
};

absl::Status Publisher::AddKeptSegments() {
  for (uint32_t i = 0; i < base_.kept_.size(); ++i) {
    const index::Segment& segment = *base_.generation_->segments()[i];
    Roaring gone;
    gone.addRange(0, segment.document_count());
    gone -= base_.kept_[i];
    if (gone.cardinality() == segment.document_count()) {
      changed_ = true;  // the segment goes whole
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(index::SegmentEntry entry, EntryOf(i, gone));
    next_.segments.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::StatusOr<index::SegmentEntry> Publisher::EntryOf(uint32_t number,
                                                       const Roaring& gone) {
  index::SegmentEntry entry = base_.manifest_.segments[number];
  const index::Segment& segment = *base_.generation_->segments()[number];
  if (gone == segment.tombstones().documents) {
    return entry;
  }
  changed_ = true;
  const index::Tombstones tombstones = index::Tombstones::Of(segment, gone);
  index::TombstonesEntry written;
  written.file.name = std::to_string(next_.info.number) + "-" +
                      entry.segment.id + ".tombstones";
  const std::string path =
      index::GenerationFilePath(base_.folder_, written.file.name);
  FOOTNOTE_RETURN_IF_ERROR(tombstones.Write(path));
  FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  written.file.bytes = file.bytes().size();
  written.file.sha256 = Sha256Of(file.bytes());
  written.documents = tombstones.documents.cardinality();
  written.passages = tombstones.passages.cardinality();
  written.words = tombstones.words;
  entry.tombstones = std::move(written);
  return entry;
}

void Publisher::AddNewSegments(std::vector<index::SegmentSummary> added) {
  for (index::SegmentSummary& segment : added) {
    changed_ = true;
    next_.segments.push_back({std::move(segment), std::nullopt});
  }
}

// Adds the documents of a segment that are not gone to the counts.
void Publisher::Count(const index::Segment& segment) {
  index::GenerationInfo& info = next_.info;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    if (segment.tombstones().documents.contains(i)) {
      continue;
    }
    const std::string_view language =
        segment.facet_value(segment.document_facets(i).language);
    ++info.languages[std::string(
        language.substr(language.find(index::kEntrySeparator) + 1))];
    info.text_bytes += segment.document_place(i).text_bytes;
  }
}

absl::StatusOr<Published> Publisher::Finish(const std::string& entities_stamp) {
  if (!changed_ && next_.parent != 0) {
    const index::GenerationInfo& info = base_.manifest_.info;
    return Published{info.number, false, info.documents, info.passages};
  }
  index::GenerationInfo& info = next_.info;
  next_.entities = entities_stamp;
  for (const index::SegmentEntry& entry : next_.segments) {
    info.documents += entry.segment.documents;
    info.passages += entry.segment.passages;
    info.total_words += entry.segment.words;
    if (entry.tombstones) {
      info.documents -= entry.tombstones->documents;
      info.passages -= entry.tombstones->passages;
      info.total_words -= entry.tombstones->words;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const std::unique_ptr<index::Segment> segment,
                              index::OpenSegment(base_.folder_, entry));
    Count(*segment);
  }
  FOOTNOTE_RETURN_IF_ERROR(index::PublishManifest(base_.folder_, next_));
  return Published{info.number, true, info.documents, info.passages};
}

absl::StatusOr<Published> Publish(const Snapshot& base,
                                  std::vector<index::SegmentSummary> added,
                                  const std::string& entities_stamp) {
  Publisher publisher(base);
  FOOTNOTE_RETURN_IF_ERROR(publisher.AddKeptSegments());
  publisher.AddNewSegments(std::move(added));
  return publisher.Finish(entities_stamp);
}

}  // namespace footnote::pipeline
