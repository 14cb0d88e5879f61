#include "tests/grounding/judged_quotes.h"

#include <sstream>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <nlohmann/json.hpp>

#include "indexer/text/code_points.h"
#include "server/grounding/verify_quotes.h"
#include "server/search/documents.h"
#include "tests/testing/command_output.h"

namespace footnote::grounding {
namespace {

JudgedQuote ReadLine(const nlohmann::json& line) {
  JudgedQuote read;
  read.id = line["id"];
  read.kind = line["kind"];
  read.verdict = line["verdict"];
  read.quote.text = line["quote"];
  const nlohmann::json& claimed = line["claimed"];
  read.quote.claim.document_id = claimed.value("document_id", "");
  read.quote.claim.revision = claimed.value("revision", "");
  if (claimed.contains("start")) {
    read.quote.claim.span = ByteRange{claimed["start"], claimed["end"]};
  }
  for (const nlohmann::json& span : line["spans"]) {
    read.spans.push_back(
        {span["document_id"], ByteRange{span["start"], span["end"]}});
  }
  return read;
}

bool IsWhiteSpaceOrPunctuation(char32_t c) {
  const auto value = static_cast<UChar32>(c);
  return u_isUWhiteSpace(value) != 0 ||
         (U_GET_GC_MASK(value) & (U_GC_P_MASK | U_GC_CF_MASK)) != 0;
}

// Returns a span without white space and punctuation at its ends.
ByteRange Trim(const search::View& view, const JudgedSpan& span) {
  const auto read = search::GetDocument(view, span.document_id,
                                        span.range.start, span.range.end);
  if (!read.ok()) {
    return span.range;
  }
  const std::string& text = read->content.text;
  size_t first = text.size();
  size_t last = 0;
  for (size_t at = 0; at < text.size();) {
    const text::CodePoint c = text::DecodeAt(text, at);
    if (!IsWhiteSpaceOrPunctuation(c.value)) {
      first = std::min(first, at);
      last = c.end;
    }
    at = c.end;
  }
  const uint64_t base = read->content.span.start.bytes;
  return {base + first, base + last};
}

std::vector<JudgedSpan> SpansOf(const QuoteCheck& check) {
  std::vector<JudgedSpan> spans;
  for (const QuotedPart& part : check.parts) {
    spans.push_back(
        {part.document.document_id,
         {part.content.span.start.bytes, part.content.span.end.bytes}});
  }
  return spans;
}

bool AreSame(const search::View& view, const std::vector<JudgedSpan>& a,
             const std::vector<JudgedSpan>& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    const ByteRange trimmed_a = Trim(view, a[i]);
    const ByteRange trimmed_b = Trim(view, b[i]);
    if (a[i].document_id != b[i].document_id ||
        trimmed_a.start != trimmed_b.start || trimmed_a.end != trimmed_b.end) {
      return false;
    }
  }
  return true;
}

std::string Describe(const std::string& verdict,
                     const std::vector<JudgedSpan>& spans) {
  std::string text = verdict;
  for (const JudgedSpan& span : spans) {
    text += " " + span.document_id + ":" + std::to_string(span.range.start) +
            "-" + std::to_string(span.range.end);
  }
  return text;
}

}  // namespace

std::vector<JudgedQuote> ReadJudgedQuotes(const std::string& corpus,
                                          const std::string& file) {
  std::istringstream lines(
      OutputOf(std::string("python3 '") + FOOTNOTE_SOURCE_DIR +
               "/tests/grounding/write_quotes.py' " + corpus +
               (file.empty() ? "" : " '" + file + "'")));
  std::vector<JudgedQuote> quotes;
  for (std::string line; std::getline(lines, line);) {
    quotes.push_back(ReadLine(nlohmann::json::parse(line)));
  }
  return quotes;
}

std::string NameOf(Verdict verdict) {
  constexpr const char* kNames[] = {"EXACT", "NORMALISED",    "FUZZY",
                                    "MOVED", "MISATTRIBUTED", "STITCHED",
                                    "ABSENT"};
  return kNames[static_cast<int>(verdict)];
}

QuoteScore JudgeQuotes(const search::View& view,
                       const std::vector<JudgedQuote>& quotes) {
  QuoteScore score;
  for (const JudgedQuote& judged : quotes) {
    search::MemoryBudget memory(256 << 20);
    const auto checks = VerifyQuotes(view, {judged.quote}, {}, memory);
    if (!checks.ok()) {
      score.mistakes.push_back(judged.id + ": " + checks.status().ToString());
      continue;
    }
    const QuoteCheck& check = checks->front();
    const std::string verdict = NameOf(check.verdict);
    const std::vector<JudgedSpan> spans = SpansOf(check);
    const bool is_right =
        verdict == judged.verdict && AreSame(view, spans, judged.spans);
    ++score.quotes;
    score.right += is_right ? 1 : 0;
    score.called_present +=
        judged.verdict == "ABSENT" && verdict != "ABSENT" ? 1 : 0;
    if (!is_right) {
      score.mistakes.push_back(judged.id + " (" + judged.kind +
                               "): " + Describe(verdict, spans) + ", not " +
                               Describe(judged.verdict, judged.spans));
    }
  }
  return score;
}

}  // namespace footnote::grounding
