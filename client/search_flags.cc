#include "client/search_flags.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "client/filter_text.h"

namespace footnote::client {
namespace {

// Reads FIELD or FIELD=NUMBER.
std::optional<v1::FacetSpec> ParseFacet(const std::string& text) {
  const size_t field_end = std::min(text.find('='), text.size());
  v1::FacetSpec facet;
  facet.set_field(text.substr(0, field_end));
  if (field_end == text.size()) {
    return text.empty() ? std::nullopt : std::optional(facet);
  }
  constexpr int32_t kMost = 1000;
  const char* last = text.data() + text.size();
  int32_t limit = 0;
  const auto [end, error] =
      std::from_chars(text.data() + field_end + 1, last, limit);
  if (error != std::errc() || end != last || limit < 1 || limit > kMost ||
      field_end == 0) {
    return std::nullopt;
  }
  facet.set_limit(limit);
  return facet;
}

v1::FacetSpec::DateInterval ParseDateInterval(const std::string& text) {
  return text == "day"     ? v1::FacetSpec::DATE_INTERVAL_DAY
         : text == "month" ? v1::FacetSpec::DATE_INTERVAL_MONTH
         : text == "year"  ? v1::FacetSpec::DATE_INTERVAL_YEAR
                           : v1::FacetSpec::DATE_INTERVAL_UNSPECIFIED;
}

// Returns what is wrong with a filter, "" for nothing.
std::string WhatIsWrong(const absl::StatusOr<v1::Filter>& filter) {
  const auto message = filter.status().message();
  return {message.data(), message.size()};
}

void AddFacets(CLI::App* command, SearchFlags* flags) {
  CLI::Option* facets = AddRepeated(
      command, "--facet", &flags->facets,
      "Counts a facet, FIELD or FIELD=VALUES with the most values to list, 1 "
      "to 1000: entity_type, entity, source_type, language, date, or a field "
      "of metadata. Default: the five named here.");
  facets->check([](const std::string& text) {
    return ParseFacet(text) ? std::string()
                            : "\"" + text + "\" is not FIELD or FIELD=NUMBER";
  });
  command
      ->add_option("--date-interval", flags->date_interval,
                   "Counts dates by day, month or year. Default: month, of "
                   "metadata each by itself.")
      ->check(CLI::IsMember({"day", "month", "year"}));
  command->add_flag("--drill-down", flags->command.drill_down,
                    "Counts each facet as if no --filter was on its own field: "
                    "the other values to choose from.");
  command
      ->add_flag("--no-facets", flags->command.omit_facets, "Counts no facets.")
      ->excludes(facets);
  command->add_flag("--no-counts", flags->command.omit_counts,
                    "Does not count what matches.");
}

}  // namespace

void AddSearchFlags(CLI::App* app, SearchFlags* flags) {
  app->add_option("--context-passages", flags->command.context_passages,
                  "Passages to return on either side of each. Default: 0.");
  AddFilterFlags(app, &flags->filters, &flags->json_filters);
  AddFacets(app, flags);
  app->add_flag("--strict", flags->command.strict,
                "Refuses a query that breaks the grammar, and says where; "
                "without it, what breaks it is text.");
  app->add_flag("--exact-words", flags->command.exact_words,
                "Matches words as they are written, but for case and accents; "
                "not by their stems.");
  AddRankingFlags(app, &flags->command.ranking);
  app->add_option("--time-limit", flags->time_limit_seconds,
                  "Seconds to search; then what was found until then comes, "
                  "with a warning. Default: none.")
      ->check(CLI::Range(0.001, 86400.0));
  app->add_option("QUERY", flags->query_words,
                  "What to look for, in one argument or several; - reads "
                  "standard input. Plain language, or +must -not \"a phrase\" "
                  "title:word field:value (a OR b) pre* fuzzy~ boost^2. Put -- "
                  "before words that begin with -.")
      ->required();
}

void AddFilterFlags(CLI::App* command, std::vector<std::string>* filters,
                    std::vector<std::string>* json_filters) {
  AddRepeated(command, "--filter", filters,
              "Finds only what meets a condition: FIELD=VALUE, with =, !=, <, "
              "<=, >, >=, ^= (begins so) or *= (has as a part); FIELD=A|B for "
              "any of several; FIELD for any value. Fields: document_id, "
              "passage_id, source_type, language, date, entity (TYPE/id), "
              "entity_type, and those of metadata. Given several times, all "
              "must be met.")
      ->check([](const std::string& text) {
        return WhatIsWrong(ParseFilterText(text));
      });
  AddRepeated(command, "--filter-json", json_filters,
              "Likewise, a footnote.v1.Filter in protobuf's JSON mapping: "
              R"({"or": {"filters": [...]}} and the like.)")
      ->check([](const std::string& json) {
        return WhatIsWrong(ParseFilterJson(json));
      });
}

std::vector<v1::Filter> ToFilters(
    const std::vector<std::string>& filters,
    const std::vector<std::string>& json_filters) {
  std::vector<v1::Filter> all;
  all.reserve(filters.size() + json_filters.size());
  for (const std::string& text : filters) {
    all.push_back(ParseFilterText(text).value_or(v1::Filter()));
  }
  for (const std::string& json : json_filters) {
    all.push_back(ParseFilterJson(json).value_or(v1::Filter()));
  }
  return all;
}

CLI::Option* AddRepeated(CLI::App* command, const char* flag,
                         std::vector<std::string>* values, const char* help) {
  return command->add_option(flag, *values, help)->allow_extra_args(false);
}

std::string JoinArguments(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& argument : arguments) {
    text += (text.empty() ? "" : " ") + argument;
  }
  return text;
}

SearchCommand ToSearch(const SearchFlags& flags) {
  SearchCommand search = flags.command;
  search.query = JoinArguments(flags.query_words);
  search.filters = ToFilters(flags.filters, flags.json_filters);
  for (const std::string& text : flags.facets) {
    search.facets.push_back(ParseFacet(text).value_or(v1::FacetSpec()));
    search.facets.back().set_date_interval(
        ParseDateInterval(flags.date_interval));
  }
  search.time_limit = std::chrono::milliseconds(
      static_cast<int64_t>(flags.time_limit_seconds * 1000));
  return search;
}

void SetCollections(const std::vector<std::string>& collections,
                    v1::SearchRequest* request) {
  const bool is_plain =
      collections.size() == 1 &&
      collections.front().find("/generations/") == std::string::npos;
  if (is_plain) {
    request->set_collection(collections.front());
  } else {
    request->mutable_collections()->Assign(collections.begin(),
                                           collections.end());
  }
}

}  // namespace footnote::client
