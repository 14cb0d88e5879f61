#include "indexer/sources/line_reader.h"

#include <cerrno>

#include "indexer/base/file.h"

namespace footnote::sources {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

}  // namespace

absl::StatusOr<LineReader> LineReader::Open(const std::string& path,
                                            uint64_t max_line_bytes) {
  LineReader reader;
  reader.path_ = path;
  reader.max_line_bytes_ = max_line_bytes;
  reader.file_.reset(std::fopen(path.c_str(), "rbe"));
  if (reader.file_ == nullptr) {
    return FileError(errno, "open", path);
  }
  return reader;
}

// Reads the next chunk; false at the end and on an error.
bool LineReader::Fill() {
  chunk_.resize(kChunkBytes);
  at_ = 0;
  errno = 0;
  chunk_.resize(std::fread(chunk_.data(), 1, chunk_.size(), file_.get()));
  return !chunk_.empty();
}

void LineReader::Take(std::string_view piece, Line* line) {
  line->size += piece.size();
  if (line->size <= max_line_bytes_) {
    line_ += piece;
    return;
  }
  line->is_too_long = true;
  line_.clear();
}

absl::StatusOr<bool> LineReader::Next(Line* line) {
  *line = {};
  line_.clear();
  line->offset = offset_;
  bool is_ended = false;
  while (!is_ended && (at_ < chunk_.size() || Fill())) {
    const std::string_view rest = std::string_view(chunk_).substr(at_);
    const size_t end = rest.find('\n');
    is_ended = end != std::string_view::npos;
    Take(rest.substr(0, end), line);
    const size_t taken = is_ended ? end + 1 : rest.size();
    at_ += taken;
    offset_ += taken;
  }
  if (!is_ended && std::ferror(file_.get()) != 0) {
    return FileError(errno != 0 ? errno : EIO, "read", path_);
  }
  line->number = ++number_;
  line->bytes = line_;
  return is_ended || line->size > 0;
}

}  // namespace footnote::sources
