// What footnote-index tells people and machines about a build.

#pragma once

#include <chrono>
#include <string>

#include "indexer/pipeline/build.h"

namespace footnote {

// Shows progress on standard error: one line that is rewritten on a terminal,
// else one JSON object a line, at most one a second. Not thread-safe.
class ProgressReport {
 public:
  ProgressReport();

  void Update(const pipeline::BuildProgress& progress);
  // Ends the line on a terminal.
  void Finish() const;

 private:
  void Draw(const pipeline::BuildProgress& progress) const;

  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

// Returns the summary of a build for people: counts, speed, and each skipped
// source with its reason.
std::string FormatSummary(const std::string& collection,
                          const pipeline::BuildSummary& summary);

// Returns the summary as one JSON object.
std::string SummaryJson(const std::string& collection,
                        const pipeline::BuildSummary& summary);

}  // namespace footnote
