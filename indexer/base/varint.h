// Variable-length integers (LEB128) and length-prefixed strings.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace footnote {

// Appends `value` as 1 to 10 bytes: seven bits each, lowest first, the top bit
// set on all but the last.
inline void AppendVarint(std::string* out, uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

// Returns numbers as varints, one after the other.
inline std::string EncodeVarints(const std::vector<uint32_t>& numbers) {
  std::string out;
  for (const uint32_t number : numbers) {
    AppendVarint(&out, number);
  }
  return out;
}

// Appends the length of `field` as a varint, then its bytes.
inline void AppendField(std::string* out, std::string_view field) {
  AppendVarint(out, field.size());
  out->append(field);
}

// Reads varints and fields one after the other. After bytes that are cut short
// or ill-formed ok() is false, and every later read gives 0 or "".
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) {
        break;
      }
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return Fail();
  }

  std::string_view Bytes(uint64_t size) {
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::string_view Field() { return Bytes(Varint()); }

  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }

 private:
  uint64_t Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace footnote
