// A system call of a watched process that may change files: what it is about to
// do, and to what. Used by fault_run.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <linux/seccomp.h>
#include <sys/types.h>

namespace footnote::faults {

// What faults can be asked for by name.
enum class CallKind { kWrite, kTruncate, kSync, kCreate, kRename, kRemove };

// Returns the name that the command line and the journal have for it.
const char* NameOf(CallKind kind);

// A name in a folder.
struct Place {
  std::string folder;  // canonical
  std::string name;

  std::string path() const { return folder + "/" + name; }
};

struct WatchedCall {
  CallKind kind{};
  std::string name{};        // of the system call
  std::string descriptor{};  // a path of the file written, cut or synced
  uint64_t at = 0;           // of writes: where; of truncates: the new size
  uint64_t bytes = 0;        // of writes: how many at most
  bool whole_disk = false;   // of syncs: sync(2) and syncfs(2)
  Place place{};             // of creates, renames and removals
  Place target{};            // of renames
};

// The system calls that a watched process must ask about, by number. open(2)
// and the like ask only where they may create or truncate.
struct AskedCall {
  long number;
  int flags_argument;  // of open(2) and its like; else -1
};
const std::vector<AskedCall>& AskedCalls();

// Returns what the call of `notice` would do to files below `root`, a canonical
// path; nothing where it concerns others or changes nothing. An open(2) that
// creates a file, or that truncates one with content, is a change, any other is
// none.
std::optional<WatchedCall> ReadCall(const seccomp_notif& notice,
                                    const std::string& root);

// Returns the process that a thread belongs to, or 0 when it is gone.
pid_t ProcessOf(pid_t thread);

}  // namespace footnote::faults
