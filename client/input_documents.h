// Documents to put, from files.

#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "footnote/v1/ingest_service.pb.h"
#include "indexer/base/status.h"

namespace footnote::client {

// Reads documents one after the other. A file that ends in .jsonl or .ndjson,
// and "-" (standard input), has a JSON object a line: "_id" (or "id"), "text",
// "title", "metadata"; other keys go to the metadata. Any other file is one
// document, called by its path as given. Not thread-safe.
class InputDocuments {
 public:
  // `in` is standard input; it outlives the reader.
  InputDocuments(std::vector<std::string> files, std::istream& in);
  ~InputDocuments();

  // Returns the next document, or none at the end or after an error.
  std::optional<v1::InputDocument> Next();

  // Why reading ended before its end. Errors: kNotFound FILE_NOT_FOUND and the
  // like; kInvalidArgument JSON_SYNTAX, FIELD_TYPE, with the line.
  const absl::Status& status() const { return status_; }

 private:
  void OpenNext();
  std::optional<v1::InputDocument> ReadLine();
  static absl::StatusOr<v1::InputDocument> ReadFile(const std::string& path);

  std::vector<std::string> files_;
  std::istream& standard_input_;
  size_t next_ = 0;
  std::unique_ptr<std::istream> file_;  // of lines, where it is no standard in
  std::istream* lines_ = nullptr;       // being read; null between files
  uint64_t line_ = 0;
  absl::Status status_;
};

}  // namespace footnote::client
