// What language a text is in.

#pragma once

#include <string>
#include <string_view>

namespace footnote::text {

// Returns the BCP 47 primary subtag of the main language of `text` ("en",
// "zh"), or "und" where it is too short or unclear. Looks at pieces of the
// first 64 KiB. Thread-safe.
std::string DetectLanguage(std::string_view text);

// Returns the primary subtag of a language tag as people write it ("en-US",
// "EN", "pt_BR" -> "en", "en", "pt"), or "" where it is not one.
std::string PrimaryLanguage(std::string_view tag);

}  // namespace footnote::text
