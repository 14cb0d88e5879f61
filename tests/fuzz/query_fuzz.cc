// Any text is a query: it parses, its normal form says the same, it compiles.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "indexer/text/utf8.h"
#include "server/search/query.h"
#include "server/search/syntax.h"
#include "tests/fuzz/expect.h"

namespace footnote::search {
namespace {

// The first byte says which fields there are and whether slips are errors.
void CheckQuery(uint8_t flags, std::string_view text) {
  if (text::FindInvalidUtf8(text) != std::string_view::npos) {
    FUZZ_EXPECT(ErrorReason(ParseQuery(text, {{"en", 1}}).status()) ==
                "QUERY_NOT_UTF8");
    return;
  }
  SyntaxOptions options;
  if ((flags & 1) != 0) {
    options.has_field = [](const std::string&) { return true; };
  }
  const auto tree = ParseSyntax(text, options);
  if (!tree.ok()) {
    FUZZ_EXPECT(ErrorReason(tree.status()) == "QUERY_TOO_COMPLEX");
    return;
  }
  const std::string normal = RenderSyntax(*tree);
  options.strict = true;  // the normal form has no slips
  const auto again = ParseSyntax(normal, options);
  FUZZ_EXPECT(again.ok());
  FUZZ_EXPECT(*again == *tree);
  FUZZ_EXPECT(RenderSyntax(*again) == normal);
  const auto strict = ParseSyntax(text, options);
  FUZZ_EXPECT(strict.ok() ? *strict == *tree
                          : ErrorReason(strict.status()) == "QUERY_SYNTAX");
  QueryOptions query_options;
  query_options.has_field = options.has_field;
  query_options.exact_words = (flags & 2) != 0;
  const auto query = ParseQuery(text, {{"en", 2}, {"ja", 1}}, query_options);
  FUZZ_EXPECT(query.ok() || ErrorReason(query.status()) == "QUERY_EMPTY");
  if (query.ok()) {
    // What is shown has brackets of its own, and may be too deep.
    const auto shown = ParseSyntax(ToString(*query), options);
    FUZZ_EXPECT(shown.ok() ||
                ErrorReason(shown.status()) == "QUERY_TOO_COMPLEX");
  }
}

}  // namespace
}  // namespace footnote::search

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0) {
    footnote::search::CheckQuery(
        data[0], {reinterpret_cast<const char*>(data + 1), size - 1});
  }
  return 0;
}
