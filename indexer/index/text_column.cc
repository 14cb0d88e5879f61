#include "indexer/index/text_column.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <zdict.h>
#include <zstd.h>

namespace footnote::index {
namespace {

constexpr int kCompressionLevel = 9;

// A dictionary is trained where there is at least so much text, on so much of
// it, and has at most so many bytes.
constexpr uint64_t kMinTrainingBytes = 1 << 20;
constexpr uint64_t kTrainingBytes = 8 << 20;
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

}  // namespace

struct TextColumnWriter::Compressor {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::vector<char> buffer =
      std::vector<char>(ZSTD_compressBound(kTextBlockBytes));
  Compressor() {
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kCompressionLevel);
    // Reading then notices a damaged block, whatever bits are wrong.
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  }
  ~Compressor() { ZSTD_freeCCtx(context); }
};

struct TextColumn::Dictionary {
  ZSTD_DDict* decoder;
  explicit Dictionary(std::string_view bytes)
      : decoder(ZSTD_createDDict(bytes.data(), bytes.size())) {}
  ~Dictionary() { ZSTD_freeDDict(decoder); }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
};

TextColumnWriter::TextColumnWriter(const std::string& path)
    : compressor_(std::make_unique<Compressor>()), blocks_(path, 0) {}

TextColumnWriter::~TextColumnWriter() = default;

uint64_t TextColumnWriter::Append(std::string_view text) {
  const uint64_t start = size_;
  size_ += text.size();
  pending_ += text;
  if (!started_ && pending_.size() < kTrainingBytes) {
    return start;
  }
  Start();
  std::string_view rest = pending_;
  for (; rest.size() >= kTextBlockBytes; rest.remove_prefix(kTextBlockBytes)) {
    WriteBlock(rest.substr(0, kTextBlockBytes));
  }
  pending_.erase(0, pending_.size() - rest.size());
  return start;
}

// Writes the dictionary, once, from what is pending.
void TextColumnWriter::Start() {
  if (started_) {
    return;
  }
  started_ = true;
  std::string dictionary(kDictionaryBytes, '\0');
  const std::vector<size_t> sizes(pending_.size() / kTextBlockBytes,
                                  kTextBlockBytes);
  const size_t trained =
      pending_.size() < kMinTrainingBytes
          ? 0
          : ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(),
                                  pending_.data(), sizes.data(),
                                  static_cast<unsigned>(sizes.size()));
  dictionary.resize(ZDICT_isError(trained) != 0 ? 0 : trained);
  blocks_.Append(dictionary);
  ZSTD_CCtx_loadDictionary(compressor_->context, dictionary.data(),
                           dictionary.size());
}

void TextColumnWriter::WriteBlock(std::string_view block) {
  std::vector<char>& buffer = compressor_->buffer;
  const size_t size = ZSTD_compress2(compressor_->context, buffer.data(),
                                     buffer.size(), block.data(), block.size());
  blocks_.Append({buffer.data(), size});
}

absl::Status TextColumnWriter::Finish() {
  Start();
  const std::string_view rest = pending_;
  for (size_t at = 0; at < rest.size(); at += kTextBlockBytes) {
    WriteBlock(rest.substr(at, kTextBlockBytes));
  }
  return blocks_.Finish();
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
