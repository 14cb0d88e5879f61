#include "indexer/index/verify.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "indexer/base/file.h"

namespace footnote::index {
namespace {

constexpr size_t kBlockBytes = 1 << 20;

// A file opened for reading once, from its start to its end.
class Reader {
 public:
  explicit Reader(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)), buffer_(kBlockBytes) {
    error_ = fd_ < 0 ? errno : 0;
  }
  ~Reader() {
    if (fd_ >= 0) {
      posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED);
      close(fd_);
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Returns the next bytes; none at the end, and where error() is set.
  std::string_view Next() {
    ssize_t count = -1;
    do {
      count = error_ == 0 ? read(fd_, buffer_.data(), buffer_.size()) : 0;
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
      error_ = errno;
      return {};
    }
    return {buffer_.data(), static_cast<size_t>(count)};
  }

  // What errno was; 0 where all went well.
  int error() const { return error_; }

 private:
  int fd_;
  int error_ = 0;
  std::vector<char> buffer_;
};

// Returns whether an error is of the reader: no descriptor, memory or right.
bool SaysNothingOfTheFile(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM ||
         error == EACCES || error == EPERM;
}

}  // namespace

void Findings::Add(Finding finding) {
  if (count_++ < max_kept_) {
    kept_.push_back(std::move(finding));
  }
}

absl::Status VerifyFile(const std::string& folder, const std::string& relative,
                        const FileEntry& entry, const Throttle& throttle,
                        Findings* findings) {
  Reader reader(folder + "/" + relative);
  Sha256 sha;
  uint64_t size = 0;
  for (std::string_view bytes = reader.Next(); !bytes.empty();
       bytes = reader.Next()) {
    sha.Update(bytes);
    size += bytes.size();
    FOOTNOTE_RETURN_IF_ERROR(throttle ? throttle(bytes.size())
                                      : absl::OkStatus());
  }
  if (reader.error() == ENOENT) {
    findings->Add(relative, "is missing");
  } else if (SaysNothingOfTheFile(reader.error())) {
    return FileError(reader.error(), "read", folder + "/" + relative);
  } else if (reader.error() != 0) {
    findings->Add(
        relative,
        "cannot be read: " + std::generic_category().message(reader.error()));
  } else if (size != entry.bytes) {
    findings->Add(relative, "has " + std::to_string(size) +
                                " bytes; the manifest says " +
                                std::to_string(entry.bytes));
  } else if (const Digest digest = sha.Finish(); digest != entry.sha256) {
    findings->Add(relative, "has the digest " + ToHex(digest) +
                                "; the manifest says " + ToHex(entry.sha256));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Finding>> VerifyDigests(const std::string& folder,
                                                   const SegmentEntry& entry,
                                                   const Throttle& throttle) {
  Findings findings(SIZE_MAX);
  for (const FileEntry& file : entry.segment.files) {
    FOOTNOTE_RETURN_IF_ERROR(
        VerifyFile(folder, "segments/" + entry.segment.id + "/" + file.name,
                   file, throttle, &findings));
  }
  if (entry.tombstones) {
    const FileEntry& file = entry.tombstones->file;
    FOOTNOTE_RETURN_IF_ERROR(VerifyFile(folder, "generations/" + file.name,
                                        file, throttle, &findings));
  }
  return findings.kept();
}

}  // namespace footnote::index
