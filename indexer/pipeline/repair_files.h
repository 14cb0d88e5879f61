// What a repair takes over of the files of generations.

#pragma once

#include <optional>
#include <string>

#include "indexer/entities/gazetteer.h"
#include "indexer/index/manifest.h"

namespace footnote::pipeline {

struct WholeGazetteer {
  entities::Gazetteer gazetteer;
  index::FileEntry file;
};

// Returns the gazetteer of a manifest, which names one, from any generation of
// the collection in `folder` that has the same; nothing where all are damaged.
std::optional<WholeGazetteer> FindWholeGazetteer(const std::string& folder,
                                                 const index::Manifest& base);

// Returns whether the synonyms that a manifest names are whole.
bool AreSynonymsWhole(const std::string& folder, const index::Manifest& base);

}  // namespace footnote::pipeline
