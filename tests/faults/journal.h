// Keeps what a power cut could undo: tests/faults/power_cut.py reads it.

#pragma once

#include <cstdint>
#include <string>

#include "tests/faults/watched_call.h"

namespace footnote::faults {

// The folder of a journal, which must lie in the file system of the watched
// folder, outside of it:
//
//   journal  a JSON object a line for each change, in order, each written
//   before
//            the change is made: "op", "call" and what that op needs
//   blobs    content that was overwritten or cut off
//   graves/  hard links to files that were removed or replaced
//
// | op       | members |
// | -------- | ------- |
// | write    | inode, at, bytes, size (of the file before), blob, saved |
// | truncate | inode, to, size, blob, saved |
// | sync     | inode, of the file or folder; whole_disk |
// | create   | folder (inode), name |
// | rename   | folder, name, inode, target_folder, target_name, grave (or "") |
// | remove   | folder, name, inode, grave (or "" for a folder) |
// | failed   | kind; an injected failure: nothing changed |
//
// `saved` bytes at `blob` of blobs are the old content from `at` (`to`) on.
class Journal {
 public:
  // Opens the journal, which must not be open elsewhere; makes what is missing.
  // The lock on it lasts until the last process that inherits it has ended.
  // Ends the process when that fails.
  explicit Journal(const std::string& folder);

  // Notes a change that is about to be made.
  void Note(const WatchedCall& call);
  void NoteFailed(const WatchedCall& call) const;

 private:
  void Append(const std::string& line) const;
  // Saves `bytes` of a file from `at` on, as far as it has them.
  void NoteContent(const WatchedCall& call) const;
  // Keeps the file of a name that goes away. Returns its name in graves/.
  std::string Bury(const Place& place);

  std::string folder_;
  int journal_ = -1;
  int blobs_ = -1;
  uint64_t graves_ = 0;  // how many there may be
};

}  // namespace footnote::faults
