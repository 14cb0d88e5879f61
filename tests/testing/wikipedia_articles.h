// The Wikipedia articles of the shared folder.

#pragma once

#include <string>

#include "tests/testing/command_output.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/temp_folder.h"

namespace footnote {

inline constexpr char kWikipediaArticles[] =
    "corpora/wikipedia/articles.jsonl.zst";

// Unpacks them into `folder` and returns the path. For tests that begin with
// FOOTNOTE_NEEDS_SHARED(kWikipediaArticles); needs zstd.
inline std::string UnpackWikipediaArticles(const TempFolder& folder) {
  std::string articles = folder / "articles.jsonl";
  OutputOf("zstd -q -d -o '" + articles + "' '" + SharedFolder() + "/" +
           kWikipediaArticles + "'");
  return articles;
}

}  // namespace footnote
