#include "server/service/more_like_this.h"

#include <string>
#include <utility>
#include <vector>

#include "indexer/text/utf8.h"
#include "server/search/more_like_this.h"
#include "server/service/page_token.h"
#include "server/service/request_view.h"
#include "server/service/resource_name.h"

namespace footnote::service {
namespace {

// A query that matches nothing, with the warning that it has no word.
constexpr char kNoWords[] = ".";

absl::StatusOr<search::LikeSource> ParseText(const std::string& text) {
  if (text.size() > search::kMaxLikeBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "SOURCES_TOO_LONG",
                     "text has more than 100 KiB",
                     {{"field", "text"},
                      {"limit_bytes", std::to_string(search::kMaxLikeBytes)}});
  }
  const size_t invalid = text::FindInvalidUtf8(text);
  if (invalid != std::string::npos) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "QUERY_NOT_UTF8",
        "text is not valid UTF-8 at byte " + std::to_string(invalid),
        {{"field", "text"}, {"offset", std::to_string(invalid)}});
  }
  search::LikeSource source;
  source.text = text;
  return source;
}

absl::StatusOr<search::LikeSource> ReadSource(
    const search::View& view, const CollectionNames& collection,
    const v1::MoreLikeThisRequest& request) {
  switch (request.source_case()) {
    case v1::MoreLikeThisRequest::kPassage: {
      FOOTNOTE_ASSIGN_OR_RETURN(const std::string id,
                                ParseNameOrId(request.passage(), collection,
                                              "passage", &ParsePassageName));
      return search::SourceOfPassage(view, id, request.exclude_document());
    }
    case v1::MoreLikeThisRequest::kSpan: {
      const v1::SourceSpan& span = request.span();
      FOOTNOTE_ASSIGN_OR_RETURN(
          const std::string id,
          ParseNameOrId(span.document(), collection, "span.document",
                        &ParseDocumentName));
      return search::SourceOfSpan(view, id, span.start_byte(), span.end_byte(),
                                  request.exclude_document());
    }
    case v1::MoreLikeThisRequest::kText:
      return ParseText(request.text());
    default:
      return MakeError(absl::StatusCode::kInvalidArgument, "SOURCE_EMPTY",
                       "one of passage, span and text must be given",
                       {{"field", "passage"}});
  }
}

// Returns the options of a request as those of a search.
v1::SearchRequest ToSearch(const v1::MoreLikeThisRequest& request) {
  v1::SearchRequest search;
  search.set_collection(request.collection());
  search.set_generation(request.generation());
  search.set_page_size(request.page_size());
  *search.mutable_facets() = request.facets();
  search.set_omit_counts(request.omit_counts());
  search.set_omit_facets(request.omit_facets());
  search.set_include_utf16(request.include_utf16());
  search.set_previous_passages(request.previous_passages());
  search.set_next_passages(request.next_passages());
  if (request.has_filter()) {
    *search.mutable_filter() = request.filter();
  }
  if (request.has_time_limit()) {
    *search.mutable_time_limit() = request.time_limit();
  }
  search.set_max_passages_per_document(request.max_passages_per_document());
  search.set_order_by(request.order_by());
  search.set_minimum_relevance(request.minimum_relevance());
  search.set_explain(request.explain());
  if (request.has_recency()) {
    *search.mutable_recency() = request.recency();
  }
  if (request.has_boosts()) {
    *search.mutable_boosts() = request.boosts();
  }
  *search.mutable_excluded() = request.excluded();
  search.set_collapse(request.collapse());
  search.set_diversity(request.diversity());
  search.set_omit_synonyms(request.omit_synonyms());
  return search;
}

// Returns the search that a request asks for, but for its query.
absl::StatusOr<SearchCall> ParseCall(const v1::MoreLikeThisRequest& request) {
  FOOTNOTE_ASSIGN_OR_RETURN(SearchCall call,
                            ParseSearchRequest(ToSearch(request)));
  call.request_key = RequestKey(request);
  call.cache_key = request.GetTypeName() + '\0' + request.SerializeAsString();
  if (!request.page_token().empty()) {
    FOOTNOTE_RETURN_IF_ERROR(ApplyPageToken(request.page_token(), &call));
  }
  return call;
}

void AddWords(std::vector<search::SourceWord>&& words,
              v1::MoreLikeThisResponse* response) {
  for (search::SourceWord& word : words) {
    v1::SourceWord& added = *response->add_words();
    added.set_word(std::move(word.word));
    added.set_count(static_cast<int32_t>(word.count));
    added.set_passage_count(word.passages);
    added.set_weight(word.weight);
  }
}

// Moves what was found into the response.
void TakeFound(v1::SearchResponse* found, v1::MoreLikeThisResponse* response) {
  response->mutable_passages()->Swap(found->mutable_passages());
  response->set_query_id(found->query_id());
  response->set_next_page_token(found->next_page_token());
  response->mutable_generation()->Swap(found->mutable_generation());
  if (found->has_count()) {
    response->mutable_count()->Swap(found->mutable_count());
  }
  response->mutable_warnings()->Swap(found->mutable_warnings());
  response->mutable_facets()->Swap(found->mutable_facets());
  if (found->has_hidden()) {
    response->mutable_hidden()->Swap(found->mutable_hidden());
  }
}

}  // namespace

absl::Status AnswerMoreLikeThis(const search::Catalog& catalog,
                                const SearchOfView& search,
                                const v1::MoreLikeThisRequest& request,
                                CallInfo& info,
                                v1::MoreLikeThisResponse* response) {
  FOOTNOTE_ASSIGN_OR_RETURN(SearchCall call, ParseCall(request));
  FOOTNOTE_ASSIGN_OR_RETURN(
      std::string given,
      ParseCollectionName(request.collection(), "collection"));
  FOOTNOTE_ASSIGN_OR_RETURN(const ViewPtr view,
                            GetView(catalog, call.generations, info));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const search::LikeSource source,
      ReadSource(*view,
                 {std::move(given), view->generation().info().collection},
                 request));
  FOOTNOTE_ASSIGN_OR_RETURN(std::vector<search::SourceWord> words,
                            search::ChooseWords(*view, source, info.deadline));
  call.options.query = words.empty() ? kNoWords : search::QueryOf(words);
  std::vector<search::ResultId>& excluded = call.options.ranking.excluded;
  excluded.insert(excluded.end(), source.own.begin(), source.own.end());
  if (!words.empty()) {
    response->add_executed_queries(call.options.query);
  }
  v1::SearchResponse found;
  FOOTNOTE_RETURN_IF_ERROR(search(*view, std::move(call), info, &found));
  TakeFound(&found, response);
  for (v1::Warning& warning : *response->mutable_warnings()) {
    if (warning.code() == v1::Warning::CODE_NO_WORDS) {
      warning.set_message("the source has no word that tells what it is about");
    }
  }
  AddWords(std::move(words), response);
  return absl::OkStatus();
}

}  // namespace footnote::service
