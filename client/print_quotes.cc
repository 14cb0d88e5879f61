#include "client/print_quotes.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "client/print.h"

namespace footnote::client {
namespace {

constexpr size_t kIndent = 3;

// Returns "MOVED" for QUOTE_VERDICT_MOVED.
std::string NameOf(v1::QuoteVerdict verdict) {
  constexpr std::string_view kPrefix = "QUOTE_VERDICT_";
  const std::string name = v1::QuoteVerdict_Name(verdict);
  return name.empty() ? "UNKNOWN" : name.substr(kPrefix.size());
}

// Returns "2. MOVED · FUZZY by its text · 1 edit in 12 words".
std::string FormatHead(int number, const v1::QuoteCheck& check) {
  std::string head = std::to_string(number) + ". " + NameOf(check.verdict());
  if (check.likeness() != check.verdict()) {
    head += std::string(kDot) + NameOf(check.likeness()) + " by its text";
  }
  if (check.edit_count() > 0) {
    head += std::string(kDot) + Plural(check.edit_count(), "edit") + " in " +
            Plural(check.word_count(), "word");
  }
  return head;
}

std::string FormatDifference(const v1::QuoteDifference& difference) {
  const std::string quote = "\"" + difference.quote_text() + "\"";
  const std::string source = "\"" + difference.source_text() + "\"";
  if (difference.quote_text().empty()) {
    return "left out: " + source;
  }
  return difference.source_text().empty() ? "put in: " + quote
                                          : quote + " for " + source;
}

std::string FormatPart(int number, const v1::QuotedPart& part,
                       const Terminal& terminal) {
  return WrapText(part.text(), {}, kIndent, terminal) +
         std::string(kIndent, ' ') +
         Dim(FormatFootnote(number, part.document(), part.provenance().span(),
                            part.provenance().text_sha256()),
             terminal) +
         "\n";
}

std::string FormatCounts(const v1::VerifyQuotesResponse& response) {
  std::map<v1::QuoteVerdict, int> counts;
  for (const v1::QuoteCheck& check : response.checks()) {
    ++counts[check.verdict()];
  }
  std::string text = Plural(response.checks_size(), "quote");
  for (const auto& [verdict, count] : counts) {
    text += std::string(kDot) + std::to_string(count) + " " + NameOf(verdict);
  }
  return text + "\n";
}

}  // namespace

std::string FormatQuotes(const v1::VerifyQuotesRequest& request,
                         const v1::VerifyQuotesResponse& response,
                         const Terminal& terminal) {
  std::string text;
  for (const v1::Warning& warning : response.warnings()) {
    text += "note: " + MakeSafeLine(warning.message()) + "\n";
  }
  int footnote = 0;
  const int count = std::min(request.quotes_size(), response.checks_size());
  for (int i = 0; i < count; ++i) {
    const v1::QuoteCheck& check = response.checks(i);
    text += Bold(FormatHead(i + 1, check), terminal) + "\n";
    text += WrapText("> " + request.quotes(i).text(), {}, kIndent, terminal);
    for (const v1::QuoteDifference& difference : check.differences()) {
      text += WrapText(FormatDifference(difference), {}, kIndent, terminal);
    }
    if (check.incomplete()) {
      text += WrapText("its words are too frequent to look everywhere", {},
                       kIndent, terminal);
    }
    for (const v1::QuotedPart& part : check.parts()) {
      text += FormatPart(++footnote, part, terminal);
    }
    text += "\n";
  }
  return text + FormatCounts(response);
}

}  // namespace footnote::client
