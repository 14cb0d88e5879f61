#include "indexer/index/column.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

namespace footnote::index {
namespace {

constexpr uint64_t kMagic = 0x314C4F434E544F46;  // "FOTNCOL1"

struct Header {
  uint64_t magic = kMagic;
  uint32_t element_bytes = 0;  // 0 for blobs
  uint32_t offset_bytes = 0;   // 4 or 8 for blobs
  uint64_t count = 0;
  uint64_t offsets_at = 0;  // position in the file; 0 without offsets
};
static_assert(sizeof(Header) == 32);

absl::Status Corrupt(const std::string& path, const std::string& what) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   path + ": " + what, {{"path", path}});
}

}  // namespace

ColumnWriter::ColumnWriter(std::string path, uint32_t element_bytes)
    : path_(std::move(path)), element_bytes_(element_bytes) {
  file_ = std::fopen(path_.c_str(), "wbe");
  if (file_ == nullptr) {
    error_ = errno;
    return;
  }
  const Header empty;
  Write(&empty, sizeof(empty));
  position_ = 0;
}

ColumnWriter::~ColumnWriter() {
  if (file_ != nullptr) {
    std::fclose(file_);
  }
}

void ColumnWriter::Write(const void* data, size_t size) {
  // The data of nothing may be null, which fwrite() does not take.
  if (error_ == 0 && size > 0 && std::fwrite(data, 1, size, file_) != size) {
    error_ = errno;
  }
  position_ += size;
}

void ColumnWriter::Append(std::string_view bytes) {
  if (element_bytes_ == 0) {
    offsets_.push_back(position_);
  }
  Write(bytes.data(), bytes.size());
  ++count_;
}

absl::Status ColumnWriter::Finish() {
  WriteHeader();
  if (error_ == 0 && fsync(fileno(file_)) != 0) {
    error_ = errno;
  }
  return Close();
}

absl::Status ColumnWriter::FinishScratch() {
  WriteHeader();
  return Close();
}

void ColumnWriter::WriteHeader() {
  Header header;
  header.element_bytes = element_bytes_;
  header.count = count_;
  if (element_bytes_ == 0) {
    offsets_.push_back(position_);
    constexpr uint64_t kAlignment = sizeof(uint64_t);
    const bool small = position_ <= UINT32_MAX;
    const uint64_t padding = (kAlignment - position_ % kAlignment) % kAlignment;
    static constexpr char kZeros[kAlignment] = {};
    Write(kZeros, padding);
    header.offsets_at = sizeof(Header) + position_;
    header.offset_bytes = small ? sizeof(uint32_t) : sizeof(uint64_t);
    if (small) {
      const std::vector<uint32_t> offsets(offsets_.begin(), offsets_.end());
      Write(offsets.data(), offsets.size() * sizeof(uint32_t));
    } else {
      Write(offsets_.data(), offsets_.size() * sizeof(uint64_t));
    }
  }
  if (error_ == 0 && (std::fseek(file_, 0, SEEK_SET) != 0 ||
                      std::fwrite(&header, sizeof(header), 1, file_) != 1 ||
                      std::fflush(file_) != 0)) {
    error_ = errno;
  }
}

absl::Status ColumnWriter::Close() {
  if (file_ != nullptr && std::fclose(std::exchange(file_, nullptr)) != 0 &&
      error_ == 0) {
    error_ = errno;
  }
  return error_ == 0 ? absl::OkStatus() : FileError(error_, "write", path_);
}

absl::StatusOr<ColumnFile> ColumnFile::Open(const std::string& path,
                                            uint32_t element_bytes) {
  ColumnFile column;
  FOOTNOTE_ASSIGN_OR_RETURN(column.file_, MappedFile::Open(path));
  const std::string_view bytes = column.file_.bytes();
  Header header;
  if (bytes.size() < sizeof(header)) {
    return Corrupt(path, "shorter than a header");
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != kMagic || header.element_bytes != element_bytes) {
    return Corrupt(path, "not a column of this kind");
  }
  column.count_ = header.count;
  if (element_bytes != 0) {
    column.elements_ = bytes.substr(sizeof(header));
    if (column.elements_.size() / element_bytes != header.count ||
        column.elements_.size() % element_bytes != 0) {
      return Corrupt(path, "size does not fit its count");
    }
    return column;
  }
  const uint64_t offsets_bytes = bytes.size() - header.offsets_at;
  if (header.offsets_at < sizeof(header) || header.offsets_at > bytes.size() ||
      header.offsets_at % sizeof(uint64_t) != 0 || header.count == UINT64_MAX ||
      (header.offset_bytes != sizeof(uint32_t) &&
       header.offset_bytes != sizeof(uint64_t)) ||
      offsets_bytes / header.offset_bytes != header.count + 1) {
    return Corrupt(path, "offsets do not fit its count");
  }
  column.elements_ =
      bytes.substr(sizeof(header), header.offsets_at - sizeof(header));
  column.offsets_ = bytes.data() + header.offsets_at;
  column.wide_ = header.offset_bytes == sizeof(uint64_t);
  return column;
}

absl::StatusOr<BlobColumn> BlobColumn::Open(const std::string& path) {
  BlobColumn column;
  FOOTNOTE_ASSIGN_OR_RETURN(column.file_, ColumnFile::Open(path, 0));
  return column;
}

bool BlobColumn::IsWhole() const {
  const uint64_t bytes = file_.elements().size();
  uint64_t at = 0;
  for (uint64_t i = 0; i <= size(); ++i) {
    const uint64_t next = file_.offset(i);
    if (next < at || next > bytes || (i == 0 && next != 0)) {
      return false;
    }
    at = next;
  }
  return bytes - at < sizeof(uint64_t);  // padding
}

}  // namespace footnote::index
