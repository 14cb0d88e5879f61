// Reads a file line by line in bounded memory.

#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "indexer/base/status.h"

namespace footnote::sources {

// One line of a file.
struct Line {
  std::string_view bytes;  // without its LF; empty where it is too long
  uint64_t number = 0;     // from 1
  uint64_t offset = 0;     // of its first byte in the file
  uint64_t size = 0;       // in bytes, without its LF
  bool is_too_long = false;
};

// Reads lines in order. Not thread-safe.
class LineReader {
 public:
  // Opens a file; lines over `max_line_bytes` come as too long.
  // Errors: as of ReadFile().
  static absl::StatusOr<LineReader> Open(const std::string& path,
                                         uint64_t max_line_bytes);

  // Reads the next line into *line, valid until the next call. Returns false at
  // the end of the file, kInternal FILE_IO where reading fails.
  absl::StatusOr<bool> Next(Line* line);

 private:
  struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  LineReader() = default;
  bool Fill();
  void Take(std::string_view piece, Line* line);

  std::string path_;
  uint64_t max_line_bytes_ = 0;
  std::unique_ptr<std::FILE, FileCloser> file_;
  std::string chunk_;
  size_t at_ = 0;  // in chunk_, of what comes next
  std::string line_;
  uint64_t offset_ = 0;
  uint64_t number_ = 0;
};

}  // namespace footnote::sources
