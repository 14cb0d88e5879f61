#include "indexer/index/build_journal.h"

#include <filesystem>

#include "indexer/base/file.h"
#include "indexer/index/verify.h"

namespace footnote::index {
namespace {

bool IsPublished(const std::string& folder, const Manifest& journal) {
  const absl::StatusOr<uint64_t> current = ReadCurrent(folder);
  if (!current.ok()) {
    return false;
  }
  const absl::StatusOr<std::string> manifest =
      ReadFile(ManifestPath(folder, *current));
  return manifest.ok() &&
         std::any_of(journal.segments.begin(), journal.segments.end(),
                     [&](const SegmentEntry& entry) {
                       return manifest->find('"' + entry.segment.id + '"') !=
                              std::string::npos;
                     });
}

}  // namespace

std::string JournalPath(const std::string& folder) {
  return SegmentPath(folder, "journal.json");
}

absl::Status WriteJournal(const std::string& folder, const Manifest& journal) {
  return WriteFileDurably(JournalPath(folder), EncodeManifest(journal));
}

std::optional<Manifest> ReadJournal(const std::string& folder,
                                    const std::string& analyzer_stamp,
                                    const std::string& entities_stamp) {
  const std::string path = JournalPath(folder);
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) {
    return std::nullopt;
  }
  absl::StatusOr<Manifest> journal = DecodeManifest(*text, path);
  if (!journal.ok() || journal->info.analyzer != analyzer_stamp ||
      journal->entities != entities_stamp || IsPublished(folder, *journal)) {
    return std::nullopt;
  }
  std::erase_if(journal->segments, [&](const SegmentEntry& entry) {
    const auto findings = VerifyDigests(folder, entry, {});
    return !findings.ok() || !findings->empty();
  });
  return *std::move(journal);
}

void RemoveJournal(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove(JournalPath(folder), ignored);
}

}  // namespace footnote::index
