#include "indexer/index/text_column.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <zstd.h>

namespace footnote::index {
namespace {

constexpr int kCompressionLevel = 6;

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

TextColumnWriter::TextColumnWriter(const std::string& path)
    : compressor_(std::make_unique<Compressor>()), blocks_(path, 0) {}

TextColumnWriter::~TextColumnWriter() = default;

uint64_t TextColumnWriter::Append(std::string_view text) {
  const uint64_t start = size_;
  size_ += text.size();
  while (!text.empty()) {
    const size_t taken =
        std::min<size_t>(text.size(), kTextBlockBytes - pending_.size());
    pending_.append(text.substr(0, taken));
    text.remove_prefix(taken);
    if (pending_.size() == kTextBlockBytes) {
      WriteBlock();
    }
  }
  return start;
}

void TextColumnWriter::WriteBlock() {
  std::vector<char>& buffer = compressor_->buffer;
  const size_t size =
      ZSTD_compress2(compressor_->context, buffer.data(), buffer.size(),
                     pending_.data(), pending_.size());
  blocks_.Append({buffer.data(), size});
  pending_.clear();
}

absl::Status TextColumnWriter::Finish() {
  if (!pending_.empty()) {
    WriteBlock();
  }
  return blocks_.Finish();
}

absl::StatusOr<TextColumn> TextColumn::Open(const std::string& path) {
  TextColumn column;
  FOOTNOTE_ASSIGN_OR_RETURN(column.blocks_, BlobColumn::Open(path));
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
    if (i >= blocks_.size()) {
      return Corrupt(i);
    }
    const std::string_view packed = blocks_[i];
    const size_t size =
        ZSTD_decompressDCtx(ThreadContext(), block.data(), block.size(),
                            packed.data(), packed.size());
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
