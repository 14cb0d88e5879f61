#include "server/search/query.h"

#include <algorithm>

#include "indexer/text/sentence_marks.h"
#include "indexer/text/utf8.h"
#include "server/search/query_compiler.h"
#include "server/search/searcher.h"
#include "server/search/syntax.h"

namespace footnote::search {
namespace {

absl::Status CheckText(std::string_view text) {
  // Characters are counted only where there may be too many.
  if (text.size() > kMaxQueryChars) {
    const auto chars = static_cast<uint64_t>(std::count_if(
        text.begin(), text.end(),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (chars > kMaxQueryChars) {
      return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_TOO_LONG",
                       "the query has " + std::to_string(chars) +
                           " characters; at most " +
                           std::to_string(kMaxQueryChars) + " are taken",
                       {{"field", "query"},
                        {"characters", std::to_string(chars)},
                        {"limit", std::to_string(kMaxQueryChars)}});
    }
  }
  const size_t invalid = text::FindInvalidUtf8(text);
  if (invalid != std::string_view::npos) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "QUERY_NOT_UTF8",
        "the query is not valid UTF-8 at byte " + std::to_string(invalid),
        {{"field", "query"}, {"offset", std::to_string(invalid)}});
  }
  if (text::SkipGap(text, 0).end == text.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_EMPTY",
                     "the query is empty; give it at least one word",
                     {{"field", "query"}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Query> ParseQuery(
    std::string_view text, const std::map<std::string, uint64_t>& languages,
    const QueryOptions& options, const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckText(text));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const SyntaxNode root,
      ParseSyntax(text, {options.strict, options.has_field}));
  return CompileQuery(root, languages, options, deadline);
}

std::string ToString(const Query& query) { return RenderSyntax(query.shown); }

}  // namespace footnote::search
