// Writes the documents of a collection as JSON Lines that build them again.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/index/document_record.h"
#include "indexer/sources/source.h"

namespace footnote::pipeline {

struct ExportOptions {
  std::string data_dir;
  std::string collection;   // or an alias
  uint64_t generation = 0;  // 0: the current one
  // Takes each line, without its break. An error ends the export.
  std::function<absl::Status(std::string_view line)> line;
  // Called after each document with how many are done and how many there are;
  // may be empty.
  std::function<void(uint64_t done, uint64_t total)> progress;
};

// A document that did not come out, or not as it was.
struct ExportProblem {
  std::string document_id;
  absl::Status status;
};

struct ExportSummary {
  uint64_t generation = 0;
  uint64_t documents = 0;   // written
  uint64_t text_bytes = 0;  // of those
  Digest content_sha256{};  // of the generation
  // As a file of entities; "" without any. Errors: GAZETTEER_SYNTAX for what
  // no file can say; those of reading it.
  absl::StatusOr<std::string> gazetteer = std::string();
  std::vector<ExportProblem> lost;  // not written: damaged
  // Written, but what is built from the line has another etag: index and
  // program differ in their analyzer.
  uint64_t changed = 0;
};

// Hands over the live documents of a generation in order of their ids, as
// sources::FormatJsonLine() writes them. A build of these lines with the same
// gazetteer, by a program with the same analyzer, has documents with the same
// ids and etags, and so the same content digest; passages and spans as well.
// Errors: that of `line`; kInvalidArgument COLLECTION_NAME_INVALID; kNotFound
// COLLECTION_NOT_FOUND, GENERATION_NOT_FOUND; kDataLoss INDEX_CORRUPT,
// kFailedPrecondition INDEX_VERSION where the generation cannot be opened.
absl::StatusOr<ExportSummary> ExportCollection(const ExportOptions& options);

}  // namespace footnote::pipeline
