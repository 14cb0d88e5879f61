#include "server/service/context_conversion.h"

#include <utility>

#include "server/grounding/context_text.h"

namespace footnote::service {
namespace {

absl::Status UnknownValueError(const std::string& field, int value) {
  return MakeError(absl::StatusCode::kInvalidArgument, "ENUM_VALUE_UNKNOWN",
                   field + " has an unknown value",
                   {{"field", field}, {"value", std::to_string(value)}});
}

absl::StatusOr<grounding::ContextUnit> ParseUnit(v1::ContextBudget::Unit unit) {
  switch (unit) {
    case v1::ContextBudget::UNIT_UNSPECIFIED:
    case v1::ContextBudget::UNIT_TOKENS:
      return grounding::ContextUnit::kTokens;
    case v1::ContextBudget::UNIT_CHARS:
      return grounding::ContextUnit::kChars;
    case v1::ContextBudget::UNIT_BYTES:
      return grounding::ContextUnit::kBytes;
    default:
      return UnknownValueError("budget.unit", unit);
  }
}

absl::StatusOr<grounding::ContextOrder> ParseOrder(
    v1::PackContextRequest::Order order) {
  switch (order) {
    case v1::PackContextRequest::ORDER_UNSPECIFIED:
    case v1::PackContextRequest::ORDER_RANK:
      return grounding::ContextOrder::kRank;
    case v1::PackContextRequest::ORDER_DOCUMENT:
      return grounding::ContextOrder::kDocument;
    case v1::PackContextRequest::ORDER_NEWEST:
      return grounding::ContextOrder::kNewest;
    case v1::PackContextRequest::ORDER_OLDEST:
      return grounding::ContextOrder::kOldest;
    default:
      return UnknownValueError("order", order);
  }
}

absl::StatusOr<grounding::ContextFormat> ParseFormat(
    v1::PackContextRequest::Format format) {
  switch (format) {
    case v1::PackContextRequest::FORMAT_UNSPECIFIED:
    case v1::PackContextRequest::FORMAT_PLAIN:
      return grounding::ContextFormat::kPlain;
    case v1::PackContextRequest::FORMAT_MARKDOWN:
      return grounding::ContextFormat::kMarkdown;
    case v1::PackContextRequest::FORMAT_XML:
      return grounding::ContextFormat::kXml;
    default:
      return UnknownValueError("format", format);
  }
}

v1::LeftOutPassage::Reason ToProto(grounding::LeftOutReason reason) {
  switch (reason) {
    case grounding::LeftOutReason::kBudget:
      return v1::LeftOutPassage::REASON_BUDGET;
    case grounding::LeftOutReason::kCut:
      return v1::LeftOutPassage::REASON_CUT;
    case grounding::LeftOutReason::kDuplicate:
      return v1::LeftOutPassage::REASON_DUPLICATE;
    case grounding::LeftOutReason::kNoWords:
      return v1::LeftOutPassage::REASON_NO_WORDS;
  }
  return v1::LeftOutPassage::REASON_UNSPECIFIED;
}

void Convert(grounding::ContextBlock&& block, const OutputFormat& format,
             v1::ContextBlock* out) {
  out->set_key(std::move(block.key));
  out->set_rank(static_cast<int32_t>(block.rank));
  out->set_text(std::move(block.content.text));
  Convert(std::move(block.document), format, out->mutable_document());
  Convert(std::move(block.provenance), format, out->mutable_provenance());
  for (std::string& id : block.passage_ids) {
    out->add_passage_ids(std::move(id));
  }
  out->set_rendered_start_byte(block.rendered_start);
  out->set_rendered_end_byte(block.rendered_end);
}

void Convert(grounding::LeftOut&& left_out, v1::LeftOutPassage* out) {
  out->set_passage_id(std::move(left_out.passage_id));
  out->set_document_id(std::move(left_out.document_id));
  out->set_rank(static_cast<int32_t>(left_out.rank));
  out->set_reason(ToProto(left_out.reason));
  out->set_duplicate_of(std::move(left_out.duplicate_of));
}

}  // namespace

absl::StatusOr<grounding::ContextOptions> ParseContextOptions(
    const v1::PackContextRequest& request) {
  const v1::ContextBudget& budget = request.budget();
  if (budget.size() == 0 || budget.size() > grounding::kMaxContextSize ||
      budget.reserve() >= budget.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BUDGET_INVALID",
                     "budget.size must be 1 to " +
                         std::to_string(grounding::kMaxContextSize) +
                         ", and budget.reserve less than that",
                     {{"field", "budget"},
                      {"size", std::to_string(budget.size())},
                      {"reserve", std::to_string(budget.reserve())}});
  }
  grounding::ContextOptions options;
  options.budget = budget.size() - budget.reserve();
  FOOTNOTE_ASSIGN_OR_RETURN(options.unit, ParseUnit(budget.unit()));
  FOOTNOTE_ASSIGN_OR_RETURN(options.order, ParseOrder(request.order()));
  FOOTNOTE_ASSIGN_OR_RETURN(options.format, ParseFormat(request.format()));
  return options;
}

absl::StatusOr<std::vector<std::string>> ParsePassageIds(
    const v1::PackContextRequest& request, const CollectionNames& collection) {
  const auto count = static_cast<size_t>(request.passages_size());
  if (count > grounding::kMaxContextPassages) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "IDS_TOO_MANY",
        "passages has " + std::to_string(count) + " entries; at most " +
            std::to_string(grounding::kMaxContextPassages) + " are taken",
        {{"field", "passages"}});
  }
  std::vector<std::string> ids;
  for (const std::string& name : request.passages()) {
    const std::string field = "passages[" + std::to_string(ids.size()) + "]";
    FOOTNOTE_ASSIGN_OR_RETURN(
        std::string id,
        ParseNameOrId(name, collection, field, &ParsePassageName));
    ids.push_back(std::move(id));
  }
  return ids;
}

void Convert(grounding::PackedContext&& context, const OutputFormat& format,
             v1::PackContextResponse* out) {
  out->set_text(std::move(context.text));
  v1::ContextSize& size = *out->mutable_size();
  size.set_tokens(context.size.tokens);
  size.set_chars(context.size.chars);
  size.set_bytes(context.size.bytes);
  size.set_token_estimator(std::string(grounding::kTokenEstimator));
  for (grounding::ContextBlock& block : context.blocks) {
    Convert(std::move(block), format, out->add_blocks());
  }
  for (grounding::LeftOut& left_out : context.left_out) {
    Convert(std::move(left_out), out->add_left_out());
  }
}

}  // namespace footnote::service
