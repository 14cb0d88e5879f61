#include "server/search/last_times.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "indexer/index/collection_info.h"
#include "indexer/index/schema.h"

namespace footnote::search {
namespace {

void AddSegmentIds(const index::Generation& generation,
                   std::set<std::string>* ids) {
  for (const auto& segment : generation.segments()) {
    ids->insert(std::filesystem::path(segment->folder()).filename().string());
  }
}

}  // namespace

LastTimes::LastTimes(std::string folder, const index::Generation& from,
                     const index::Generation& to)
    : folder_(std::move(folder)) {
  std::set<std::string> seen;
  AddSegmentIds(from, &seen);
  AddSegmentIds(to, &seen);
  for (const uint64_t number : index::ListGenerations(folder_)) {
    if (number <= from.info().number || number >= to.info().number) {
      continue;
    }
    auto manifest = index::ReadManifest(folder_, number);
    if (!manifest.ok()) {
      continue;
    }
    for (const index::SegmentEntry& entry : manifest->segments) {
      if (seen.insert(entry.segment.id).second) {
        FindTimedOf(entry.segment.id);
      }
    }
    between_.push_back(*std::move(manifest));
  }
  std::reverse(between_.begin(), between_.end());
}

// Most segments have no document with times, and one column says so.
void LastTimes::FindTimedOf(const std::string& segment_id) {
  const std::string folder = index::SegmentPath(folder_, segment_id);
  const auto facets = index::ValueColumn<index::DocumentFacets>::Open(
      folder + "/" + std::string(index::kDocumentFacetsFile));
  const auto is_timed = [](const index::DocumentFacets& document) {
    return PeriodOf(document) != Period();
  };
  if (!facets.ok() || std::none_of(facets->begin(), facets->end(), is_timed)) {
    return;
  }
  const auto segment = index::Segment::Open(folder);
  if (!segment.ok()) {
    return;
  }
  for (uint32_t i = 0; i < (*segment)->document_count(); ++i) {
    if (is_timed((*segment)->document_facets(i))) {
      timed_.emplace((*segment)->document_id(i));
    }
  }
}

const index::Segment* LastTimes::Open(const index::SegmentEntry& entry) {
  std::string key = entry.segment.id;
  if (entry.tombstones) {
    key += '\n';
    key += entry.tombstones->file.name;
  }
  const auto [at, is_new] = open_.try_emplace(std::move(key));
  if (is_new) {
    if (auto segment = index::OpenSegment(folder_, entry); segment.ok()) {
      at->second = *std::move(segment);
    }
  }
  return at->second.get();
}

std::optional<Period> LastTimes::Find(std::string_view document_id) {
  for (const index::Manifest& manifest : between_) {
    for (const index::SegmentEntry& entry : manifest.segments) {
      const index::Segment* segment = Open(entry);
      if (segment == nullptr) {
        continue;
      }
      if (const auto document = segment->FindDocument(document_id)) {
        return PeriodOf(segment->document_facets(*document));
      }
    }
  }
  return std::nullopt;
}

}  // namespace footnote::search
