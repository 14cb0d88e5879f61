// The bytes that the tokens of a passage have in their column.
//
// First comes a varint of how many bytes of tokens stand before those of the
// last sentence (the last 255 of them, where it has more), then the tokens. A
// token is a varint of its lexeme, doubled. Most tokens stand one byte after
// the one before (the first at 0) and are as long as their folded word. Others
// are marked by an added 1 and followed by a varint of the bytes since the end
// of the last token, doubled. Where the length is not that of the word, another
// 1 is added there, and a varint of the length follows.

#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/varint.h"
#include "indexer/index/prepared_document.h"

namespace footnote::index {

// Numbers that stay as they are.
struct SameNumbers {
  uint32_t operator[](uint32_t number) const { return number; }
};

// Encodes the tokens of a passage, of which the last `last_words` are in its
// last sentence. Names lexemes by `numbers`, SameNumbers or a vector;
// `word_bytes(lexeme)` is the length of a folded word.
template <typename Numbers, typename WordBytes>
std::string EncodeTokens(const std::vector<PassageToken>& tokens,
                         size_t last_words, const Numbers& numbers,
                         const WordBytes& word_bytes) {
  std::string out;
  size_t before_last = 0;
  uint32_t expected = 0;
  uint32_t at = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const PassageToken& token = tokens[i];
    if (i + last_words == tokens.size()) {
      before_last = out.size();
    }
    const uint32_t length = token.end - token.start;
    const bool has_length = length != word_bytes(token.lexeme);
    const bool has_gap = has_length || token.start != expected;
    AppendVarint(&out, uint64_t{numbers[token.lexeme]} * 2 + (has_gap ? 1 : 0));
    if (has_gap) {
      AppendVarint(&out, uint64_t{token.start - at} * 2 + (has_length ? 1 : 0));
    }
    if (has_length) {
      AppendVarint(&out, length);
    }
    at = token.end;
    expected = at + 1;
  }
  std::string blob;
  AppendVarint(&blob, last_words == 0 ? out.size() : before_last);
  return blob += out;
}

// Reads tokens one after the other; ends where bytes are damaged.
class TokenReader {
 public:
  // Reads all tokens of a passage, or those of its last sentence.
  enum class Part { kAll, kLastSentence };

  TokenReader(std::string_view blob, Part part)
      : at_(blob.data()), end_(blob.data() + blob.size()) {
    const bool has_head = Read(&before_last_);
    begin_ = at_;
    if (has_head && part == Part::kLastSentence) {
      at_ += std::min<uint64_t>(before_last_, static_cast<size_t>(end_ - at_));
    }
  }

  // Whether the next token is the first of the last sentence.
  bool IsBeforeLastSentence() const {
    return static_cast<uint64_t>(at_ - begin_) == before_last_;
  }

  // Goes to the next token; returns false after the last.
  bool Next() {
    uint64_t head = 0;
    if (!Read(&head)) {
      return false;
    }
    lexeme_ = static_cast<uint32_t>(head >> 1);
    has_gap_ = (head & 1) != 0;
    has_length_ = false;
    if (!has_gap_) {
      return true;
    }
    if (!Read(&gap_)) {
      return false;
    }
    has_length_ = (gap_ & 1) != 0;
    gap_ >>= 1;
    return !has_length_ || Read(&length_);
  }

  uint32_t lexeme() const { return lexeme_; }
  // The bytes since the end of the last token, where they are not as expected.
  bool has_gap() const { return has_gap_; }
  uint64_t gap() const { return gap_; }
  // The length, where it is not that of the folded word.
  bool has_length() const { return has_length_; }
  uint64_t length() const { return length_; }

 private:
  bool Read(uint64_t* value) {
    if constexpr (std::endian::native == std::endian::little) {
      if (static_cast<size_t>(end_ - at_) >= sizeof(uint64_t) &&
          ReadAtOnce(value)) {
        return true;
      }
    }
    return ReadByteByByte(value);
  }

  // Reads a varint of up to five bytes from the next eight, without a branch
  // for each byte. Returns false where it is longer.
  bool ReadAtOnce(uint64_t* value) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, at_, sizeof(bytes));
    const uint64_t ends = ~bytes & 0x8080808080;
    if (ends == 0) {
      return false;
    }
    const int end = std::countr_zero(ends);  // the top bit of the last byte
    bytes &= (uint64_t{1} << end) - 1;
    *value = (bytes & 0x7F) | (bytes >> 1 & 0x3F80) | (bytes >> 2 & 0x1FC000) |
             (bytes >> 3 & 0xFE00000) | (bytes >> 4 & 0x7F0000000);
    at_ += end / 8 + 1;
    return true;
  }

  bool ReadByteByByte(uint64_t* value) {
    constexpr int kBits = 7;
    constexpr int kMaxShift = 35;
    *value = 0;
    for (int shift = 0; at_ != end_ && shift <= kMaxShift; shift += kBits) {
      const auto byte = static_cast<unsigned char>(*at_++);
      *value |= static_cast<uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) {
        return true;
      }
    }
    at_ = end_;
    return false;
  }

  const char* at_;
  const char* end_;
  const char* begin_ = nullptr;  // of the first token
  uint64_t before_last_ = 0;
  uint32_t lexeme_ = 0;
  bool has_gap_ = false;
  bool has_length_ = false;
  uint64_t gap_ = 0;
  uint64_t length_ = 0;
};

// Returns an encoded passage with the lexemes named by `numbers`; appends them,
// as they were named before, to `lexemes`.
inline std::string RenumberTokens(std::string_view blob,
                                  const std::vector<uint32_t>& numbers,
                                  std::vector<uint32_t>* lexemes) {
  std::string out;
  out.reserve(blob.size());
  TokenReader reader(blob, TokenReader::Part::kAll);
  size_t before_last = 0;
  for (bool is_before = reader.IsBeforeLastSentence(); reader.Next();
       is_before = reader.IsBeforeLastSentence()) {
    before_last = is_before ? out.size() : before_last;
    lexemes->push_back(reader.lexeme());
    const bool has_gap = reader.has_gap();
    AppendVarint(&out,
                 uint64_t{numbers[reader.lexeme()]} * 2 + (has_gap ? 1 : 0));
    if (has_gap) {
      AppendVarint(&out, reader.gap() * 2 + (reader.has_length() ? 1 : 0));
    }
    if (reader.has_length()) {
      AppendVarint(&out, reader.length());
    }
  }
  std::string renumbered;
  AppendVarint(&renumbered,
               reader.IsBeforeLastSentence() ? out.size() : before_last);
  return renumbered += out;
}

}  // namespace footnote::index
