#include "server/grounding/claims.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "indexer/text/analyzer.h"
#include "indexer/text/sentences.h"
#include "indexer/text/utf8.h"

namespace footnote::grounding {
namespace {

// How sentences begin that an answerer says about itself or to the reader.
constexpr std::string_view kGreetings[] = {"hello",        "hi",
                                           "hi there",     "dear",
                                           "good morning", "good evening",
                                           "thanks",       "thank you",
                                           "sure",         "of course",
                                           "certainly",    "great question",
                                           "welcome",      "you're welcome",
                                           "i hope",       "let me know",
                                           "feel free",    "please",
                                           "if you",       "here is",
                                           "here are",     "here's",
                                           "happy to",     "glad to",
                                           "would you",    "hallo",
                                           "guten tag",    "bonjour",
                                           "merci",        "hola",
                                           "gracias",      "ciao",
                                           "salve",        "grazie",
                                           "ola",          "obrigado"};
constexpr std::string_view kHedges[] = {"i",
                                        "i'm",
                                        "i've",
                                        "i'd",
                                        "i'll",
                                        "as an ai",
                                        "unfortunately i",
                                        "sorry",
                                        "my apologies",
                                        "the sources do not",
                                        "the sources don't",
                                        "the passages do not",
                                        "the passages don't",
                                        "the documents do not",
                                        "the documents don't",
                                        "the provided",
                                        "the given passages",
                                        "no information",
                                        "there is no information",
                                        "it is unclear from the",
                                        "based on the provided",
                                        "ich",
                                        "je",
                                        "j'ai"};

constexpr size_t kMaxHeadingWords = 12;

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
    claim.exemption = ExemptionOf(said, ends_line, has_mark);
    claims_.push_back(std::move(claim));
  }

  Exemption ExemptionOf(std::string_view said, bool ends_line, bool is_title) {
    const std::vector<text::Token> tokens = analyzer_.Analyze(said, language_);
    const auto has_content = [&](const text::Token& token) {
      return !text::IsStopWord(token.word, language_);
    };
    if (said.find_first_of("?\xEF") != std::string_view::npos &&
        (said.ends_with('?') || said.ends_with("?\"") ||
         said.ends_with("\uFF1F"))) {
      return Exemption::kQuestion;
    }
    if (Begins(tokens, kHedges)) {
      return Exemption::kHedge;
    }
    if (Begins(tokens, kGreetings)) {
      return Exemption::kGreeting;
    }
    if (std::none_of(tokens.begin(), tokens.end(), has_content)) {
      return Exemption::kEmpty;
    }
    const bool leads_on = said.ends_with(':');
    const bool is_short = tokens.size() <= kMaxHeadingWords && ends_line &&
                          !EndsSentence(said) && IsTitle(said, tokens);
    return is_title || leads_on || is_short ? Exemption::kHeading
                                            : Exemption::kNone;
  }

  template <size_t kSize>
  static bool Begins(const std::vector<text::Token>& tokens,
                     const std::string_view (&list)[kSize]) {
    std::string first;
    for (size_t i = 0; i < tokens.size() && i < 5; ++i) {
      first += tokens[i].word + " ";
    }
    return std::any_of(std::begin(list), std::end(list),
                       [&](std::string_view phrase) {
                         return first.starts_with(std::string(phrase) + " ");
                       });
  }

  static bool EndsSentence(std::string_view said) {
    constexpr std::string_view kEnds[] = {".",      "!",      "\u3002",
                                          "\uFF01", "\u2026", "\u0964"};
    while (said.ends_with('"') || said.ends_with(')') || said.ends_with('\'')) {
      said.remove_suffix(1);
    }
    return std::any_of(
        std::begin(kEnds), std::end(kEnds),
        [&](std::string_view end) { return said.ends_with(end); });
  }

  // Whether a line without a full stop is a title: every long word has a
  // capital, or there are only few words.
  static bool IsTitle(std::string_view said,
                      const std::vector<text::Token>& tokens) {
    constexpr size_t kFew = 3;
    constexpr size_t kLong = 4;
    return tokens.size() <= kFew ||
           std::all_of(tokens.begin(), tokens.end(),
                       [&](const text::Token& token) {
                         const char first = said[token.start];
                         return token.end - token.start < kLong ||
                                !(first >= 'a' && first <= 'z');
                       });
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
