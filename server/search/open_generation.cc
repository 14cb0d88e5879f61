#include "server/search/open_generation.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "indexer/base/file.h"
#include "indexer/base/log.h"
#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "indexer/text/analyzer.h"

namespace footnote::search {

absl::StatusOr<std::shared_ptr<const index::Generation>> OpenGeneration(
    const std::string& folder, uint64_t number, uint32_t threads,
    const Quarantine& quarantine, const index::Generation* before) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::shared_ptr<const index::Generation> generation,
      index::Generation::OpenUndamaged(
          folder, number,
          [&](const std::string& segment) { return quarantine.Check(segment); },
          before));
  const std::string ours = text::Analyzer::Stamp();
  if (generation->info().analyzer != ours) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "ANALYZER_MISMATCH",
                     "the index was built with the analyzer \"" +
                         generation->info().analyzer +
                         "\"; this server has \"" + ours +
                         "\": index the sources again (footnote-index build)",
                     {{"analyzer", generation->info().analyzer}});
  }
  FOOTNOTE_RETURN_IF_ERROR(generation->Prepare(threads));
  return generation;
}

Digest DigestOfManifest(const std::string& folder, uint64_t number) {
  return Sha256Of(
      ReadFile(index::ManifestPath(folder, number)).value_or(std::string()));
}

bool IsSame(const index::Generation& a, const index::Generation& b) {
  return a.info().number == b.info().number &&
         a.info().manifest_sha256 == b.info().manifest_sha256 &&
         std::equal(a.missing().begin(), a.missing().end(), b.missing().begin(),
                    b.missing().end(), [](const auto& one, const auto& two) {
                      return one.id == two.id;
                    });
}

const index::MissingSegment* FindLost(const index::Generation& served,
                                      const index::Generation& newer) {
  for (const index::MissingSegment& missing : newer.missing()) {
    const bool was_missing =
        std::any_of(served.missing().begin(), served.missing().end(),
                    [&](const auto& one) { return one.id == missing.id; });
    if (!was_missing) {
      return &missing;
    }
  }
  return nullptr;
}

void LogServed(const std::string& name, const index::Generation& generation) {
  const index::GenerationInfo& info = generation.info();
  Log(Severity::kInfo, "serving a generation",
      {{"collection", name},
       {"generation", info.number},
       {"documents", info.documents},
       {"passages", info.passages}});
  for (const index::MissingSegment& missing : generation.missing()) {
    Log(Severity::kError, "a segment is damaged and not served",
        {{"collection", name},
         {"segment", missing.id},
         {"documents", missing.documents},
         {"reason", ErrorReason(missing.error)},
         {"error", ErrorMessage(missing.error)}});
  }
}

}  // namespace footnote::search
