// One line on a terminal that says how far a command is.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace footnote {

// Rewrites its line on standard error, at most ten times a second; says nothing
// where that is no terminal. Not thread-safe.
class ProgressLine {
 public:
  ProgressLine();

  // Shows what is being done, and how much of it.
  void Update(const std::string& what, uint64_t done, uint64_t total);
  // Removes the line.
  void Finish() const;

 private:
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace footnote
