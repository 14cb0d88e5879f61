#include "indexer/pipeline/verify.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/generation.h"
#include "indexer/index/manifest.h"
#include "indexer/index/manifest_lock.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/tombstones.h"
#include "indexer/index/verify_postings.h"
#include "indexer/pipeline/prepare.h"
#include "indexer/pipeline/totals.h"
#include "indexer/pipeline/verify_segment.h"
#include "indexer/text/analyzer.h"

namespace footnote::pipeline {
namespace {

using index::Manifest;
using index::Segment;
using index::SegmentEntry;
using Clock = std::chrono::steady_clock;

// Names a count that is not what it should be.
void CheckCount(const std::string& file, const std::string& noun,
                uint64_t stated, uint64_t found, index::Findings* findings) {
  if (stated != found) {
    findings->Add(file, "says " + std::to_string(stated) + " " + noun +
                            "; there are " + std::to_string(found));
  }
}

class Verification {
 public:
  Verification(const VerifyOptions& options, std::string folder)
      : options_(options), folder_(std::move(folder)) {
    summary_.findings = index::Findings(options.max_findings);
  }

  absl::Status Run();
  VerifySummary TakeSummary() { return std::move(summary_); }

 private:
  absl::StatusOr<std::vector<uint64_t>> Numbers();
  absl::Status CheckGeneration(uint64_t number);
  absl::Status CheckFiles(const SegmentEntry& entry);
  // Returns the segment, null where it cannot be opened.
  std::unique_ptr<Segment> Open(const SegmentEntry& entry);
  void CheckTombstones(const index::TombstonesEntry& entry, Segment* segment);
  absl::Status CheckContents(const Segment& segment, const SegmentEntry& entry,
                             const std::string& analyzer);
  void CheckTotals(const Manifest& manifest, const std::string& file,
                   const std::vector<std::unique_ptr<Segment>>& segments);
  void CheckUnique(const std::vector<std::unique_ptr<Segment>>& segments,
                   const std::string& file);
  static std::string PrefixOf(const SegmentEntry& entry) {
    return "segments/" + entry.segment.id + "/";
  }
  void Report(const std::string& what, uint64_t done, uint64_t total) const {
    if (options_.progress) {
      options_.progress({what, done, total});
    }
  }
  index::CheckProgress ReporterOf(const std::string& what) const {
    return [this, what](uint64_t done, uint64_t total) {
      Report(what, done, total);
      return absl::OkStatus();
    };
  }

  const VerifyOptions& options_;
  const std::string folder_;
  VerifySummary summary_;
  std::set<std::string> seen_;              // ids of segments
  std::set<std::string> damaged_postings_;  // ids of segments
};

// Returns the generations to look at.
absl::StatusOr<std::vector<uint64_t>> Verification::Numbers() {
  const absl::StatusOr<uint64_t> current = index::ReadCurrent(folder_);
  std::vector<uint64_t> all = index::ListGenerations(folder_);
  if (absl::IsNotFound(current.status()) && all.empty()) {
    return current.status();
  }
  if (!current.ok()) {
    summary_.findings.Add("CURRENT", ErrorMessage(current.status()));
  } else if (!options_.all) {
    return std::vector<uint64_t>{
        options_.generation == 0 ? *current : options_.generation};
  } else {
    std::erase_if(all, [&](uint64_t number) { return number > *current; });
  }
  if (options_.generation != 0) {
    return std::vector<uint64_t>{options_.generation};
  }
  return all;
}

absl::Status Verification::Run() {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  for (const uint64_t number : numbers) {
    absl::Status status = CheckGeneration(number);
    const bool is_gone = options_.all && absl::IsNotFound(status);  // meanwhile
    if (!status.ok() && !is_gone) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Verification::CheckGeneration(uint64_t number) {
  FOOTNOTE_ASSIGN_OR_RETURN(const index::ManifestLock lock,
                            index::ManifestLock::Share(folder_, number));
  summary_.generations.push_back(number);
  const std::string file =
      index::ManifestPath(folder_, number).substr(folder_.size() + 1);
  const absl::StatusOr<Manifest> manifest =
      index::ReadManifest(folder_, number);
  if (!manifest.ok()) {
    summary_.findings.Add(file, ErrorMessage(manifest.status()));
    return absl::OkStatus();
  }
  for (const auto& named : {manifest->entities_file, manifest->synonyms_file}) {
    FOOTNOTE_RETURN_IF_ERROR(
        named ? index::VerifyFile(folder_, "generations/" + named->name, *named,
                                  nullptr, &summary_.findings)
              : absl::OkStatus());
  }
  std::vector<std::unique_ptr<Segment>> segments;
  for (const SegmentEntry& entry : manifest->segments) {
    FOOTNOTE_RETURN_IF_ERROR(CheckFiles(entry));
    const bool is_new = seen_.insert(entry.segment.id).second;
    std::unique_ptr<Segment> segment = Open(entry);
    const bool is_checked = segment == nullptr || !is_new;
    FOOTNOTE_RETURN_IF_ERROR(
        is_checked ? absl::OkStatus()
                   : CheckContents(*segment, entry, manifest->info.analyzer));
    segments.push_back(std::move(segment));
  }
  CheckTotals(*manifest, file, segments);
  return absl::OkStatus();
}

absl::Status Verification::CheckFiles(const SegmentEntry& entry) {
  SegmentEntry unchecked = entry;
  uint64_t total = entry.tombstones ? entry.tombstones->file.bytes : 0;
  if (seen_.contains(entry.segment.id)) {
    unchecked.segment.files.clear();
  }
  for (const index::FileEntry& file : unchecked.segment.files) {
    total += file.bytes;
  }
  uint64_t done = 0;
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<index::Finding> found,
      index::VerifyDigests(folder_, unchecked, [&](uint64_t bytes) {
        done += bytes;
        summary_.bytes += bytes;
        Report("digests of segment " + entry.segment.id, done, total);
        return absl::OkStatus();
      }));
  const std::string postings =
      PrefixOf(entry) + std::string(index::kPostingsFile);
  for (const index::Finding& finding : found) {
    if (finding.file == postings) {
      damaged_postings_.insert(entry.segment.id);
    }
    summary_.findings.Add(finding);
  }
  return absl::OkStatus();
}

std::unique_ptr<Segment> Verification::Open(const SegmentEntry& entry) {
  SegmentEntry without = entry;
  without.tombstones.reset();
  auto segment = index::OpenSegment(folder_, without);
  if (!segment.ok()) {
    // Whatever stands in the path of the collection is no news.
    std::string what = ErrorMessage(segment.status());
    const std::string folder = folder_ + "/" + PrefixOf(entry);
    if (what.starts_with(folder)) {
      what.erase(0, folder.size());
    }
    summary_.findings.Add(PrefixOf(entry), "cannot be opened: " + what);
    return nullptr;
  }
  if (entry.tombstones) {
    CheckTombstones(*entry.tombstones, segment->get());
  }
  return *std::move(segment);
}

void Verification::CheckTombstones(const index::TombstonesEntry& entry,
                                   Segment* segment) {
  const std::string file = "generations/" + entry.file.name;
  auto read = index::Tombstones::Read(folder_ + "/" + file);
  if (!read.ok()) {
    summary_.findings.Add(file, ErrorMessage(read.status()));
    return;
  }
  CheckCount(file, "deleted documents", entry.documents,
             read->documents.cardinality(), &summary_.findings);
  CheckCount(file, "deleted passages", entry.passages,
             read->passages.cardinality(), &summary_.findings);
  CheckCount(file, "deleted words", entry.words, read->words,
             &summary_.findings);
  if (!read->documents.isEmpty() &&
      read->documents.maximum() >= segment->document_count()) {
    summary_.findings.Add(file, "names a document that is not there");
    return;
  }
  if (!options_.quick) {
    const auto made = index::Tombstones::Of(*segment, read->documents);
    if (!(made.passages == read->passages) || made.words != read->words ||
        made.frequencies != read->frequencies) {
      summary_.findings.Add(
          file, "does not take out what its documents have in the segment");
    }
  }
  segment->SetTombstones(*std::move(read));
}

absl::Status Verification::CheckContents(const Segment& segment,
                                         const SegmentEntry& entry,
                                         const std::string& analyzer) {
  ++summary_.segments;
  summary_.documents += segment.document_count();
  summary_.passages += segment.passage_count();
  if (options_.quick) {
    return absl::OkStatus();
  }
  uint64_t words = 0;
  for (uint32_t i = 0; i < segment.passage_count(); ++i) {
    words += segment.passage_place(i).words;
  }
  CheckCount(PrefixOf(entry), "words", entry.segment.words, words,
             &summary_.findings);
  const bool is_ours = analyzer == text::Analyzer::Stamp();
  summary_.passage_ids_checked = summary_.passage_ids_checked && is_ours;
  const std::string& id = entry.segment.id;
  FOOTNOTE_RETURN_IF_ERROR(VerifySegment(
      segment, PrefixOf(entry), is_ours ? PassageStamp() : "",
      ReporterOf("documents of segment " + id), &summary_.findings));
  if (damaged_postings_.contains(id)) {
    return absl::OkStatus();  // Xapian may not survive that
  }
  FOOTNOTE_RETURN_IF_ERROR(
      index::VerifyDatabase(folder_, PrefixOf(entry), &summary_.findings));
  return index::VerifyPostings(segment, PrefixOf(entry),
                               ReporterOf("postings of segment " + id),
                               &summary_.findings);
}

void Verification::CheckTotals(
    const Manifest& manifest, const std::string& file,
    const std::vector<std::unique_ptr<Segment>>& segments) {
  Totals totals;
  for (const auto& segment : segments) {
    if (segment == nullptr) {
      return;  // a finding already
    }
    totals.Add(*segment);
    if (!options_.quick) {
      totals.AddContent(*segment);
    }
  }
  index::Findings* findings = &summary_.findings;
  const index::GenerationInfo& info = manifest.info;
  CheckCount(file, "documents", info.documents, totals.documents, findings);
  CheckCount(file, "passages", info.passages, totals.passages, findings);
  CheckCount(file, "words", info.total_words, totals.words, findings);
  CheckCount(file, "bytes of text", info.text_bytes, totals.text_bytes,
             findings);
  if (info.languages != totals.languages) {
    findings->Add(file, "counts other languages than its documents have");
  }
  if (!options_.quick && info.content_sha256 != totals.content.value()) {
    findings->Add(file, "has a content digest that is not of its documents");
  }
  if (manifest.parent >= info.number) {
    findings->Add(file, "names a parent that is not older");
  }
  CheckUnique(segments, file);
}

void Verification::CheckUnique(
    const std::vector<std::unique_ptr<Segment>>& segments,
    const std::string& file) {
  for (size_t i = 1; i < segments.size(); ++i) {
    ForEachLiveDocument(*segments[i], [&](uint32_t document) {
      const std::string_view id = segments[i]->document_id(document);
      const bool is_twice = std::any_of(
          segments.begin(), segments.begin() + static_cast<ptrdiff_t>(i),
          [&](const auto& other) { return other->FindDocument(id); });
      if (is_twice) {
        summary_.findings.Add({file, "a document stands in two segments",
                               std::string(id), std::nullopt});
      }
    });
  }
}

}  // namespace

absl::StatusOr<VerifySummary> VerifyCollection(const VerifyOptions& options) {
  FOOTNOTE_RETURN_IF_ERROR(index::CheckCollectionName(options.collection));
  const std::string folder =
      index::ResolveAlias(options.data_dir + "/" + options.collection);
  const Clock::time_point start = Clock::now();
  Verification verification(options, folder);
  FOOTNOTE_RETURN_IF_ERROR(verification.Run());
  VerifySummary summary = verification.TakeSummary();
  summary.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return summary;
}

}  // namespace footnote::pipeline
