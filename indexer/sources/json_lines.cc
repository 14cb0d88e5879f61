#include "indexer/sources/json_lines.h"

#include <string>
#include <string_view>
#include <utility>

#include "indexer/sources/json_line.h"
#include "indexer/sources/line_reader.h"
#include "indexer/sources/plain_text.h"

namespace footnote::sources {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Reads the lines of one file.
class FileOfLines {
 public:
  FileOfLines(const SourceFile& file, const ReadOptions& options,
              const Sink& sink)
      : file_(file), options_(options), sink_(sink) {}

  // Returns only errors of the sink.
  absl::Status Read(LineReader* reader);

 private:
  absl::Status ReadLine(const Line& line);
  void Skip(const Line& line, const absl::Status& status) const;

  const SourceFile& file_;
  const ReadOptions& options_;
  const Sink& sink_;
  bool is_empty_ = true;
};

void FileOfLines::Skip(const Line& line, const absl::Status& status) const {
  const std::string number = std::to_string(line.number);
  ErrorDetails details = GetErrorDetails(status);
  details["path"] = file_.path;
  details["line"] = number;
  sink_.skipped(
      {file_.path + ":" + number,
       MakeError(status.code(), ErrorReason(status),
                 "line " + number + ": " + std::string(status.message()),
                 details)});
}

absl::Status FileOfLines::ReadLine(const Line& line) {
  if (line.is_too_long) {
    is_empty_ = false;
    Skip(line,
         MakeError(
             absl::StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE",
             "the line has " + std::to_string(line.size) + " bytes; at most " +
                 std::to_string(options_.max_document_bytes) + " are taken"));
    return absl::OkStatus();
  }
  std::string_view bytes = line.bytes;
  if (line.number == 1 && bytes.substr(0, kBom.size()) == kBom) {
    bytes.remove_prefix(kBom.size());
  }
  if (IsBlank(bytes)) {
    return absl::OkStatus();
  }
  is_empty_ = false;
  absl::StatusOr<SourceDocument> document =
      ParseJsonLine(bytes, DocumentIdOfLine(file_, line.number));
  if (!document.ok()) {
    Skip(line, document.status());
    return absl::OkStatus();
  }
  document->source_end = line.offset + line.size;
  document->path = file_.path + ":" + std::to_string(line.number);
  return sink_.document(*std::move(document));
}

absl::Status FileOfLines::Read(LineReader* reader) {
  Line line;
  absl::StatusOr<bool> has_line = reader->Next(&line);
  if (has_line.ok() && (line.bytes.substr(0, 2) == "\xFF\xFE" ||
                        line.bytes.substr(0, 2) == "\xFE\xFF")) {
    sink_.skipped(
        {file_.path,
         MakeError(absl::StatusCode::kInvalidArgument, "ENCODING_UNKNOWN",
                   "JSON Lines are read as UTF-8; this file is UTF-16",
                   {{"path", file_.path}})});
    return absl::OkStatus();
  }
  while (has_line.ok() && *has_line) {
    FOOTNOTE_RETURN_IF_ERROR(ReadLine(line));
    has_line = reader->Next(&line);
  }
  if (!has_line.ok()) {
    sink_.skipped({file_.path, has_line.status()});
  } else if (is_empty_) {
    sink_.skipped({file_.path, MakeError(absl::StatusCode::kInvalidArgument,
                                         "FILE_EMPTY", "the file holds no line",
                                         {{"path", file_.path}})});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadJsonLines(const SourceFile& file, const ReadOptions& options,
                           const Sink& sink) {
  absl::StatusOr<LineReader> reader =
      LineReader::Open(file.path, options.max_document_bytes);
  if (!reader.ok()) {
    sink.skipped({file.path, reader.status()});
    return absl::OkStatus();
  }
  return FileOfLines(file, options, sink).Read(&*reader);
}

}  // namespace footnote::sources
