// Marked spans of a passage, as mentions.col and quantities.col have them: for
// each varints of its number, of the bytes since the end of the last one, and
// of its length.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/varint.h"
#include "indexer/index/prepared_document.h"

namespace footnote::index {

// Appends a span after the one that ends at `*at`, which becomes its end.
inline void AppendMark(uint32_t number, uint32_t start, uint32_t end,
                       uint32_t* at, std::string* out) {
  AppendVarint(out, number);
  AppendVarint(out, start - *at);
  AppendVarint(out, end - start);
  *at = end;
}

// Returns the marks of mentions, and of quantities.
inline std::string EncodeMentions(const std::vector<PassageMention>& mentions) {
  std::string out;
  uint32_t at = 0;
  for (const PassageMention& mention : mentions) {
    AppendMark(mention.entity, mention.start, mention.end, &at, &out);
  }
  return out;
}

inline std::string EncodeQuantities(
    const std::vector<PassageQuantity>& quantities) {
  std::string out;
  uint32_t at = 0;
  for (const PassageQuantity& one : quantities) {
    AppendMark(one.quantity, one.start, one.end, &at, &out);
  }
  return out;
}

// Calls `f` with the number, the start and the end of each span of a passage of
// so many bytes; up to the first that is damaged.
template <typename F>
void ForEachMark(std::string_view bytes, uint64_t text_bytes, const F& f) {
  FieldReader reader(bytes);
  uint64_t at = 0;
  while (!reader.AtEnd()) {
    const auto number = static_cast<uint32_t>(reader.Varint());
    const uint64_t gap = reader.Varint();
    const uint64_t length = reader.Varint();
    if (!reader.ok() || gap > text_bytes || length > text_bytes ||
        at + gap + length > text_bytes) {
      break;
    }
    f(number, static_cast<uint32_t>(at + gap),
      static_cast<uint32_t>(at + gap + length));
    at += gap + length;
  }
}

}  // namespace footnote::index
