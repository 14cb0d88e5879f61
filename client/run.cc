#include "client/run.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "client/changes.h"
#include "client/client.h"
#include "client/filter_text.h"
#include "client/grounding_commands.h"
#include "client/more_search_commands.h"
#include "client/print.h"
#include "client/print_analysis.h"
#include "client/response_json.h"
#include "client/search_flags.h"

namespace footnote::client {
namespace {

// Values of each facet that people see; programs get the server's default.
constexpr int32_t kFacetValues = 6;

std::string ReadAll(std::istream& in) {
  std::string text{std::istreambuf_iterator<char>(in),
                   std::istreambuf_iterator<char>()};
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

// Returns whether `name` is collections/COLLECTION/passages/ID. A document's id
// may have "/passages/" in it too.
bool IsPassageName(std::string_view name) {
  const size_t collection = name.find('/') + 1;
  const size_t kind = name.find('/', collection);
  return collection > 0 && kind != std::string_view::npos &&
         name.substr(kind).rfind("/passages/", 0) == 0;
}

// Runs one command; what is to be printed comes back.
class Runner {
 public:
  Runner(const Command& command, const Streams& streams)
      : client_({command.server, command.timeout}),
        json_(command.json),
        streams_(streams) {}

  absl::StatusOr<std::string> operator()(const SearchCommand& command) const {
    v1::SearchRequest request;
    SetCollections(command.collections, &request);
    request.set_query(command.query == "-" ? ReadAll(streams_.in)
                                           : command.query);
    request.set_page_size(command.limit);
    request.set_page_token(command.page_token);
    request.set_generation(command.generation);
    request.set_previous_passages(command.context_passages);
    request.set_next_passages(command.context_passages);
    request.set_omit_facets(command.omit_facets);
    request.set_omit_counts(command.omit_counts);
    request.set_include_utf16(command.include_utf16);
    request.set_strict_query(command.strict);
    request.set_exact_words(command.exact_words);
    SetFilters(command.filters, &request);
    SetTimeLimit(command.time_limit, &request);
    SetRanking(command.ranking, &request);
    AddFacets(command, &request);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client_.Search(request));
    return json_ ? ToJson(response) : FormatSearch(response, streams_.terminal);
  }

  absl::StatusOr<std::string> operator()(const BatchCommand& command) const {
    FOOTNOTE_RETURN_IF_ERROR(RunBatch(client_, command, json_, streams_));
    return std::string();
  }
  absl::StatusOr<std::string> operator()(const LikeCommand& command) const {
    return RunLike(client_, command, json_, streams_);
  }

  absl::StatusOr<std::string> operator()(const AnalyzeCommand& command) const {
    v1::AnalyzeRequest request;
    request.set_collection(command.collection);
    request.set_text(command.text == "-" ? ReadAll(streams_.in) : command.text);
    request.set_language(command.language);
    request.set_generation(command.generation);
    request.set_strict_query(command.strict);
    request.set_exact_words(command.exact_words);
    request.set_include_utf16(command.include_utf16);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client_.Analyze(request));
    return json_ ? ToJson(response)
                 : FormatAnalysis(response, streams_.terminal);
  }

  absl::StatusOr<std::string> operator()(const SuggestCommand& command) const {
    v1::SuggestRequest request;
    request.set_collection(command.collection);
    request.set_text(command.text);
    request.set_limit(command.limit);
    request.set_generation(command.generation);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client_.Suggest(request));
    return json_ ? ToJson(response)
                 : FormatSuggestions(response, streams_.terminal);
  }

  absl::StatusOr<std::string> operator()(const GetCommand& command) const {
    if (IsPassageName(command.name)) {
      return GetPassage(command);
    }
    return command.text_only ? GetWholeText(command) : GetDocument(command);
  }

  absl::StatusOr<std::string> operator()(const SpanCommand& command) const {
    v1::GetSpanRequest request;
    request.set_name(command.name);
    request.set_start_byte(command.start_byte);
    request.set_end_byte(command.end_byte);
    request.set_generation(command.generation);
    request.set_include_utf16(command.include_utf16);
    request.set_document_revision(command.revision);
    request.set_quote(command.quote);
    const bool passages = command.context_passages != 0;
    request.set_context_unit(passages
                                 ? v1::GetSpanRequest::CONTEXT_UNIT_PASSAGE
                                 : v1::GetSpanRequest::CONTEXT_UNIT_SENTENCE);
    request.set_context_count(passages ? command.context_passages
                                       : command.context_sentences);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client_.GetSpan(request));
    return json_ ? ToJson(response) : FormatSpan(response, streams_.terminal);
  }

  absl::StatusOr<std::string> operator()(
      const DocumentsCommand& command) const {
    v1::ListDocumentsRequest request;
    request.set_collection(command.collection);
    request.set_page_size(command.limit);
    request.set_page_token(command.page_token);
    request.set_generation(command.generation);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response,
                              client_.ListDocuments(request));
    return json_ ? ToJson(response)
                 : FormatDocuments(response, streams_.terminal);
  }

  absl::StatusOr<std::string> operator()(
      const CollectionsCommand& command) const {
    v1::ListCollectionsRequest request;
    request.set_page_size(command.limit);
    request.set_page_token(command.page_token);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response,
                              client_.ListCollections(request));
    return json_ ? ToJson(response) : FormatCollections(response);
  }

  absl::StatusOr<std::string> operator()(const HealthCommand& command) const {
    FOOTNOTE_ASSIGN_OR_RETURN(const std::string status,
                              client_.CheckHealth(command.service));
    if (status != "SERVING") {
      return MakeError(absl::StatusCode::kUnavailable, "NOT_SERVING",
                       "health says " + status);
    }
    return json_ ? R"({"status": ")" + status + "\"}\n" : status + "\n";
  }

  // These write what they have to say themselves, as it comes.
  absl::StatusOr<std::string> operator()(const PutCommand& command) const {
    FOOTNOTE_RETURN_IF_ERROR(RunPut(client_, command, json_, streams_));
    return std::string();
  }
  absl::StatusOr<std::string> operator()(const DeleteCommand& command) const {
    FOOTNOTE_RETURN_IF_ERROR(RunDelete(client_, command, json_, streams_));
    return std::string();
  }
  absl::StatusOr<std::string> operator()(const PublishCommand& command) const {
    FOOTNOTE_RETURN_IF_ERROR(RunPublish(client_, command, json_, streams_));
    return std::string();
  }

  absl::StatusOr<std::string> operator()(const VerifyCommand& command) const {
    return RunVerify(client_, command, json_, streams_);
  }
  absl::StatusOr<std::string> operator()(const PackCommand& command) const {
    return RunPack(client_, command, json_, streams_);
  }

  absl::StatusOr<std::string> operator()(const CheckCommand& command) const {
    return RunCheck(client_, command, json_, streams_);
  }

 private:
  static void SetTimeLimit(std::chrono::milliseconds limit,
                           v1::SearchRequest* request) {
    constexpr int64_t kPerSecond = 1000;
    constexpr int64_t kNanos = 1000000;
    if (limit.count() > 0) {
      request->mutable_time_limit()->set_seconds(limit.count() / kPerSecond);
      request->mutable_time_limit()->set_nanos(
          static_cast<int32_t>(limit.count() % kPerSecond * kNanos));
    }
  }

  void AddFacets(const SearchCommand& command,
                 v1::SearchRequest* request) const {
    request->mutable_facets()->Assign(command.facets.begin(),
                                      command.facets.end());
    if (command.facets.empty() && (!json_ || command.drill_down)) {
      AddUsualFacets(request);
    }
    for (v1::FacetSpec& facet : *request->mutable_facets()) {
      facet.set_without_own_filter(command.drill_down);
    }
  }

  void AddUsualFacets(v1::SearchRequest* request) const {
    for (const char* field :
         {"entity_type", "entity", "source_type", "language", "date"}) {
      v1::FacetSpec* facet = request->add_facets();
      facet->set_field(field);
      facet->set_limit(json_ ? 0 : kFacetValues);
    }
  }

  static v1::GetDocumentRequest MakeRequest(const GetCommand& command) {
    v1::GetDocumentRequest request;
    request.set_name(command.name);
    request.set_start_byte(command.start_byte);
    request.set_end_byte(command.end_byte);
    request.set_generation(command.generation);
    request.set_include_utf16(command.include_utf16);
    return request;
  }

  absl::StatusOr<std::string> GetDocument(const GetCommand& command) const {
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response,
                              client_.GetDocument(MakeRequest(command)));
    return json_ ? ToJson(response)
                 : FormatDocument(response, NextByte(command, response),
                                  streams_.terminal);
  }

  // Returns where the text that was asked for goes on after a response, 0 where
  // it does not.
  static uint64_t NextByte(const GetCommand& command,
                           const v1::GetDocumentResponse& response) {
    const uint64_t size = response.size().bytes();
    const uint64_t last =
        command.end_byte == 0 ? size : std::min(command.end_byte, size);
    const uint64_t end = response.content().span().end_byte();
    return end < last && !response.content().text().empty() ? end : 0;
  }

  // Reads on until the end of a text that comes in pieces.
  absl::StatusOr<std::string> GetWholeText(const GetCommand& command) const {
    v1::GetDocumentRequest request = MakeRequest(command);
    std::string text;
    while (true) {
      FOOTNOTE_ASSIGN_OR_RETURN(const auto response,
                                client_.GetDocument(request));
      text += response.content().text();
      const uint64_t next = NextByte(command, response);
      if (next == 0) {
        return Exact(text);
      }
      request.set_start_byte(next);
      // What follows comes from the generation that the beginning came from.
      request.set_generation(response.generation().generation());
    }
  }

  absl::StatusOr<std::string> GetPassage(const GetCommand& command) const {
    v1::GetPassageRequest request;
    request.set_name(command.name);
    request.set_generation(command.generation);
    request.set_include_utf16(command.include_utf16);
    FOOTNOTE_ASSIGN_OR_RETURN(const auto response, client_.GetPassage(request));
    if (command.text_only) {
      return Exact(response.passage().text());
    }
    return json_ ? ToJson(response)
                 : FormatPassage(response, streams_.terminal);
  }

  // Returns `text` as it is, but on a terminal made safe.
  std::string Exact(const std::string& text) const {
    return streams_.terminal.interactive ? MakeSafeText(text) : text;
  }

  Client client_;
  bool json_;
  const Streams& streams_;
};

}  // namespace

int RunCommand(const Command& command, const Streams& streams) {
  const Runner runner(command, streams);
  const absl::StatusOr<std::string> output = std::visit(runner, command.action);
  if (!output.ok()) {
    const auto message = output.status().message();
    streams.err << "footnote: " << MakeSafeLine(ErrorReason(output.status()))
                << ": " << MakeSafeLine({message.data(), message.size()})
                << "\n";
    return kExitFailure;
  }
  streams.out << *output << std::flush;
  if (!streams.out) {
    streams.err << "footnote: OUTPUT_FAILED: cannot write the answer\n";
    return kExitFailure;
  }
  return kExitOk;
}

}  // namespace footnote::client
