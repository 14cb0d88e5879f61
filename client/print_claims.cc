#include "client/print_claims.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

#include "client/print.h"

namespace footnote::client {
namespace {

constexpr size_t kIndent = 3;

// Returns an enumerator's name without its prefix, in small letters.
std::string Lower(const std::string& name, std::string_view prefix) {
  std::string lower = name.size() > prefix.size() ? name.substr(prefix.size())
                                                  : std::string("unknown");
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  return lower;
}

std::string NameOf(v1::ClaimStatus status) {
  return Lower(v1::ClaimStatus_Name(status), "CLAIM_STATUS_");
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  });
  return text;
}

std::string FormatScore(double score) {
  char text[16];
  std::snprintf(text, sizeof(text), "%.2f", score);
  return text;
}

// Returns "[1][3]".
template <typename Indices>
std::string FormatIndices(const Indices& indices) {
  std::string text;
  for (const int32_t index : indices) {
    text += "[" + std::to_string(index + 1) + "]";
  }
  return text;
}

// Returns "2. CONTRADICTED · 0.38 · [2]".
std::string FormatHead(int number, const v1::Claim& claim) {
  std::string head =
      std::to_string(number) + ". " + Upper(NameOf(claim.status()));
  if (!claim.grounding_check_required()) {
    return head + std::string(kDot) +
           Lower(v1::ClaimExemption_Name(claim.exemption()),
                 "CLAIM_EXEMPTION_");
  }
  head += std::string(kDot) + FormatScore(claim.score());
  if (claim.citation_indices_size() > 0) {
    head += std::string(kDot) + FormatIndices(claim.citation_indices());
  }
  return head;
}

std::string FormatDisagreement(const v1::Disagreement& disagreement,
                               const Terminal& terminal) {
  std::string line = Lower(v1::DisagreementKind_Name(disagreement.kind()),
                           "DISAGREEMENT_KIND_") +
                     ": \"" + disagreement.claim_piece() + "\"";
  if (!disagreement.has_source_piece()) {
    return WrapText(line + " is not in the sentences that speak of it", {},
                    kIndent, terminal);
  }
  const v1::CitedChunk& piece = disagreement.source_piece();
  line += "; the source has \"" + piece.chunk_text() + "\"";
  if (piece.has_document()) {
    const v1::Span& span = piece.provenance().span();
    line += " (" + piece.document().document_id() + ", bytes " +
            std::to_string(span.start_byte()) + "-" +
            std::to_string(span.end_byte()) + ")";
  }
  return WrapText(line, {}, kIndent, terminal);
}

std::string FormatCorroboration(const v1::Corroboration& corroboration,
                                const Terminal& terminal) {
  const int agreeing = corroboration.agreeing_indices_size();
  const int disagreeing = corroboration.disagreeing_indices_size();
  std::string line;
  if (agreeing > 1) {
    line = Plural(agreeing, "source") +
           " say it: " + FormatIndices(corroboration.agreeing_indices());
  }
  if (agreeing > 0 && disagreeing > 0) {
    line += (line.empty() ? "" : "; ") + Plural(disagreeing, "source") +
            " otherwise: " + FormatIndices(corroboration.disagreeing_indices());
  }
  return line.empty() ? "" : WrapText(line, {}, kIndent, terminal);
}

std::string FormatClaim(int number, const v1::Claim& claim,
                        const Terminal& terminal) {
  std::string text = Bold(FormatHead(number, claim), terminal) + "\n" +
                     WrapText("> " + claim.claim_text(), {}, kIndent, terminal);
  for (const v1::Disagreement& disagreement : claim.disagreements()) {
    text += FormatDisagreement(disagreement, terminal);
  }
  if (claim.has_marks_hold() && !claim.marks_hold()) {
    text += WrapText("what it cites does not bear it", {}, kIndent, terminal);
  }
  text += FormatCorroboration(claim.corroboration(), terminal);
  if (claim.suggestion_indices_size() > 0) {
    text += WrapText("elsewhere in the collection: " +
                         FormatIndices(claim.suggestion_indices()),
                     {}, kIndent, terminal);
  }
  return text + "\n";
}

std::string FormatChunk(int number, const v1::CitedChunk& chunk,
                        const Terminal& terminal) {
  const std::string text = WrapText(chunk.chunk_text(), {}, kIndent, terminal);
  const std::string footnote =
      chunk.has_document()
          ? FormatFootnote(number, chunk.document(), chunk.provenance().span(),
                           chunk.provenance().text_sha256())
          : "[" + std::to_string(number) + "] source " +
                std::to_string(chunk.source_index() + 1) + std::string(kDot) +
                "bytes " + std::to_string(chunk.fact_span().start_byte()) +
                "-" + std::to_string(chunk.fact_span().end_byte());
  return text + std::string(kIndent, ' ') + Dim(footnote, terminal) + "\n";
}

std::string FormatTotals(const v1::CheckGroundingResponse& response) {
  std::map<v1::ClaimStatus, int> counts;
  for (const v1::Claim& claim : response.claims()) {
    ++counts[claim.status()];
  }
  std::string text = "support " + FormatScore(response.support_score()) +
                     std::string(kDot) +
                     Plural(response.claims_size(), "sentence");
  for (const auto& [status, count] : counts) {
    text += std::string(kDot) + std::to_string(count) + " " + NameOf(status);
  }
  return text + "\n";
}

}  // namespace

std::string FormatClaims(const v1::CheckGroundingResponse& response,
                         const Terminal& terminal) {
  std::string text;
  for (const v1::Warning& warning : response.warnings()) {
    text += "note: " + MakeSafeLine(warning.message()) + "\n";
  }
  int number = 0;
  for (const v1::Claim& claim : response.claims()) {
    text += FormatClaim(++number, claim, terminal);
  }
  number = 0;
  for (const v1::CitedChunk& chunk : response.cited_chunks()) {
    text += FormatChunk(++number, chunk, terminal);
  }
  return text + (number > 0 ? "\n" : "") + FormatTotals(response);
}

}  // namespace footnote::client
