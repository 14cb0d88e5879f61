#include "server/grounding/claims.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "indexer/text/analyzer.h"
#include "indexer/text/sentences.h"
#include "indexer/text/utf8.h"
#include "server/grounding/exemption.h"

namespace footnote::grounding {
namespace {

// Returns how many bytes at the start of `text` are white space, marks of
// Markdown and numbers of lists.
size_t LeadingMarks(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t next = text.find_first_not_of(" \t\r\n#>*-+_|~`", at);
    at = std::min(next, text.size());
    // "1. " and "2) "
    size_t digits = at;
    while (digits < text.size() && digits < at + 3 && text[digits] >= '0' &&
           text[digits] <= '9') {
      ++digits;
    }
    const bool is_number = digits > at && digits + 1 < text.size() &&
                           (text[digits] == '.' || text[digits] == ')') &&
                           text[digits + 1] == ' ';
    if (!is_number) {
      break;
    }
    at = digits + 1;
  }
  return at;
}

size_t TrailingMarks(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n*_|~`");
  return last == std::string_view::npos ? text.size() : text.size() - last - 1;
}

// Splits one answer.
class Splitter {
 public:
  Splitter(std::string_view answer, std::string_view language)
      : answer_(answer),
        language_(language),
        plain_(answer),
        marks_(FindCitationMarks(answer)) {
    for (const CitationMark& mark : marks_) {
      std::fill(plain_.begin() + mark.start, plain_.begin() + mark.end, ' ');
    }
  }

  std::vector<Claim> Split() {
    for (const text::Sentence& sentence :
         text::SplitSentences(plain_, language_)) {
      AddClaim(sentence);
    }
    for (CitationMark& mark : marks_) {
      if (Claim* claim = ClaimOf(mark)) {
        claim->citations.push_back(std::move(mark));
      }
    }
    return std::move(claims_);
  }

 private:
  void AddClaim(const text::Sentence& sentence) {
    const std::string_view all = std::string_view(plain_).substr(
        sentence.start, sentence.end - sentence.start);
    const size_t before = LeadingMarks(all);
    const size_t after = TrailingMarks(all.substr(before));
    const std::string_view said =
        all.substr(before, all.size() - before - after);
    Claim claim;
    claim.start = static_cast<uint32_t>(
        text::CeilToGrapheme(answer_, sentence.start + before));
    claim.end = static_cast<uint32_t>(
        text::FloorToGrapheme(answer_, sentence.start + before + said.size()));
    if (claim.start >= claim.end) {
      return;
    }
    const bool ends_line = sentence.after != text::BreakKind::kSentence;
    const bool has_mark =
        all.substr(0, before).find('#') != std::string_view::npos;
    claim.exemption = ExemptionOf({said, language_, ends_line, has_mark},
                                  analyzer_.Analyze(said, language_));
    claims_.push_back(std::move(claim));
  }

  // Returns the claim that a mark is of: the one that it is in, or the one
  // right before it, else the one that begins after it on its line; or null.
  Claim* ClaimOf(const CitationMark& mark) {
    const auto after = std::partition_point(
        claims_.begin(), claims_.end(),
        [&](const Claim& claim) { return claim.start < mark.start; });
    if (after != claims_.begin()) {
      Claim& before = *std::prev(after);
      const std::string_view between = std::string_view(plain_).substr(
          before.end, mark.start - std::min(mark.start, before.end));
      if (between.find('\n') == std::string_view::npos) {
        return &before;
      }
    }
    const bool is_on_line = after != claims_.end() &&
                            std::string_view(plain_)
                                    .substr(mark.end, after->start - mark.end)
                                    .find('\n') == std::string_view::npos;
    return is_on_line ? &*after : nullptr;
  }

  std::string_view answer_;
  std::string_view language_;
  std::string plain_;  // without citation marks
  std::vector<CitationMark> marks_;
  text::Analyzer analyzer_;
  std::vector<Claim> claims_;
};

}  // namespace

std::vector<Claim> SplitClaims(std::string_view answer,
                               std::string_view language) {
  return Splitter(answer, language).Split();
}

}  // namespace footnote::grounding
