#include "server/service/quote_conversion.h"

#include <algorithm>
#include <utility>

namespace footnote::service {
namespace {

// Returns a revision in lower case.
absl::StatusOr<std::string> ParseRevision(std::string revision,
                                          const std::string& field) {
  constexpr size_t kDigits = 64;
  std::transform(
      revision.begin(), revision.end(), revision.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
      });
  const bool is_valid =
      revision.empty() ||
      (revision.size() == kDigits &&
       revision.find_first_not_of("0123456789abcdef") == std::string::npos);
  if (!is_valid) {
    return MakeError(absl::StatusCode::kInvalidArgument, "REVISION_INVALID",
                     field + " must be 64 hexadecimal digits",
                     {{"field", field}});
  }
  return revision;
}

absl::StatusOr<grounding::QuoteClaim> ParseClaim(
    const v1::QuoteClaim& claim, const CollectionNames& collection,
    const std::string& field) {
  grounding::QuoteClaim parsed;
  FOOTNOTE_ASSIGN_OR_RETURN(
      parsed.document_id,
      ParseNameOrId(claim.document(), collection, field + ".document",
                    &ParseDocumentName));
  FOOTNOTE_ASSIGN_OR_RETURN(
      parsed.passage_id, ParseNameOrId(claim.passage(), collection,
                                       field + ".passage", &ParsePassageName));
  FOOTNOTE_ASSIGN_OR_RETURN(
      parsed.revision,
      ParseRevision(claim.document_revision(), field + ".document_revision"));
  if (claim.end_byte() == 0 && claim.start_byte() == 0) {
    return parsed;
  }
  if (claim.start_byte() >= claim.end_byte()) {
    return MakeError(absl::StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE",
                     field + " ends where it begins, or before",
                     {{"field", field + ".end_byte"},
                      {"start", std::to_string(claim.start_byte())},
                      {"end", std::to_string(claim.end_byte())}});
  }
  parsed.span.emplace(
      grounding::ByteRange{claim.start_byte(), claim.end_byte()});
  return parsed;
}

v1::QuoteVerdict ToProto(grounding::Verdict verdict) {
  switch (verdict) {
    case grounding::Verdict::kExact:
      return v1::QUOTE_VERDICT_EXACT;
    case grounding::Verdict::kNormalised:
      return v1::QUOTE_VERDICT_NORMALISED;
    case grounding::Verdict::kFuzzy:
      return v1::QUOTE_VERDICT_FUZZY;
    case grounding::Verdict::kMoved:
      return v1::QUOTE_VERDICT_MOVED;
    case grounding::Verdict::kMisattributed:
      return v1::QUOTE_VERDICT_MISATTRIBUTED;
    case grounding::Verdict::kStitched:
      return v1::QUOTE_VERDICT_STITCHED;
    case grounding::Verdict::kAbsent:
      return v1::QUOTE_VERDICT_ABSENT;
  }
  return v1::QUOTE_VERDICT_UNSPECIFIED;
}

void Convert(grounding::QuotedPart&& part, const OutputFormat& format,
             v1::QuotedPart* out) {
  Convert(part.quote_span, format, out->mutable_quote_span());
  out->set_text(std::move(part.content.text));
  Convert(std::move(part.document), format, out->mutable_document());
  Convert(std::move(part.provenance), format, out->mutable_provenance());
  out->set_passage_id(std::move(part.passage_id));
}

void Convert(grounding::QuoteDifference&& difference,
             const OutputFormat& format, v1::QuoteDifference* out) {
  Convert(difference.quote_span, format, out->mutable_quote_span());
  out->set_quote_text(std::move(difference.quote_text));
  Convert(difference.source.span, format, out->mutable_source_span());
  out->set_source_text(std::move(difference.source.text));
}

}  // namespace

absl::StatusOr<std::vector<grounding::Quote>> ParseQuotes(
    const google::protobuf::RepeatedPtrField<v1::Quote>& quotes,
    const CollectionNames& collection) {
  std::vector<grounding::Quote> parsed;
  parsed.reserve(static_cast<size_t>(quotes.size()));
  for (const v1::Quote& quote : quotes) {
    const std::string field =
        "quotes[" + std::to_string(parsed.size()) + "].claim";
    FOOTNOTE_ASSIGN_OR_RETURN(grounding::QuoteClaim claim,
                              ParseClaim(quote.claim(), collection, field));
    parsed.push_back({quote.text(), std::move(claim)});
  }
  return parsed;
}

void Convert(grounding::QuoteCheck&& check, const OutputFormat& format,
             v1::QuoteCheck* out) {
  out->set_verdict(ToProto(check.verdict));
  out->set_likeness(ToProto(check.likeness));
  for (grounding::QuotedPart& part : check.parts) {
    Convert(std::move(part), format, out->add_parts());
  }
  out->set_word_count(static_cast<int32_t>(check.words));
  out->set_edit_count(static_cast<int32_t>(check.edits));
  for (grounding::QuoteDifference& difference : check.differences) {
    Convert(std::move(difference), format, out->add_differences());
  }
  out->set_differences_omitted(check.differences_omitted);
  out->set_incomplete(check.incomplete);
}

}  // namespace footnote::service
