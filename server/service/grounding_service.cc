#include "server/service/grounding_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/grounding/grounding_check.h"
#include "server/grounding/verify_quotes.h"
#include "server/search/memory_budget.h"
#include "server/service/claim_conversion.h"
#include "server/service/conversion.h"
#include "server/service/quote_conversion.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

using ViewPtr = std::shared_ptr<const search::View>;

// Returns what is seen of the generation that a call is about, and notes it for
// the log.
absl::StatusOr<ViewPtr> GetView(const search::Catalog& catalog,
                                const std::string& collection, uint64_t number,
                                CallInfo& info) {
  info.log_fields["collection"] = collection;
  FOOTNOTE_ASSIGN_OR_RETURN(ViewPtr view, catalog.Get(collection, number));
  info.log_fields["index_generation"] = view->generation().info().number;
  return view;
}

absl::StatusOr<v1::VerifyQuotesResponse> AnswerVerifyQuotes(
    const search::Catalog& catalog, const v1::VerifyQuotesRequest& request,
    uint64_t memory_bytes, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string collection,
      ParseCollectionName(request.collection(), "collection"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const ViewPtr view,
      GetView(catalog, collection, request.generation(), info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::vector<grounding::Quote> quotes,
      ParseQuotes(request.quotes(),
                  {collection, view->generation().info().collection}));
  info.log_fields["quotes"] = quotes.size();
  search::MemoryBudget memory(memory_bytes);
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::vector<grounding::QuoteCheck> checks,
      grounding::VerifyQuotes(*view, quotes, info.deadline, memory));
  v1::VerifyQuotesResponse response;
  const OutputFormat format{view->generation().info().collection,
                            request.include_utf16()};
  for (grounding::QuoteCheck& check : checks) {
    Convert(std::move(check), format, response.add_checks());
  }
  Convert(view->generation().info(), response.mutable_generation());
  AddWarnings(view->generation(), response.mutable_warnings());
  return response;
}

absl::StatusOr<v1::CheckGroundingResponse> AnswerCheckGrounding(
    const search::Catalog& catalog, const v1::CheckGroundingRequest& request,
    uint64_t memory_bytes, CallInfo& info) {
  FOOTNOTE_ASSIGN_OR_RETURN(
      const std::string collection,
      ParseCollectionName(request.collection(), "collection"));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const ViewPtr view,
      GetView(catalog, collection, request.generation(), info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      grounding::GroundingRequest parsed,
      ParseGroundingRequest(
          request, {collection, view->generation().info().collection}));
  parsed.memory_bytes = memory_bytes;
  info.log_fields["answer_bytes"] = parsed.answer.size();
  info.log_fields["sources"] = parsed.sources.size();
  FOOTNOTE_ASSIGN_OR_RETURN(
      grounding::GroundingResult result,
      grounding::CheckGrounding(*view, parsed, info.deadline));
  v1::CheckGroundingResponse response;
  Convert(std::move(result), parsed.answer,
          {view->generation().info().collection, request.include_utf16()},
          &response);
  Convert(view->generation().info(), response.mutable_generation());
  AddWarnings(view->generation(), response.mutable_warnings());
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* GroundingService::VerifyQuotes(
    grpc::CallbackServerContext* context,
    const v1::VerifyQuotesRequest* request,
    v1::VerifyQuotesResponse* response) {
  return RunRpc(environment_, "footnote.v1.GroundingService/VerifyQuotes",
                context, response, [this, request](CallInfo& info) {
                  return AnswerVerifyQuotes(catalog_, *request, memory_bytes_,
                                            info);
                });
}

grpc::ServerUnaryReactor* GroundingService::CheckGrounding(
    grpc::CallbackServerContext* context,
    const v1::CheckGroundingRequest* request,
    v1::CheckGroundingResponse* response) {
  return RunRpc(environment_, "footnote.v1.GroundingService/CheckGrounding",
                context, response, [this, request](CallInfo& info) {
                  return AnswerCheckGrounding(catalog_, *request, memory_bytes_,
                                              info);
                });
}

}  // namespace footnote::service
