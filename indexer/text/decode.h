// From the bytes of a source to canonical text.

#pragma once

#include <string>
#include <string_view>

#include "indexer/base/status.h"

namespace footnote::text {

struct DecodedText {
  std::string text;      // valid UTF-8 without a leading BOM
  std::string encoding;  // IANA name of what it was: "UTF-8", "windows-1252"
};

// Returns the text of `bytes`: by BOM (UTF-8, UTF-16, UTF-32), else as UTF-8
// where valid, else by ICU's detection. Nothing but the encoding and the BOM
// changes; an empty input is an empty text. Bytes that the detected encoding
// does not define become U+FFFD.
// Errors (kInvalidArgument): BINARY_CONTENT for bytes that are no text (NUL
// bytes outside UTF-16/32, or mostly control characters);
// ENCODING_UNKNOWN where no encoding fits.
absl::StatusOr<DecodedText> DecodeText(std::string_view bytes);

}  // namespace footnote::text
