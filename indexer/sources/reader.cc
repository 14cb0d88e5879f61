#include "indexer/sources/reader.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <string_view>
#include <utility>

#include <sys/stat.h>

#include "indexer/base/file.h"
#include "indexer/sources/document_id.h"
#include "indexer/sources/fields.h"
#include "indexer/sources/front_matter.h"
#include "indexer/sources/json_lines.h"
#include "indexer/sources/markdown.h"
#include "indexer/sources/plain_text.h"
#include "indexer/text/decode.h"
#include "indexer/text/utf8.h"

namespace footnote::sources {
namespace {

enum class Kind { kPlainText, kMarkdown, kJsonLines };

Kind KindOf(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  for (char& c : extension) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (extension == ".md" || extension == ".markdown") {
    return Kind::kMarkdown;
  }
  if (extension == ".jsonl" || extension == ".ndjson") {
    return Kind::kJsonLines;
  }
  return Kind::kPlainText;
}

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

absl::StatusOr<std::string> ReadText(const std::string& path,
                                     uint64_t max_document_bytes) {
  const uint64_t max_bytes = std::min<uint64_t>(
      max_document_bytes, std::numeric_limits<uint32_t>::max());
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, max_bytes));
  if (bytes.empty()) {
    return Invalid("FILE_EMPTY", "the file is empty");
  }
  FOOTNOTE_ASSIGN_OR_RETURN(text::DecodedText decoded, text::DecodeText(bytes));
  if (decoded.text.size() > max_bytes) {
    return Invalid("DOCUMENT_TOO_LARGE",
                   "the file has " + std::to_string(decoded.text.size()) +
                       " bytes in UTF-8; at most " + std::to_string(max_bytes) +
                       " are taken");
  }
  return std::move(decoded.text);
}

absl::Status FillFromMarkdown(SourceDocument* document) {
  FOOTNOTE_ASSIGN_OR_RETURN(FrontMatter front,
                            ParseFrontMatter(document->text));
  document->text.erase(0, front.size);
  document->media_type = "text/markdown";
  document->metadata = std::move(front.values);
  document->headings = FindHeadings(document->text);
  if (const auto id = front.scalars.find("document_id");
      id != front.scalars.end()) {
    document->document_id = id->second;
  } else if (document->metadata.contains("document_id")) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_TYPE",
                     "field \"document_id\" must be one value",
                     {{"field", "document_id"}});
  }
  if (const auto title = front.scalars.find("title");
      title != front.scalars.end()) {
    document->title = title->second;
  }
  for (const Heading& heading : document->headings) {
    if (document->title.empty() && heading.level == 1) {
      document->title = heading.text;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SourceDocument> ReadDocument(const SourceFile& file, Kind kind,
                                            const ReadOptions& options) {
  SourceDocument document;
  document.document_id = DocumentIdOfPath(file.relative_path);
  document.path = file.path;
  document.filename = text::ReplaceInvalidUtf8(
      std::filesystem::path(file.path).filename().string());
  FOOTNOTE_ASSIGN_OR_RETURN(document.text,
                            ReadText(file.path, options.max_document_bytes));
  if (kind == Kind::kMarkdown) {
    FOOTNOTE_RETURN_IF_ERROR(FillFromMarkdown(&document));
  } else {
    document.media_type = "text/plain";
    document.title = FindPlainTextTitle(document.text);
  }
  if (IsBlank(document.text)) {
    return Invalid("TEXT_EMPTY", "the file holds no text");
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckDocumentId(document.document_id));
  FillFields(&document);
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
  const Kind kind = KindOf(file.path);
  if (kind == Kind::kJsonLines) {
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
