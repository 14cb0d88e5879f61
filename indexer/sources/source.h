// What a reader makes of a source: documents before analysis.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "indexer/base/source_files.h"
#include "indexer/base/status.h"

namespace footnote::sources {

// A heading and where its section begins.
struct Heading {
  uint32_t start = 0;  // first byte of the heading's own line
  uint32_t end = 0;    // exclusive: before the break of its last line
  int level = 1;       // 1 (largest) to 6
  std::string text;    // without markup
};

// One document as read: its canonical text and what is known of it.
struct SourceDocument {
  std::string document_id;  // the given id, else the relative path; see
                            // architecture: percent-encoded
  std::string text;         // canonical: valid UTF-8, no BOM
  std::string title;        // "" where the source has none
  std::string uri;          // "" where the source has none
  std::string filename;     // of a file that is the document, without folders;
                            // "" for a line of a file
  std::string media_type;   // "text/plain", "text/markdown", …
  std::string source_type;  // metadata "source_type", else "FILE"
  std::string language;     // stated primary subtag, "" for detection
  std::optional<int64_t> create_time;   // Unix seconds: publication
  std::optional<int64_t> update_time;   // Unix seconds: last change
  std::optional<int64_t> embargo_time;  // Unix seconds: not to be seen before
  std::optional<int64_t> expire_time;   // Unix seconds: nor from then on
  std::vector<std::string> access_labels;  // sorted, distinct; none: for all
  nlohmann::json metadata = nlohmann::json::object();
  std::vector<Heading> headings;  // by start, without overlap
  std::string path;               // of its source, as Skipped has it
  uint64_t source_end = 0;        // bytes of the file read by then
};

using footnote::Skipped;

// Where a reader hands over what it reads, in order. Returning an error stops
// the reading and comes back from the reader.
struct Sink {
  std::function<absl::Status(SourceDocument document)> document;
  std::function<void(Skipped skipped)> skipped;
};

}  // namespace footnote::sources
