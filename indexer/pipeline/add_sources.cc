#include "indexer/pipeline/add_sources.h"

#include <unordered_set>
#include <utility>

#include "indexer/base/source_files.h"

namespace footnote::pipeline {
namespace {

using Effect = ChangeResult::Effect;

// Takes documents as they are read.
class Adder {
 public:
  explicit Adder(CollectionWriter* writer) : writer_(*writer) {}

  absl::Status Take(sources::SourceDocument document);
  void Skip(sources::Skipped skipped) {
    summary_.skipped.push_back(std::move(skipped));
  }
  AddSummary Finish() && { return std::move(summary_); }

 private:
  CollectionWriter& writer_;
  std::unordered_set<std::string> seen_;
  AddSummary summary_;
};

absl::Status Adder::Take(sources::SourceDocument document) {
  const std::string path = document.path;
  if (!seen_.insert(document.document_id).second) {
    Skip(
        {path,
         MakeError(absl::StatusCode::kInvalidArgument, "DOCUMENT_ID_DUPLICATE",
                   "another source has the id \"" + document.document_id + "\"",
                   {{"document_id", document.document_id}})});
    return absl::OkStatus();
  }
  const uint64_t text_bytes = document.text.size();
  const auto result = writer_.Put(std::move(document));
  if (absl::IsInvalidArgument(result.status())) {
    Skip({path, result.status()});
    return absl::OkStatus();
  }
  FOOTNOTE_RETURN_IF_ERROR(result.status());
  summary_.text_bytes += text_bytes;
  summary_.added += result->effect == Effect::kAdded ? 1 : 0;
  summary_.changed += result->effect == Effect::kChanged ? 1 : 0;
  summary_.unchanged += result->effect == Effect::kUnchanged ? 1 : 0;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AddSummary> AddSources(const std::vector<std::string>& paths,
                                      const sources::ReadOptions& options,
                                      CollectionWriter* writer) {
  FoundFiles found = FindFiles(paths);
  Adder adder(writer);
  for (sources::Skipped& skipped : found.skipped) {
    adder.Skip(std::move(skipped));
  }
  for (const std::string& path : found.gazetteers) {
    adder.Skip(
        {path,
         MakeError(absl::StatusCode::kInvalidArgument, "GAZETTEER_NOT_TAKEN",
                   "a list of entities changes every document; build or "
                   "sync take it")});
  }
  const sources::Sink sink = {
      [&](sources::SourceDocument document) {
        return adder.Take(std::move(document));
      },
      [&](sources::Skipped skipped) { adder.Skip(std::move(skipped)); }};
  for (const SourceFile& file : found.files) {
    FOOTNOTE_RETURN_IF_ERROR(sources::ReadSourceFile(file, options, sink));
  }
  return std::move(adder).Finish();
}

}  // namespace footnote::pipeline
