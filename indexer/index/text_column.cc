#include "indexer/index/text_column.h"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <utility>
#include <vector>

#include <unistd.h>
#include <zdict.h>
#include <zstd.h>

#include "indexer/base/file.h"
#include "indexer/base/parallel.h"

namespace footnote::index {
namespace {

constexpr int kCompressionLevel = 3;

// A dictionary is trained where there is at least so much text, on so much of
// it, and has at most so many bytes.
constexpr uint64_t kMinTrainingBytes = 1 << 20;
constexpr uint64_t kTrainingBytes = 8 << 20;
// Stretches of whole blocks are compressed at once, some for each thread.
constexpr uint64_t kStretchBytes = 512 * kTextBlockBytes;
constexpr size_t kDictionaryBytes = 96 << 10;

absl::Status Corrupt(uint64_t block) {
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   "text block " + std::to_string(block) + " is damaged");
}

// One decompression context a thread: they are costly to make.
ZSTD_DCtx* ThreadContext() {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  thread_local std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  return context.get();
}

// A dictionary for compressing; thread-safe.
class Encoder {
 public:
  explicit Encoder(const std::string& dictionary)
      : dictionary_(ZSTD_createCDict(dictionary.data(), dictionary.size(),
                                     kCompressionLevel)) {}
  ~Encoder() { ZSTD_freeCDict(dictionary_); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  // Returns the frames of the blocks of `text`, the last of which may be short.
  std::vector<std::string> Compress(std::string_view text) const {
    struct Free {
      void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    };
    const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
    // Reading then notices a damaged block, whatever bits are wrong.
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_refCDict(context.get(), dictionary_);
    std::vector<char> buffer(ZSTD_compressBound(kTextBlockBytes));
    std::vector<std::string> frames;
    for (size_t at = 0; at < text.size(); at += kTextBlockBytes) {
      const std::string_view block = text.substr(at, kTextBlockBytes);
      frames.emplace_back(
          buffer.data(),
          ZSTD_compress2(context.get(), buffer.data(), buffer.size(),
                         block.data(), block.size()));
    }
    return frames;
  }

 private:
  ZSTD_CDict* dictionary_;
};

// Returns a dictionary trained on the first texts of a column; "" where there
// are too few.
std::string Train(const std::string& text) {
  if (text.size() < kMinTrainingBytes) {
    return "";
  }
  std::string dictionary(kDictionaryBytes, '\0');
  const std::vector<size_t> sizes(text.size() / kTextBlockBytes,
                                  kTextBlockBytes);
  const size_t trained =
      ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), text.data(),
                            sizes.data(), static_cast<unsigned>(sizes.size()));
  dictionary.resize(ZDICT_isError(trained) != 0 ? 0 : trained);
  return dictionary;
}

std::string RawPath(const std::string& path) { return path + ".raw"; }

}  // namespace

struct TextColumn::Dictionary {
  ZSTD_DDict* decoder;
  explicit Dictionary(std::string_view bytes)
      : decoder(ZSTD_createDDict(bytes.data(), bytes.size())) {}
  ~Dictionary() { ZSTD_freeDDict(decoder); }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
};

TextColumnWriter::TextColumnWriter(std::string path)
    : path_(std::move(path)), raw_(std::fopen(RawPath(path_).c_str(), "w+be")) {
  error_ = raw_ == nullptr ? errno : 0;
}

TextColumnWriter::~TextColumnWriter() {
  if (raw_ != nullptr) {
    std::fclose(raw_);
    std::remove(RawPath(path_).c_str());
  }
}

uint64_t TextColumnWriter::Append(std::string_view text) {
  if (error_ == 0 && !text.empty() &&
      std::fwrite(text.data(), 1, text.size(), raw_) != text.size()) {
    error_ = errno;
  }
  const uint64_t start = size_;
  size_ += text.size();
  return start;
}

absl::StatusOr<std::string> TextColumnWriter::ReadRaw(uint64_t start,
                                                      uint64_t bytes) const {
  std::string text(std::min(bytes, size_ - start), '\0');
  for (size_t at = 0; at < text.size();) {
    const ssize_t read = pread(fileno(raw_), text.data() + at, text.size() - at,
                               static_cast<off_t>(start + at));
    if (read <= 0) {
      return FileError(read < 0 ? errno : EIO, "read", RawPath(path_));
    }
    at += static_cast<size_t>(read);
  }
  return text;
}

absl::Status TextColumnWriter::Finish(int threads) {
  if (error_ == 0 && std::fflush(raw_) != 0) {
    error_ = errno;
  }
  if (error_ != 0) {
    return FileError(error_, "write", RawPath(path_));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string first,
                            ReadRaw(0, kTrainingBytes));
  const std::string dictionary = Train(first);
  const Encoder encoder(dictionary);
  ColumnWriter blocks(path_, 0);
  blocks.Append(dictionary);
  const auto compress = [&](uint64_t start,
                            std::vector<std::string>* frames) -> absl::Status {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string text,
                              ReadRaw(start, kStretchBytes));
    *frames = encoder.Compress(text);
    return absl::OkStatus();
  };
  const uint64_t round = kStretchBytes * 2 * static_cast<uint64_t>(threads);
  for (uint64_t start = 0; start < size_; start += round) {
    std::vector<std::vector<std::string>> frames(
        (std::min(size_ - start, round) + kStretchBytes - 1) / kStretchBytes);
    std::vector<std::function<absl::Status()>> tasks;
    for (size_t i = 0; i < frames.size(); ++i) {
      tasks.emplace_back(
          [&, i] { return compress(start + i * kStretchBytes, &frames[i]); });
    }
    FOOTNOTE_RETURN_IF_ERROR(RunTasks(tasks, threads));
    for (const std::vector<std::string>& stretch : frames) {
      for (const std::string& frame : stretch) {
        blocks.Append(frame);
      }
    }
  }
  std::fclose(std::exchange(raw_, nullptr));
  std::remove(RawPath(path_).c_str());
  return blocks.Finish();
}

absl::StatusOr<TextColumn> TextColumn::Open(const std::string& path) {
  TextColumn column;
  FOOTNOTE_ASSIGN_OR_RETURN(column.blobs_, BlobColumn::Open(path));
  if (column.blobs_.size() == 0) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     path + ": no dictionary", {{"path", path}});
  }
  if (const std::string_view bytes = column.blobs_[0]; !bytes.empty()) {
    column.dictionary_ = std::make_shared<const Dictionary>(bytes);
  }
  return column;
}

absl::StatusOr<std::string> TextColumn::Read(uint64_t start,
                                             uint64_t end) const {
  std::string text;
  if (start >= end) {
    return text;
  }
  text.reserve(end - start);
  std::vector<char> block(kTextBlockBytes);
  const uint64_t last = (end - 1) / kTextBlockBytes;
  for (uint64_t i = start / kTextBlockBytes; i <= last; ++i) {
    if (i + 1 >= blobs_.size()) {
      return Corrupt(i);
    }
    const std::string_view packed = blobs_[i + 1];
    const size_t size = ZSTD_decompress_usingDDict(
        ThreadContext(), block.data(), block.size(), packed.data(),
        packed.size(), dictionary_ ? dictionary_->decoder : nullptr);
    const uint64_t base = i * kTextBlockBytes;
    const uint64_t from = std::max(start, base) - base;
    const uint64_t to = std::min(end - base, kTextBlockBytes);
    if (ZSTD_isError(size) != 0 || size < to) {
      return Corrupt(i);
    }
    text.append(block.data() + from, to - from);
  }
  return text;
}

}  // namespace footnote::index
