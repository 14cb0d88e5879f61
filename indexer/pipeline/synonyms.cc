#include "indexer/pipeline/synonyms.h"

#include <filesystem>

#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/index/manifest.h"
#include "indexer/index/synonyms.h"
#include "indexer/index/writer_lock.h"

namespace footnote::pipeline {
namespace {

// Returns the folder of a collection that is there.
absl::StatusOr<std::string> FindFolder(const std::string& data_dir,
                                       const std::string& collection) {
  FOOTNOTE_RETURN_IF_ERROR(
      index::FindCollection(data_dir, collection).status());
  return index::ResolveAlias(data_dir + "/" + collection);
}

}  // namespace

absl::StatusOr<Published> SetSynonyms(const std::string& data_dir,
                                      const std::string& collection,
                                      std::string_view text) {
  FOOTNOTE_ASSIGN_OR_RETURN(const auto rules, index::ParseSynonyms(text));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string folder,
                            FindFolder(data_dir, collection));
  FOOTNOTE_ASSIGN_OR_RETURN(const index::WriterLock lock,
                            index::WriterLock::Take(folder));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const Snapshot base,
      Snapshot::Open(folder, std::filesystem::path(folder).filename()));
  return PublishSynonyms(base, rules.empty() ? std::string_view() : text);
}

absl::StatusOr<std::string> ReadSynonyms(const std::string& data_dir,
                                         const std::string& collection) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string folder,
                            FindFolder(data_dir, collection));
  FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t current, index::ReadCurrent(folder));
  FOOTNOTE_ASSIGN_OR_RETURN(const index::Manifest manifest,
                            index::ReadManifest(folder, current));
  if (!manifest.synonyms_file) {
    return std::string();
  }
  return index::ReadGenerationFile(folder, *manifest.synonyms_file);
}

}  // namespace footnote::pipeline
