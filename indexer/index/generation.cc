#include "indexer/index/generation.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

constexpr size_t kMaxCollectionName = 63;

// Checks what can be checked without reading the files: that they are there
// and have the right size.
absl::Status CheckFiles(const std::string& folder,
                        const std::vector<FileEntry>& files) {
  for (const FileEntry& file : files) {
    const std::string path = folder + "/" + file.name;
    std::error_code error;
    const uint64_t bytes = std::filesystem::file_size(path, error);
    if (error == std::errc::not_enough_memory) {
      return FileError(error.value(), "stat", path);
    }
    if (error) {
      return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                       path + ": " + error.message(), {{"path", path}});
    }
    if (bytes != file.bytes) {
      return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                       path + " has " + std::to_string(bytes) +
                           " bytes instead of " + std::to_string(file.bytes),
                       {{"path", path}});
    }
  }
  return absl::OkStatus();
}

// Reads the tombstones of a segment. They are small and decide who may be seen,
// so that their digest is checked.
absl::StatusOr<Tombstones> OpenTombstones(const std::string& folder,
                                          const TombstonesEntry& entry,
                                          const Segment& segment) {
  FOOTNOTE_RETURN_IF_ERROR(CheckFiles(folder + "/generations", {entry.file}));
  const std::string path = GenerationFilePath(folder, entry.file.name);
  FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  const absl::Status corrupt = MakeError(
      absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
      path + " does not hold what its manifest says", {{"path", path}});
  if (Sha256Of(file.bytes()) != entry.file.sha256) {
    return corrupt;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(Tombstones tombstones, Tombstones::Read(path));
  const auto fits = [](const Roaring& bitmap, uint64_t count, uint32_t size) {
    return bitmap.cardinality() == count &&
           (bitmap.isEmpty() || bitmap.maximum() < size);
  };
  if (!fits(tombstones.documents, entry.documents, segment.document_count()) ||
      !fits(tombstones.passages, entry.passages, segment.passage_count())) {
    return corrupt;
  }
  return tombstones;
}

// Returns the language of a document.
std::string LanguageOf(const Segment& segment, uint32_t document) {
  const std::string_view value =
      segment.facet_value(segment.document_facets(document).language);
  return std::string(value.substr(value.find(kEntrySeparator) + 1));
}

// Opens the segment in `path`, or shares it with a generation that has it open:
// a segment's name is the digest of what it holds.
absl::StatusOr<std::unique_ptr<Segment>> OpenOrShare(const std::string& path,
                                                     const Generation* before) {
  if (before != nullptr) {
    for (const auto& segment : before->segments()) {
      if (segment->folder() == path) {
        return segment->Share();
      }
    }
  }
  return Segment::Open(path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Segment>> OpenSegment(const std::string& folder,
                                                     const SegmentEntry& entry,
                                                     const Generation* before) {
  const std::string path = SegmentPath(folder, entry.segment.id);
  FOOTNOTE_RETURN_IF_ERROR(CheckFiles(path, entry.segment.files));
  FOOTNOTE_ASSIGN_OR_RETURN(std::unique_ptr<Segment> segment,
                            OpenOrShare(path, before));
  if (segment->passage_count() != entry.segment.passages ||
      segment->document_count() != entry.segment.documents) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + " does not hold what its manifest says",
                     {{"path", path}});
  }
  if (entry.tombstones) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        Tombstones tombstones,
        OpenTombstones(folder, *entry.tombstones, *segment));
    segment->SetTombstones(std::move(tombstones));
  }
  return segment;
}

Generation::Generation(ManifestLock lock) : lock_(std::move(lock)) {}
Generation::~Generation() = default;

// Opens a generation but for its segments, which stand in `*segments` then.
absl::StatusOr<std::shared_ptr<Generation>> Generation::OpenManifest(
    const std::string& folder, uint64_t number,
    std::vector<SegmentEntry>* segments) {
  if (number == 0) {
    FOOTNOTE_ASSIGN_OR_RETURN(number, ReadCurrent(folder));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(ManifestLock lock,
                            ManifestLock::Share(folder, number));
  FOOTNOTE_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(folder, number));
  std::shared_ptr<Generation> generation(new Generation(std::move(lock)));
  generation->info_ = std::move(manifest.info);
  // A folder may have been renamed or copied since.
  generation->info_.collection =
      std::filesystem::path(folder).filename().string();
  *segments = std::move(manifest.segments);
  if (manifest.synonyms_file) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        const std::string text,
        ReadGenerationFile(folder, *manifest.synonyms_file));
    FOOTNOTE_ASSIGN_OR_RETURN(generation->synonyms_, ParseSynonyms(text));
  }
  return generation;
}

absl::StatusOr<std::shared_ptr<const Generation>> Generation::Open(
    const std::string& folder, uint64_t number, const Generation* before) {
  std::vector<SegmentEntry> entries;
  FOOTNOTE_ASSIGN_OR_RETURN(std::shared_ptr<Generation> generation,
                            OpenManifest(folder, number, &entries));
  for (const SegmentEntry& entry : entries) {
    FOOTNOTE_ASSIGN_OR_RETURN(std::unique_ptr<Segment> segment,
                              OpenSegment(folder, entry, before));
    generation->segments_.push_back(std::move(segment));
  }
  return generation;
}

absl::StatusOr<std::shared_ptr<const Generation>> Generation::OpenUndamaged(
    const std::string& folder, uint64_t number, const SegmentCheck& check,
    const Generation* before) {
  std::vector<SegmentEntry> entries;
  FOOTNOTE_ASSIGN_OR_RETURN(std::shared_ptr<Generation> generation,
                            OpenManifest(folder, number, &entries));
  for (const SegmentEntry& entry : entries) {
    absl::Status status = check(SegmentPath(folder, entry.segment.id));
    if (status.ok()) {
      absl::StatusOr<std::unique_ptr<Segment>> segment =
          OpenSegment(folder, entry, before);
      if (segment.ok()) {
        generation->segments_.push_back(*std::move(segment));
        continue;
      }
      status = segment.status();
    }
    if (!absl::IsDataLoss(status)) {
      return status;
    }
    const uint64_t gone = entry.tombstones ? entry.tombstones->documents : 0;
    generation->missing_.push_back(
        {entry.segment.id, entry.segment.documents - gone, std::move(status)});
  }
  if (!generation->missing_.empty()) {
    if (generation->segments_.empty()) {
      return generation->missing_.front().error;
    }
    generation->CountWhatRemains();
  }
  return generation;
}

std::shared_ptr<const Generation> Generation::Join(
    const std::vector<const Generation*>& parts) {
  std::shared_ptr<Generation> joined(new Generation());
  GenerationInfo& info = joined->info_;
  for (const Generation* part : parts) {
    info.build_time = std::max(info.build_time, part->info_.build_time);
    info.analyzer = part->info_.analyzer;
    info.documents += part->info_.documents;
    info.passages += part->info_.passages;
    info.text_bytes += part->info_.text_bytes;
    info.total_words += part->info_.total_words;
    for (const auto& [language, documents] : part->info_.languages) {
      info.languages[language] += documents;
    }
    const auto append = [](const auto& from, auto* to) {
      to->insert(to->end(), from.begin(), from.end());
    };
    append(part->segments_, &joined->segments_);
    append(part->missing_, &joined->missing_);
    append(part->synonyms_, &joined->synonyms_);
    joined->collections_.resize(joined->segments_.size(),
                                part->info_.collection);
  }
  return joined;
}

// Makes the counts those of the segments that are there.
void Generation::CountWhatRemains() {
  info_.documents = 0;
  info_.passages = 0;
  info_.text_bytes = 0;
  info_.total_words = 0;
  info_.languages.clear();
  for (const auto& segment : segments_) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      if (segment->tombstones().documents.contains(i)) {
        continue;
      }
      const DocumentPlace& place = segment->document_place(i);
      ++info_.documents;
      info_.passages += place.passage_count;
      info_.text_bytes += place.text_bytes;
      const uint32_t end = place.first_passage + place.passage_count;
      for (uint32_t k = place.first_passage; k < end; ++k) {
        info_.total_words += segment->passage_place(k).words;
      }
      ++info_.languages[LanguageOf(*segment, i)];
    }
  }
}

absl::Status Generation::Prepare(uint32_t threads) const {
  return CatchXapian([&]() -> absl::Status {
    for (const auto& segment : segments_) {
      segment->databases().Prepare(threads);
    }
    return absl::OkStatus();
  });
}

bool IsCollectionName(std::string_view name) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= kMaxCollectionName &&
         is_alphanumeric(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_';
         });
}

}  // namespace footnote::index
