#include "indexer/sources/reader.h"

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

#include <sys/stat.h>

#include "indexer/base/file.h"
#include "indexer/sources/body.h"
#include "indexer/sources/json_lines.h"
#include "indexer/text/utf8.h"

namespace footnote::sources {
namespace {

absl::Status Invalid(std::string_view reason, const std::string& message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

// Returns ok if `path` is a regular file: to open a pipe would wait for ever.
absl::Status CheckRegular(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    return FileError(errno, "read", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return Invalid("FILE_NOT_REGULAR", "not a regular file");
  }
  return absl::OkStatus();
}

absl::StatusOr<SourceDocument> ReadDocument(const SourceFile& file,
                                            FileKind kind,
                                            const ReadOptions& options) {
  SourceDocument document;
  document.document_id = DocumentIdOfPath(file.relative_path);
  document.path = file.path;
  document.filename = text::ReplaceInvalidUtf8(
      std::filesystem::path(file.path).filename().string());
  const uint64_t max_bytes = MaxBodyBytes(options.max_document_bytes);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string bytes,
                            ReadFile(file.path, max_bytes));
  FOOTNOTE_RETURN_IF_ERROR(
      FillFromBody(bytes, kind == FileKind::kMarkdown, max_bytes, &document));
  return document;
}

absl::Status WithPath(const absl::Status& status, const std::string& path) {
  ErrorDetails details = GetErrorDetails(status);
  details["path"] = path;
  return MakeError(status.code(), ErrorReason(status),
                   std::string(status.message()), details);
}

}  // namespace

absl::Status ReadSourceFile(const SourceFile& file, const ReadOptions& options,
                            const Sink& sink) {
  if (const absl::Status status = CheckRegular(file.path); !status.ok()) {
    sink.skipped({file.path, WithPath(status, file.path)});
    return absl::OkStatus();
  }
  const FileKind kind = KindOfFile(file.path);
  if (options.json_lines || kind == FileKind::kJsonLines) {
    return ReadJsonLines(file, options, sink);
  }
  absl::StatusOr<SourceDocument> document = ReadDocument(file, kind, options);
  if (!document.ok()) {
    sink.skipped({file.path, WithPath(document.status(), file.path)});
    return absl::OkStatus();
  }
  return sink.document(*std::move(document));
}

}  // namespace footnote::sources
