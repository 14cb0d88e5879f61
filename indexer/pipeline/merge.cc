#include "indexer/pipeline/merge.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "indexer/index/segment.h"
#include "indexer/index/segment_writer.h"
#include "indexer/index/verify.h"
#include "indexer/pipeline/document_copier.h"
#include "indexer/pipeline/prepare.h"

namespace footnote::pipeline {
namespace {

constexpr uint64_t kSmallestTier = 1000;  // passages; smaller ones count alike
constexpr uint64_t kTierFactor = 8;
constexpr size_t kMaxInTier = 8;
constexpr uint64_t kGoneOneIn = 5;

uint64_t LivePassages(const SegmentSize& segment) {
  return segment.passages - segment.gone;
}

int TierOf(const SegmentSize& segment) {
  int tier = 0;
  for (uint64_t limit = kSmallestTier; LivePassages(segment) >= limit;
       limit *= kTierFactor) {
    ++tier;
  }
  return tier;
}

absl::Status CheckDigests(const std::string& folder,
                          const index::SegmentEntry& entry) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<index::Finding> findings,
                            index::VerifyDigests(folder, entry, {}));
  if (findings.empty()) {
    return absl::OkStatus();
  }
  const index::Finding& first = findings.front();
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   first.file + ": " + first.what, {{"path", first.file}});
}

}  // namespace

std::vector<SegmentSize> SizesOf(const index::Manifest& manifest) {
  std::vector<SegmentSize> sizes;
  for (const index::SegmentEntry& entry : manifest.segments) {
    sizes.push_back({entry.segment.passages,
                     entry.tombstones ? entry.tombstones->passages : 0});
  }
  return sizes;
}

std::vector<uint32_t> ChooseMerge(const std::vector<SegmentSize>& segments) {
  std::map<int, std::vector<uint32_t>> tiers;
  for (uint32_t i = 0; i < segments.size(); ++i) {
    tiers[TierOf(segments[i])].push_back(i);
  }
  for (auto& [tier, members] : tiers) {
    if (members.size() <= kMaxInTier) {
      continue;
    }
    std::stable_sort(
        members.begin(), members.end(), [&](uint32_t a, uint32_t b) {
          return LivePassages(segments[a]) < LivePassages(segments[b]);
        });
    uint64_t passages = 0;
    std::vector<uint32_t> chosen;
    for (const uint32_t i : members) {
      passages += LivePassages(segments[i]);
      if (passages > kMaxMergedPassages) {
        break;
      }
      chosen.push_back(i);
    }
    if (chosen.size() > 1) {
      std::sort(chosen.begin(), chosen.end());
      return chosen;
    }
  }
  for (uint32_t i = 0; i < segments.size(); ++i) {
    if (segments[i].gone * kGoneOneIn > segments[i].passages) {
      return {i};
    }
  }
  return {};
}

absl::StatusOr<Merge> Merge::Copy(const Snapshot& base,
                                  const std::vector<uint32_t>& segments,
                                  const std::atomic<bool>& stop) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::unique_ptr<index::SegmentWriter> writer,
      index::SegmentWriter::Create(base.folder(), PassageStamp()));
  Merge merge;
  for (const uint32_t i : segments) {
    const index::Segment& segment = *base.generation()->segments()[i];
    const index::SegmentEntry& entry = base.manifest().segments[i];
    FOOTNOTE_RETURN_IF_ERROR(CheckDigests(base.folder(), entry));
    Source source;
    source.id = entry.segment.id;
    source.first = static_cast<uint32_t>(writer->document_count());
    DocumentCopier copier(segment, writer.get());
    for (uint32_t k = 0; k < segment.document_count(); ++k) {
      if (segment.tombstones().documents.contains(k)) {
        continue;
      }
      if (stop) {
        return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                         "the merge was stopped");
      }
      FOOTNOTE_ASSIGN_OR_RETURN(index::PreparedDocument document,
                                copier.Read(k));
      FOOTNOTE_RETURN_IF_ERROR(writer->Add(std::move(document)));
      source.documents.push_back(k);
    }
    merge.sources_.push_back(std::move(source));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(merge.segment_, writer->Finish());
  return merge;
}

MergedSegment Merge::Over(const Snapshot& current) const {
  MergedSegment merged;
  merged.segment = segment_;
  for (const Source& source : sources_) {
    merged.sources.push_back(source.id);
    const Roaring* gone = nullptr;  // null: the whole segment is
    for (uint32_t i = 0; i < current.manifest().segments.size(); ++i) {
      if (current.manifest().segments[i].segment.id == source.id) {
        gone = &current.generation()->segments()[i]->tombstones().documents;
      }
    }
    for (uint32_t k = 0; k < source.documents.size(); ++k) {
      if (gone == nullptr || gone->contains(source.documents[k])) {
        merged.gone.add(source.first + k);
      }
    }
  }
  return merged;
}

}  // namespace footnote::pipeline
