// Judged quotes, and how a verifier does on them.

#pragma once

#include <string>
#include <vector>

#include "server/grounding/quote.h"
#include "server/search/view.h"

namespace footnote::grounding {

// A span of a document, in bytes.
struct JudgedSpan {
  std::string document_id;
  ByteRange range;
};

// A line of quotes.jsonl, with its text made.
struct JudgedQuote {
  std::string id;
  std::string kind;
  Quote quote;
  std::string verdict;  // "EXACT"
  std::vector<JudgedSpan> spans;
};

// Reads the quotes on a corpus, "seeds" or "wikipedia", of a file as
// quotes.jsonl is; "" for that one. Runs write_quotes.py.
std::vector<JudgedQuote> ReadJudgedQuotes(const std::string& corpus,
                                          const std::string& file = "");

// Returns "EXACT" for kExact.
std::string NameOf(Verdict verdict);

// How a verifier does on judged quotes.
struct QuoteScore {
  size_t quotes = 0;
  size_t right = 0;           // verdict and spans
  size_t called_present = 0;  // absent ones that are called anything else
  std::vector<std::string> mistakes;

  double share() const {
    return quotes == 0
               ? 0
               : static_cast<double>(right) / static_cast<double>(quotes);
  }
};

// Verifies the quotes one by one and judges as README.md says.
QuoteScore JudgeQuotes(const search::View& view,
                       const std::vector<JudgedQuote>& quotes);

}  // namespace footnote::grounding
