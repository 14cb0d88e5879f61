// Runs the commands of footnote.

#pragma once

#include <istream>
#include <ostream>

#include "client/command.h"
#include "client/terminal.h"

namespace footnote::client {

// Where a command reads and writes.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Terminal terminal;  // what `out` is
};

// Runs `command` and returns the exit code. An error is one line on `err`:
// "footnote: REASON: message".
int RunCommand(const Command& command, const Streams& streams);

}  // namespace footnote::client
