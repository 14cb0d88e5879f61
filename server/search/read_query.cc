#include "server/search/read_query.h"

#include "server/search/metadata_condition.h"

namespace footnote::search {

absl::StatusOr<Query> ReadQuery(const View& view, const SearchOptions& options,
                                const Deadline& deadline) {
  QueryOptions of_query;
  of_query.strict = options.strict_query;
  of_query.exact_words = options.exact_words;
  of_query.synonyms = options.omit_synonyms ? nullptr : &view.synonyms();
  of_query.has_field = FieldsOf(view, deadline);
  return ParseQuery(options.query, view.languages(), of_query, deadline);
}

}  // namespace footnote::search
