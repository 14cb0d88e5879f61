// What a build has finished and not yet published: a killed build goes on from
// there.

#pragma once

#include <optional>
#include <string>

#include "indexer/base/status.h"
#include "indexer/index/manifest.h"

namespace footnote::index {

// Returns the path of the journal of the collection in `folder`:
// segments/journal.json.
std::string JournalPath(const std::string& folder);

// Writes the journal durably. It has the form of a manifest; what counts are
// its stamps (info.analyzer, entities) and its segments, which must be on the
// disk already.
absl::Status WriteJournal(const std::string& folder, const Manifest& journal);

// Returns the journal with those of its segments that are whole, by their
// digests. Returns nothing where there is no journal, or where it does not fit:
// it is damaged, has other stamps, or its segments were published since.
std::optional<Manifest> ReadJournal(const std::string& folder,
                                    const std::string& analyzer_stamp,
                                    const std::string& entities_stamp);

// Removes the journal, if there is one. What it named is for
// RemoveUnusedSegments() then.
void RemoveJournal(const std::string& folder);

}  // namespace footnote::index
