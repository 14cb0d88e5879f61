#include "indexer/text/decode.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;
constexpr size_t kMaxConvertedBytes = size_t{1} << 30;  // ICU counts in int32

struct Encoding {
  std::string_view bom;
  const char* name;
};
// UTF-32 first: its little-endian BOM starts with that of UTF-16.
constexpr Encoding kBoms[] = {{{"\x00\x00\xFE\xFF", 4}, "UTF-32BE"},
                              {{"\xFF\xFE\x00\x00", 4}, "UTF-32LE"},
                              {"\xFE\xFF", "UTF-16BE"},
                              {"\xFF\xFE", "UTF-16LE"},
                              {"\xEF\xBB\xBF", "UTF-8"}};

absl::Status BinaryError(const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BINARY_CONTENT",
                   "the content is no text: " + what);
}

absl::Status EncodingError(const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "ENCODING_UNKNOWN",
                   what);
}

bool IsControl(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' &&
         byte != '\f' && byte != '\x1B';
}

// Fails for bytes of an ASCII-compatible encoding that are no text.
absl::Status CheckIsText(std::string_view bytes) {
  if (const size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    return BinaryError("a NUL byte at " + std::to_string(nul));
  }
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  const auto controls = static_cast<size_t>(
      std::count_if(sample.begin(), sample.end(), IsControl));
  if (controls * 10 > sample.size()) {
    return BinaryError(std::to_string(controls) + " control characters in " +
                       std::to_string(sample.size()) + " bytes");
  }
  return absl::OkStatus();
}

// Returns UTF-16 or UTF-32 without a BOM as the places of NUL bytes tell.
const char* FindWideEncoding(std::string_view bytes) {
  const std::string_view sample =
      bytes.substr(0, std::min(bytes.size(), kSampleBytes) / 4 * 4);
  std::array<size_t, 4> nuls{};
  for (size_t i = 0; i < sample.size(); ++i) {
    nuls[i % 4] += sample[i] == '\0' ? 1 : 0;
  }
  const size_t units = sample.size() / 4;
  if (bytes.size() % 2 != 0 || units == 0) {
    return nullptr;
  }
  const bool may_be_utf32 = bytes.size() % 4 == 0;
  if (may_be_utf32 && nuls[0] == units && nuls[1] * 2 >= units) {
    return "UTF-32BE";
  }
  if (may_be_utf32 && nuls[3] == units && nuls[2] * 2 >= units) {
    return "UTF-32LE";
  }
  const size_t even = nuls[0] + nuls[2];
  const size_t odd = nuls[1] + nuls[3];
  const size_t more = std::max(even, odd);
  // Half the units in scripts of one byte, only spaces and the like in others,
  // which takes a longer text to tell.
  constexpr size_t kManyUnits = 32;
  const bool is_frequent =
      more * 2 >= units * 3 || (units >= kManyUnits && more * 5 >= units);
  constexpr size_t kMuchMore = 20;
  if (!is_frequent || std::min(even, odd) * kMuchMore > more) {
    return nullptr;
  }
  return even > odd ? "UTF-16BE" : "UTF-16LE";
}

absl::StatusOr<std::string> Convert(std::string_view bytes, const char* name) {
  if (bytes.size() > kMaxConvertedBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "DOCUMENT_TOO_LARGE",
                     std::string(name) + " text over 1 GiB");
  }
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(
      ucnv_open(name, &error), &ucnv_close);
  if (U_FAILURE(error) != 0) {
    return EncodingError("no converter for " + std::string(name));
  }
  const icu::UnicodeString text(
      bytes.data(), static_cast<int32_t>(bytes.size()), converter.get(), error);
  if (U_FAILURE(error) != 0) {
    return EncodingError("cannot convert from " + std::string(name));
  }
  std::string converted;
  text.toUTF8String(converted);
  return converted;
}

absl::StatusOr<DecodedText> DecodeWide(std::string_view bytes,
                                       const char* name) {
  FOOTNOTE_ASSIGN_OR_RETURN(std::string text, Convert(bytes, name));
  FOOTNOTE_RETURN_IF_ERROR(CheckIsText(text));
  return DecodedText{std::move(text), name};
}

// Replaces C1 controls, which ICU makes of undefined bytes of the encoding.
std::string ReplaceC1(const std::string& text) {
  std::string replaced;
  replaced.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_c1 = text[i] == '\xC2' && i + 1 < text.size() &&
                       static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (is_c1) {
      replaced += "\xEF\xBF\xBD";
      ++i;
    } else {
      replaced += text[i];
    }
  }
  return replaced;
}

struct Guess {
  std::string name;
  int confidence = 0;
};

// Returns ICU's guesses, the best first, without those that cannot be.
std::vector<Guess> Detect(std::string_view bytes) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(
      ucsdet_open(&error), &ucsdet_close);
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  ucsdet_setText(detector.get(), sample.data(),
                 static_cast<int32_t>(sample.size()), &error);
  int32_t count = 0;
  const UCharsetMatch** matches =
      ucsdet_detectAll(detector.get(), &count, &error);
  std::vector<Guess> guesses;
  for (int32_t i = 0; U_SUCCESS(error) != 0 && i < count; ++i) {
    Guess guess{ucsdet_getName(matches[i], &error),
                ucsdet_getConfidence(matches[i], &error)};
    if (guess.name == "ISO-8859-1") {
      guess.name = "windows-1252";
    }
    if (!guess.name.starts_with("UTF-") && !guess.name.starts_with("IBM")) {
      guesses.push_back(std::move(guess));
    }
  }
  return guesses;
}

// Whether bytes that are not valid UTF-8 are UTF-8 nevertheless, damaged here
// and there.
bool IsDamagedUtf8(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  const std::string replaced = ReplaceInvalidUtf8(sample);
  size_t damaged = 0;
  size_t leads = 0;
  for (size_t i = 0; i < replaced.size(); ++i) {
    leads += static_cast<unsigned char>(replaced[i]) >= 0xC0 ? 1 : 0;
    damaged += replaced.compare(i, 3, "\xEF\xBF\xBD") == 0 ? 1 : 0;
  }
  return damaged * 4 < leads;
}

// Whether a few bytes of `bytes` only are not ASCII: accents, not a script.
bool IsMostlyAscii(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  const auto others = std::count_if(sample.begin(), sample.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80;
  });
  return static_cast<size_t>(others) * 4 <= sample.size();
}

// Returns the encoding to use, or "": windows-1252 where it is nearly as good
// a guess as another of one byte a character.
std::string ChooseEncoding(const std::vector<Guess>& guesses) {
  constexpr int kMinConfidence = 8;
  constexpr int kNear = 15;
  if (guesses.empty() || guesses.front().confidence < kMinConfidence) {
    return "";
  }
  const Guess& best = guesses.front();
  const bool is_single_byte = best.name.starts_with("ISO-8859") ||
                              best.name.starts_with("windows-125") ||
                              best.name.starts_with("KOI8");
  for (const Guess& guess : guesses) {
    if (is_single_byte && guess.name == "windows-1252" &&
        guess.confidence + kNear >= best.confidence) {
      return guess.name;
    }
  }
  return best.name;
}

absl::StatusOr<DecodedText> DecodeNamed(std::string_view bytes,
                                        const std::string& name) {
  FOOTNOTE_ASSIGN_OR_RETURN(std::string text, Convert(bytes, name.c_str()));
  return DecodedText{ReplaceC1(text), name};
}

absl::StatusOr<DecodedText> DecodeByDetection(std::string_view bytes) {
  if (IsDamagedUtf8(bytes)) {
    return DecodedText{ReplaceInvalidUtf8(bytes), "UTF-8"};
  }
  std::string name = ChooseEncoding(Detect(bytes));
  if (name.empty() && IsMostlyAscii(bytes)) {
    name = "windows-1252";
  }
  if (name.empty()) {
    return EncodingError("no known encoding fits the content");
  }
  return DecodeNamed(bytes, name);
}

// Whether ASCII bytes may be ISO-2022, which escapes to other characters.
bool MayBeIso2022(std::string_view bytes) {
  return bytes.find("\x1B$") != std::string_view::npos;
}

absl::StatusOr<DecodedText> DecodeBehindBom(std::string_view bytes,
                                            const Encoding& encoding) {
  bytes.remove_prefix(encoding.bom.size());
  if (std::string_view(encoding.name) != "UTF-8") {
    return DecodeWide(bytes, encoding.name);
  }
  FOOTNOTE_RETURN_IF_ERROR(CheckIsText(bytes));
  return DecodedText{ReplaceInvalidUtf8(bytes), encoding.name};
}

// Decodes valid UTF-8: ISO-2022 looks like ASCII.
absl::StatusOr<DecodedText> DecodeUtf8(std::string_view bytes) {
  if (MayBeIso2022(bytes)) {
    const std::vector<Guess> guesses = Detect(bytes);
    if (!guesses.empty() && guesses.front().name.starts_with("ISO-2022")) {
      return DecodeNamed(bytes, guesses.front().name);
    }
  }
  return DecodedText{std::string(bytes), "UTF-8"};
}

}  // namespace

absl::StatusOr<DecodedText> DecodeText(std::string_view bytes) {
  for (const Encoding& encoding : kBoms) {
    if (bytes.starts_with(encoding.bom)) {
      return DecodeBehindBom(bytes, encoding);
    }
  }
  if (const char* wide = FindWideEncoding(bytes); wide != nullptr) {
    return DecodeWide(bytes, wide);
  }
  if (absl::Status status = CheckIsText(bytes); !status.ok()) {
    return status;
  }
  return FindInvalidUtf8(bytes) == std::string_view::npos
             ? DecodeUtf8(bytes)
             : DecodeByDetection(bytes);
}

}  // namespace footnote::text
