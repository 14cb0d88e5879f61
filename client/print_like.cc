#include "client/print_like.h"

#include <cstdio>

#include "client/print.h"
#include "footnote/v1/search.pb.h"

namespace footnote::client {
namespace {

// Returns "heron 3.2 · marsh 2.9", wrapped.
std::string FormatWords(const v1::MoreLikeThisResponse& response,
                        const Terminal& terminal) {
  if (response.words().empty()) {
    return "";
  }
  constexpr size_t kIndent = 2;
  std::string words;
  for (const v1::SourceWord& word : response.words()) {
    constexpr int kDigits = 32;
    char weight[kDigits];
    const int size =
        std::snprintf(weight, sizeof(weight), " %.1f", word.weight());
    words += words.empty() ? "" : kDot;
    words += MakeSafeLine(word.word());
    words.append(weight, static_cast<size_t>(size));
  }
  return Bold("By the words", terminal) + "\n" +
         WrapText(words, {}, kIndent, terminal) + "\n";
}

}  // namespace

std::string FormatLike(const v1::MoreLikeThisResponse& response,
                       const Terminal& terminal) {
  v1::SearchResponse found;
  *found.mutable_passages() = response.passages();
  found.set_next_page_token(response.next_page_token());
  *found.mutable_generation() = response.generation();
  if (response.has_count()) {
    *found.mutable_count() = response.count();
  }
  *found.mutable_warnings() = response.warnings();
  *found.mutable_facets() = response.facets();
  *found.mutable_hidden() = response.hidden();
  return FormatWords(response, terminal) + FormatSearch(found, terminal);
}

}  // namespace footnote::client
