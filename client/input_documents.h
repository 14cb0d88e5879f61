// Documents to put, from files.

#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "footnote/v1/ingest_service.pb.h"
#include "indexer/base/source_files.h"
#include "indexer/base/status.h"

namespace footnote::client {

// Reads documents one after the other: those of files and folders, found and
// called as footnote-index add does it (see FindFiles()), then those of "-",
// standard input. A file of JSON Lines, and standard input, has an object a
// line: "_id" (or "id"), "text", "title", "access_labels", "metadata"; other
// keys go to the metadata. Any other file is one document. Not thread-safe.
class InputDocuments {
 public:
  // `in` is standard input; it outlives the reader.
  InputDocuments(const std::vector<std::string>& paths, std::istream& in);
  ~InputDocuments();

  // Returns the next document, or none at the end or after an error.
  std::optional<v1::InputDocument> Next();

  // Why reading ended before its end, or what could not be taken of the paths,
  // which stops nothing. Errors: kNotFound FILE_NOT_FOUND and the like;
  // kInvalidArgument FILE_NOT_REGULAR, FOLDER_LOOP, GAZETTEER_NOT_TAKEN;
  // JSON_SYNTAX, FIELD_TYPE, with the line.
  absl::Status status() const { return status_.ok() ? skipped_ : status_; }

 private:
  void OpenNext();
  std::optional<v1::InputDocument> ReadLine();
  static absl::StatusOr<v1::InputDocument> ReadFile(const SourceFile& file);

  std::vector<SourceFile> files_;  // "-" for standard input
  std::istream& standard_input_;
  size_t next_ = 0;
  std::unique_ptr<std::istream> file_;  // of lines, where it is no standard in
  std::istream* lines_ = nullptr;       // being read; null between files
  uint64_t line_ = 0;
  absl::Status skipped_;  // the first path that is no document
  absl::Status status_;
};

}  // namespace footnote::client
