// Finds the files to index under paths that a user gave.

#pragma once

#include <string>
#include <vector>

#include "indexer/sources/reader.h"

namespace footnote::sources {

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

}  // namespace footnote::sources
