#include "client/print_batch.h"

#include "client/print.h"
#include "client/rpc_error.h"

namespace footnote::client {
namespace {

std::string FormatSeparate(const v1::BatchSearchRequest& request,
                           const v1::BatchSearchResponse& response,
                           const Terminal& terminal) {
  std::string text;
  for (int i = 0; i < response.outcomes_size(); ++i) {
    const v1::SearchOutcome& outcome = response.outcomes(i);
    std::string head = "query " + std::to_string(i + 1);
    head += " of " + std::to_string(response.outcomes_size()) + ": ";
    head += MakeSafeLine(request.requests(i).query());
    text += (i == 0 ? "" : "\n") + Bold(head, terminal) + "\n\n";
    if (outcome.has_error()) {
      text += ErrorReason(FromRpcStatus(outcome.error())) + ": " +
              MakeSafeLine(outcome.error().message()) + "\n";
    } else {
      text += FormatSearch(outcome.response(), terminal);
    }
  }
  return text;
}

// Returns what the queries of a fused batch found, a line each.
std::string FormatQueries(const v1::BatchSearchResponse& response,
                          const Terminal& terminal) {
  std::string text = Bold("Fused", terminal) + "\n";
  for (const v1::FusedQuery& query : response.fused_queries()) {
    text += "  " + MakeSafeLine(query.executed_query()) + kDot;
    if (query.has_count()) {
      text += Plural(query.count().passages(), "passage") + " in " +
              Plural(query.count().documents(), "document");
    }
    if (!query.has_count() ||
        query.count().passages() > static_cast<uint64_t>(query.results())) {
      text += (query.has_count() ? ", " : "") +
              std::to_string(query.results()) + " of them fused";
    }
    text += "\n";
  }
  return text + "\n";
}

}  // namespace

std::string FormatBatch(const v1::BatchSearchRequest& request,
                        const v1::BatchSearchResponse& response,
                        const Terminal& terminal) {
  return response.has_fused() ? FormatQueries(response, terminal) +
                                    FormatSearch(response.fused(), terminal)
                              : FormatSeparate(request, response, terminal);
}

}  // namespace footnote::client
