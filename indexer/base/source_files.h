// The files that documents come from, for whoever reads or sends them.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/base/status.h"

namespace footnote {

// One file to read.
struct SourceFile {
  std::string path;           // to open
  std::string relative_path;  // to the folder it was found in: makes the id
};

// Why a source, or a part of one, became no document.
struct Skipped {
  std::string path;     // as given by the user, with ":LINE" for a JSON line
  absl::Status status;  // with a reason
};

// How a file is read.
enum class FileKind { kPlainText, kMarkdown, kJsonLines };

// Returns the kind of a file by its extension, in upper or lower case: .md and
// .markdown are Markdown, .jsonl and .ndjson JSON Lines, all else plain text.
FileKind KindOfFile(const std::string& path);

// Returns `path` as a document id: percent-encoded (RFC 3986) but for
// unreserved characters and '/'.
std::string DocumentIdOfPath(const std::string& path);

// Returns the id of the document in line `number`, from 1, of a file of JSON
// Lines, where that states none.
std::string DocumentIdOfLine(const SourceFile& file, uint64_t number);

struct FoundFiles {
  std::vector<SourceFile> files;        // by relative path, bytewise
  std::vector<std::string> gazetteers;  // entities.tsv files, by path
  std::vector<Skipped> skipped;         // by path
};

// Walks `paths` (files or folders). Hidden files and folders (".git") are left
// out silently, and so is what a folder's .footnoteignore names: one pattern a
// line as fnmatch(3) has them ('*' does not match '/'), matched against the
// path below that folder and against the file name; '#' starts a comment line.
// What `paths` name themselves is taken, hidden or not.
// Symbolic links are followed; a link to itself or to a folder that it stands
// in is skipped as FOLDER_LOOP. A file that does not exist is skipped as
// FILE_NOT_FOUND, an unreadable folder as FILE_UNREADABLE. A regular file only;
// sockets, devices and pipes are skipped as FILE_NOT_REGULAR. A file reached
// twice is taken once: where it stands rather than by a link, else where it is
// reached first. entities.tsv at any depth is a gazetteer, not a source.
FoundFiles FindFiles(const std::vector<std::string>& paths);

}  // namespace footnote
