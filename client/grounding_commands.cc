#include "client/grounding_commands.h"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/print_claims.h"
#include "client/print_context.h"
#include "client/print_quotes.h"
#include "client/quote_input.h"
#include "client/read_input.h"
#include "client/response_json.h"
#include "client/terminal.h"

namespace footnote::client {
namespace {

absl::StatusOr<std::vector<v1::Quote>> QuotesOf(const VerifyCommand& command,
                                                const Streams& streams) {
  if (command.quotes.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string text,
                              ReadInput(command.file, streams.in));
    return ReadQuotes(text);
  }
  std::vector<v1::Quote> quotes;
  for (const std::string& text : command.quotes) {
    quotes.emplace_back().set_text(text);
  }
  return quotes;
}

// Gives a quote without a claim of its own the one of the command.
void SetClaim(const VerifyCommand& command, v1::QuoteClaim* claim) {
  if (!claim->document().empty() || !claim->passage().empty()) {
    return;
  }
  claim->set_document(command.document);
  claim->set_passage(command.passage);
  claim->set_document_revision(command.revision);
  claim->set_start_byte(command.start_byte);
  claim->set_end_byte(command.end_byte);
}

// Returns the response with the quotes that it is about.
absl::StatusOr<std::string> ToJsonWithQuotes(
    const v1::VerifyQuotesRequest& request,
    const v1::VerifyQuotesResponse& response) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string asked, ToJson(request));
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string answered, ToJson(response));
  nlohmann::ordered_json json;
  json["quotes"] = nlohmann::ordered_json::parse(asked)["quotes"];
  json.update(nlohmann::ordered_json::parse(answered));
  return json.dump(1) + "\n";
}

}  // namespace

absl::StatusOr<std::string> RunVerify(const Client& client,
                                      const VerifyCommand& command, bool json,
                                      const Streams& streams) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<v1::Quote> quotes,
                            QuotesOf(command, streams));
  v1::VerifyQuotesRequest request;
  request.set_collection(command.collection);
  request.set_generation(command.generation);
  request.set_include_utf16(command.include_utf16);
  for (const v1::Quote& quote : quotes) {
    *request.add_quotes() = quote;
    SetClaim(command, request.mutable_quotes()->rbegin()->mutable_claim());
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client.VerifyQuotes(request));
  return json ? ToJsonWithQuotes(request, response)
              : FormatQuotes(request, response, streams.terminal);
}

absl::StatusOr<std::string> RunCheck(const Client& client,
                                     const CheckCommand& command, bool json,
                                     const Streams& streams) {
  v1::CheckGroundingRequest request;
  FOOTNOTE_ASSIGN_OR_RETURN(*request.mutable_answer_candidate(),
                            ReadInput(command.file, streams.in));
  request.set_collection(command.collection);
  request.set_generation(command.generation);
  request.set_include_utf16(command.include_utf16);
  request.set_citation_threshold(command.threshold);
  request.set_find_citations(command.find_citations);
  request.set_language(command.language);
  for (const std::string& document : command.documents) {
    request.add_sources()->set_document(document);
  }
  for (const std::string& passage : command.passages) {
    request.add_sources()->set_passage(passage);
  }
  for (const std::string& fact : command.facts) {
    request.add_sources()->mutable_fact()->set_fact_text(fact);
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response,
                            client.CheckGrounding(request));
  return json ? ToJson(response) : FormatClaims(response, streams.terminal);
}

absl::StatusOr<std::string> RunPack(const Client& client,
                                    const PackCommand& command, bool json,
                                    const Streams& streams) {
  v1::PackContextRequest request;
  request.set_collection(command.collection);
  request.set_query(command.query);
  if (command.query == "-") {
    FOOTNOTE_ASSIGN_OR_RETURN(*request.mutable_query(),
                              ReadInput("-", streams.in));
  }
  request.mutable_passages()->Assign(command.passages.begin(),
                                     command.passages.end());
  if (!command.filters.empty()) {
    request.mutable_filter()->mutable_and_()->mutable_filters()->Assign(
        command.filters.begin(), command.filters.end());
  }
  *request.mutable_budget() = command.budget;
  request.set_max_passages(command.max_passages);
  request.set_order(command.order);
  request.set_format(command.format);
  request.set_generation(command.generation);
  request.set_include_utf16(command.include_utf16);
  FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client.PackContext(request));
  if (json) {
    return ToJson(response);
  }
  if (command.text_only) {
    return streams.terminal.interactive ? MakeSafeText(response.text())
                                        : response.text();
  }
  return FormatContext(response, streams.terminal);
}

}  // namespace footnote::client
