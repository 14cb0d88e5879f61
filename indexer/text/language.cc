#include "indexer/text/language.h"

#include <algorithm>
#include <array>

#include <cld2/public/compact_lang_det.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "indexer/text/code_points.h"
#include "indexer/text/utf8.h"

namespace footnote::text {
namespace {

constexpr size_t kMaxLookedAt = size_t{64} << 10;
constexpr size_t kMaxForScript = 4096;
constexpr char kUnknown[] = "und";

// Scripts that one language alone is written in, or nearly so.
struct ScriptLanguage {
  UScriptCode script;
  std::string_view language;
};
constexpr ScriptLanguage kScriptLanguages[] = {
    {USCRIPT_HIRAGANA, "ja"}, {USCRIPT_KATAKANA, "ja"},
    {USCRIPT_HANGUL, "ko"},   {USCRIPT_HAN, "zh"},
    {USCRIPT_THAI, "th"},     {USCRIPT_LAO, "lo"},
    {USCRIPT_KHMER, "km"},    {USCRIPT_MYANMAR, "my"},
    {USCRIPT_GREEK, "el"},    {USCRIPT_HEBREW, "he"},
    {USCRIPT_ARMENIAN, "hy"}, {USCRIPT_GEORGIAN, "ka"},
    {USCRIPT_TAMIL, "ta"},    {USCRIPT_TELUGU, "te"},
    {USCRIPT_KANNADA, "kn"},  {USCRIPT_MALAYALAM, "ml"},
    {USCRIPT_GUJARATI, "gu"}, {USCRIPT_GURMUKHI, "pa"},
    {USCRIPT_SINHALA, "si"}};

// Returns the language that the script of most letters tells, or "und".
std::string LanguageOfScript(std::string_view text) {
  std::array<size_t, std::size(kScriptLanguages)> counts{};
  size_t letters = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint read = DecodeAt(text, at);
    at = read.end;
    const auto c = static_cast<UChar32>(read.value);
    if ((U_GET_GC_MASK(c) & U_GC_L_MASK) == 0) {
      continue;
    }
    ++letters;
    UErrorCode error = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &error);
    for (size_t i = 0; i < counts.size(); ++i) {
      counts[i] += kScriptLanguages[i].script == script ? 1 : 0;
    }
  }
  constexpr size_t kHan = 3;
  const size_t kana = counts[0] + counts[1];
  if (kana > 0 && (kana + counts[kHan]) * 2 > letters) {
    return "ja";
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] * 2 > letters) {
      return std::string(kScriptLanguages[i].language);
    }
  }
  return kUnknown;
}

// Returns the subtag in use for a code of CLD2.
std::string FromCld2Code(const std::string& code) {
  const std::string primary = PrimaryLanguage(code);
  if (primary == "iw") {
    return "he";
  }
  if (primary == "jw") {
    return "jv";
  }
  const bool is_none = primary.empty() || primary == "un" || primary == "xx";
  return is_none ? kUnknown : primary;
}

// Returns `text`, or pieces from all over it where it is long: enough to tell
// the language by, and cheap.
std::string TakeSample(std::string_view text) {
  constexpr size_t kPieces = 4;
  constexpr size_t kPieceBytes = 2048;
  if (text.size() <= kPieces * kPieceBytes) {
    return std::string(text);
  }
  std::string sample;
  for (size_t i = 0; i < kPieces; ++i) {
    const size_t start = FloorToCodePoint(text, text.size() / kPieces * i);
    const size_t end = FloorToCodePoint(text, start + kPieceBytes);
    sample += text.substr(start, end - start);
    sample += '\n';
  }
  return sample;
}

bool IsAsciiLetter(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z';
}

}  // namespace

std::string DetectLanguage(std::string_view text) {
  text = text.substr(0, FloorToCodePoint(text, kMaxLookedAt));
  const std::string sample = TakeSample(text);
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  int text_bytes = 0;
  bool is_reliable = false;
  CLD2::ExtDetectLanguageSummary(sample.data(), static_cast<int>(sample.size()),
                                 /*is_plain_text=*/true, languages.data(),
                                 percents.data(), &text_bytes, &is_reliable);
  if (is_reliable) {
    std::string language = FromCld2Code(CLD2::LanguageCode(languages[0]));
    if (language != kUnknown) {
      return language;
    }
  }
  return LanguageOfScript(
      text.substr(0, FloorToCodePoint(text, kMaxForScript)));
}

std::string PrimaryLanguage(std::string_view tag) {
  std::string primary(tag.substr(0, tag.find_first_of("-_")));
  if (primary.size() < 2 || primary.size() > 8 ||
      !std::all_of(primary.begin(), primary.end(), IsAsciiLetter)) {
    return "";
  }
  for (char& c : primary) {
    c = static_cast<char>(c | 0x20);
  }
  return primary;
}

}  // namespace footnote::text
