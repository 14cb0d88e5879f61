#include "indexer/pipeline/build.h"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "indexer/base/parallel.h"
#include "indexer/base/source_files.h"
#include "indexer/base/time.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/build_journal.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/retention.h"
#include "indexer/index/segment.h"
#include "indexer/index/write_ahead_log.h"
#include "indexer/index/writer_lock.h"
#include "indexer/pipeline/build_segments.h"
#include "indexer/pipeline/change.h"
#include "indexer/pipeline/collection_writer.h"
#include "indexer/pipeline/prepare_pool.h"
#include "indexer/pipeline/publish.h"

namespace footnote::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

int64_t NowSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A gazetteer, and what was passed over to make it.
struct ReadEntities {
  entities::Gazetteer gazetteer;
  std::vector<sources::Skipped> skipped;  // lines, or whole files

  absl::Status Add(const std::string& path) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string tsv, ReadFile(path));
    std::vector<entities::BadLine> bad_lines;
    gazetteer.Merge(entities::Gazetteer::Parse(tsv, &bad_lines));
    for (entities::BadLine& line : bad_lines) {
      skipped.push_back(
          {path + ":" + std::to_string(line.number), std::move(line.status)});
    }
    return absl::OkStatus();
  }
};

// Reads the gazetteers found among the sources, then those given.
absl::StatusOr<ReadEntities> ReadGazetteers(
    const std::vector<std::string>& found,
    const std::vector<std::string>& given) {
  ReadEntities read;
  for (const std::string& path : found) {
    if (absl::Status status = read.Add(path); !status.ok()) {
      read.skipped.push_back({path, std::move(status)});
    }
  }
  for (const std::string& path : given) {
    FOOTNOTE_RETURN_IF_ERROR(read.Add(path));
  }
  return read;
}

uint64_t TotalBytes(const std::vector<SourceFile>& files) {
  uint64_t total = 0;
  for (const SourceFile& file : files) {
    std::error_code error;
    const uint64_t bytes = std::filesystem::file_size(file.path, error);
    total += error ? 0 : bytes;
  }
  return total;
}

int ThreadsOf(const BuildOptions& options) {
  return options.threads > 0 ? options.threads : HardwareThreads();
}

// The ids of the documents that were taken and are in no finished segment yet.
class RecentIds {
 public:
  // Adds an id; returns false where it was there.
  bool Add(const std::string& id) {
    return !before_.contains(id) && now_.insert(id).second;
  }
  // A segment was finished: what was taken before the last one is in one.
  void FinishSegment() {
    before_ = std::move(now_);
    now_.clear();
  }

 private:
  std::unordered_set<std::string> before_;
  std::unordered_set<std::string> now_;
};

// One run of a build: takes documents in and keeps the account of them.
class Build {
 public:
  Build(const BuildOptions& options, const entities::Gazetteer& gazetteer,
        Snapshot base)
      : options_(options),
        gazetteer_(gazetteer),
        entities_stamp_(gazetteer.Stamp()),
        base_(std::move(base)),
        segments_(base_.folder(), entities_stamp_, ThreadsOf(options),
                  options.limits),
        pool_(gazetteer, ThreadsOf(options)) {
    segments_.OnFinish([this](bool done) { NoteFinish(done); });
  }

  absl::Status ReadFiles(const std::vector<SourceFile>& files);
  absl::StatusOr<BuildSummary> Finish();
  // Takes note of a source that could not be taken; what it held before stays.
  void Skip(sources::Skipped skipped) {
    source_missing_ = true;
    summary_.skipped.push_back(std::move(skipped));
  }

 private:
  absl::Status Take(sources::SourceDocument document, const SourceFile& file);
  // Returns whether a document of that id was taken before.
  bool IsDuplicate(const std::string& document_id,
                   const std::optional<KnownDocument>& known);
  // Returns whether the document is there already, in the current generation or
  // from a killed build, and counts what becomes of it.
  bool IsThere(const sources::SourceDocument& document,
               const std::optional<KnownDocument>& known, const Digest& etag);
  void NoteFinish(bool done);
  void Report(const std::string& file);
  absl::Status NothingToIndex() const;

  const BuildOptions& options_;
  const entities::Gazetteer& gazetteer_;
  const std::string entities_stamp_;
  Snapshot base_;
  BuildSegments segments_;
  PreparePool pool_;
  const std::string stamp_ = PassageStamp();
  const int64_t index_time_ = NowSeconds();
  const Clock::time_point start_ = Clock::now();
  RecentIds recent_;
  BuildSummary summary_;
  BuildProgress progress_;
  bool source_missing_ = false;
  uint64_t file_start_ = 0;   // bytes of the files before the one being read
  bool file_is_new_ = false;  // it has documents that are not there already
  uint64_t unwritten_ = 0;    // bytes of documents in no finished segment
};

void Build::Report(const std::string& file) {
  if (options_.progress) {
    progress_.file = file;
    progress_.skipped = summary_.skipped.size();
    progress_.seconds =
        std::chrono::duration<double>(Clock::now() - start_).count();
    options_.progress(progress_);
  }
}

absl::Status Build::ReadFiles(const std::vector<SourceFile>& files) {
  progress_.total_bytes = TotalBytes(files);
  for (const SourceFile& file : files) {
    file_is_new_ = false;
    const sources::Sink sink{
        [&](sources::SourceDocument document) {
          return Take(std::move(document), file);
        },
        [&](sources::Skipped skipped) { Skip(std::move(skipped)); }};
    FOOTNOTE_RETURN_IF_ERROR(ReadSourceFile(file, options_.read, sink));
    file_start_ += TotalBytes({file});
    (file_is_new_ ? unwritten_ : progress_.written_bytes) +=
        file_start_ - std::exchange(progress_.bytes, file_start_);
    Report(file.path);
  }
  return absl::OkStatus();
}

void Build::NoteFinish(bool done) {
  if (!done) {
    Report("");
    return;
  }
  recent_.FinishSegment();
  progress_.written_bytes += std::exchange(unwritten_, 0);
}

bool Build::IsDuplicate(const std::string& document_id,
                        const std::optional<KnownDocument>& known) {
  return known ? base_.IsTaken(*known)
               : segments_.Has(document_id) || !recent_.Add(document_id);
}

bool Build::IsThere(const sources::SourceDocument& document,
                    const std::optional<KnownDocument>& known,
                    const Digest& etag) {
  if (known && known->etag == etag) {
    base_.Keep(*known);
    ++summary_.unchanged;
    return true;
  }
  if (known) {
    base_.Replace(*known);
  }
  ++(known ? summary_.changed : summary_.added);
  if (!segments_.Reuse(document.document_id, etag)) {
    return false;
  }
  ++summary_.reused;
  return true;
}

absl::Status Build::Take(sources::SourceDocument document,
                         const SourceFile& file) {
  if (absl::Status status = CheckRecordBytes(document); !status.ok()) {
    Skip({document.path, std::move(status)});
    return absl::OkStatus();
  }
  const std::optional<KnownDocument> known = base_.Find(document.document_id);
  if (IsDuplicate(document.document_id, known)) {
    summary_.skipped.push_back(
        {document.path,
         MakeError(absl::StatusCode::kAlreadyExists, "DOCUMENT_ID_DUPLICATE",
                   "document id \"" + document.document_id +
                       "\" was given before; the first one stays",
                   {{"document_id", document.document_id}})});
    return absl::OkStatus();
  }
  summary_.text_bytes += document.text.size();
  ++progress_.documents;
  const uint64_t at = file_start_ + document.source_end;
  const uint64_t bytes = at - std::exchange(progress_.bytes, at);
  const Digest etag = EtagOf(document, stamp_, entities_stamp_);
  if (IsThere(document, known, etag)) {
    progress_.written_bytes += bytes;
  } else {
    file_is_new_ = true;
    unwritten_ += bytes;
    pool_.Push(std::move(document), etag, index_time_);
  }
  while (pool_.is_full() || pool_.is_ready()) {
    FOOTNOTE_RETURN_IF_ERROR(segments_.Add(pool_.Pop()));
  }
  Report(file.path);
  return absl::OkStatus();
}

absl::Status Build::NothingToIndex() const {
  std::string message = "there is no document in what was given";
  if (!summary_.skipped.empty()) {
    const sources::Skipped& first = summary_.skipped.front();
    const size_t others = summary_.skipped.size() - 1;
    message = "no document could be read: " + first.path + ": " +
              ErrorReason(first.status) + ": " + ErrorMessage(first.status) +
              (others == 0 ? "" : "; and " + std::to_string(others) + " more");
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "NOTHING_TO_INDEX",
                   message);
}

absl::StatusOr<BuildSummary> Build::Finish() {
  if (progress_.documents == 0) {
    return NothingToIndex();
  }
  Report("");
  if (source_missing_) {
    summary_.kept = base_.KeepRest();
  }
  summary_.removed = base_.document_count() - summary_.unchanged -
                     summary_.changed - summary_.kept;
  while (!pool_.empty()) {
    FOOTNOTE_RETURN_IF_ERROR(segments_.Add(pool_.Pop()));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(BuildSegments::Finished added, segments_.Finish());
  FOOTNOTE_ASSIGN_OR_RETURN(
      const Published published,
      Publish(base_, std::move(added.segments), gazetteer_, added.gone));
  index::RemoveJournal(base_.folder());
  summary_.generation = published.number;
  summary_.published = published.is_new;
  summary_.documents = published.documents;
  summary_.passages = published.passages;
  summary_.seconds =
      std::chrono::duration<double>(Clock::now() - start_).count();
  return std::move(summary_);
}

}  // namespace

absl::StatusOr<BuildSummary> BuildCollection(const BuildOptions& options) {
  if (!index::IsCollectionName(options.collection)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "COLLECTION_NAME_INVALID",
        "\"" + options.collection +
            "\" cannot name a collection: 1 to 63 of a-z, 0-9, '-' and '_', "
            "beginning with a letter or digit",
        {{"collection", options.collection}});
  }
  FoundFiles found = FindFiles(options.paths);
  FOOTNOTE_ASSIGN_OR_RETURN(
      ReadEntities entities,
      ReadGazetteers(found.gazetteers, options.gazetteers));
  const std::string folder = options.data_dir + "/" + options.collection;
  if (!options.from_scratch) {
    FOOTNOTE_RETURN_IF_ERROR(FoldLog(options.data_dir, options.collection));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const index::WriterLock lock,
                            index::WriterLock::TakeNew(folder));
  FOOTNOTE_ASSIGN_OR_RETURN(
      Snapshot base, options.from_scratch
                         ? absl::StatusOr<Snapshot>(
                               Snapshot::Empty(folder, options.collection))
                         : Snapshot::Open(folder, options.collection));
  if (options.from_scratch) {
    base.SetLogSequence(index::LastLogSequence(index::LogPath(folder)));
  }
  Build build(options, entities.gazetteer, std::move(base));
  for (sources::Skipped& skipped : found.skipped) {
    build.Skip(std::move(skipped));
  }
  FOOTNOTE_RETURN_IF_ERROR(build.ReadFiles(found.files));
  FOOTNOTE_ASSIGN_OR_RETURN(BuildSummary summary, build.Finish());
  if (options.from_scratch) {
    index::RemoveLog(index::LogPath(folder));
  }
  if (const auto removed =
          index::RemoveOldGenerations(folder, index::Retention());
      !removed.ok()) {
    Log(Severity::kWarning, "cannot remove old generations",
        {{"path", folder}, {"error", ErrorMessage(removed.status())}});
  }
  summary.skipped.insert(summary.skipped.end(),
                         std::make_move_iterator(entities.skipped.begin()),
                         std::make_move_iterator(entities.skipped.end()));
  return summary;
}

}  // namespace footnote::pipeline
