#include "indexer/pipeline/export.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/entities/gazetteer.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "indexer/pipeline/change.h"
#include "indexer/pipeline/live_documents.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/sources/json_line.h"

namespace footnote::pipeline {
namespace {

// Returns the gazetteer of a generation as a file of entities.
absl::StatusOr<std::string> GazetteerText(const std::string& folder,
                                          const index::Manifest& manifest) {
  if (!manifest.entities_file) {
    return std::string();
  }
  const std::string path =
      index::GenerationFilePath(folder, manifest.entities_file->name);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  FOOTNOTE_ASSIGN_OR_RETURN(const auto gazetteer,
                            entities::Gazetteer::Decode(bytes));
  return gazetteer.ToFile();
}

class Export {
 public:
  Export(const ExportOptions& options, const index::Generation& generation,
         std::string entities_stamp)
      : options_(options),
        generation_(generation),
        entities_stamp_(std::move(entities_stamp)) {}

  absl::Status Write(const LiveDocument& document) {
    const index::Segment& segment = *generation_.segments()[document.segment];
    const auto record = segment.ReadDocument(document.document);
    auto text = segment.ReadText(document.document, 0, UINT64_MAX);
    absl::Status status = record.status();
    status.Update(text.status());
    if (status.ok() && Sha256Of(*text) != record->revision) {
      status = MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                         "the text is not that of the revision");
    }
    if (!status.ok()) {
      summary_.lost.push_back({std::string(document.id), std::move(status)});
      return absl::OkStatus();
    }
    sources::SourceDocument source = SourceOf(*record);
    source.text = *std::move(text);
    const std::string line = sources::FormatJsonLine(source);
    const auto read = sources::ParseJsonLine(line, "");
    summary_.changed += read.ok() && EtagOf(*read, PassageStamp(),
                                            entities_stamp_) == record->etag
                            ? 0
                            : 1;
    ++summary_.documents;
    summary_.text_bytes += source.text.size();
    return options_.line(line);
  }

  ExportSummary TakeSummary() { return std::move(summary_); }

 private:
  const ExportOptions& options_;
  const index::Generation& generation_;
  const std::string entities_stamp_;
  ExportSummary summary_;
};

}  // namespace

absl::StatusOr<ExportSummary> ExportCollection(const ExportOptions& options) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string folder,
      index::FindCollection(options.data_dir, options.collection));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::shared_ptr<const index::Generation> generation,
      index::Generation::Open(folder, options.generation));
  const index::GenerationInfo& info = generation->info();
  FOOTNOTE_ASSIGN_OR_RETURN(const index::Manifest manifest,
                            index::ReadManifest(folder, info.number));
  Export run(options, *generation, manifest.entities);
  const std::vector<LiveDocument> documents = ListLiveDocuments(*generation);
  for (size_t i = 0; i < documents.size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(run.Write(documents[i]));
    if (options.progress) {
      options.progress(i + 1, documents.size());
    }
  }
  ExportSummary summary = run.TakeSummary();
  summary.generation = info.number;
  summary.content_sha256 = info.content_sha256;
  summary.gazetteer = GazetteerText(folder, manifest);
  return summary;
}

}  // namespace footnote::pipeline
