#include "indexer/pipeline/repair_files.h"

#include <utility>
#include <vector>

#include "indexer/index/collection_info.h"
#include "indexer/index/synonyms.h"

namespace footnote::pipeline {

std::optional<WholeGazetteer> FindWholeGazetteer(const std::string& folder,
                                                 const index::Manifest& base) {
  std::vector<index::FileEntry> files = {*base.entities_file};
  for (const uint64_t number : index::ListGenerations(folder)) {
    const auto manifest = index::ReadManifest(folder, number);
    if (manifest.ok() && manifest->entities_file &&
        manifest->entities == base.entities) {
      files.push_back(*manifest->entities_file);
    }
  }
  for (index::FileEntry& file : files) {
    const auto bytes = index::ReadGenerationFile(folder, file);
    if (!bytes.ok()) {
      continue;
    }
    if (auto gazetteer = entities::Gazetteer::Decode(*bytes); gazetteer.ok()) {
      return WholeGazetteer{*std::move(gazetteer), std::move(file)};
    }
  }
  return std::nullopt;
}

bool AreSynonymsWhole(const std::string& folder, const index::Manifest& base) {
  const auto text = index::ReadGenerationFile(folder, *base.synonyms_file);
  return text.ok() && index::ParseSynonyms(*text).ok();
}

}  // namespace footnote::pipeline
