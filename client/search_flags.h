// The flags that only footnote search has.

#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/command.h"
#include "footnote/v1/search.pb.h"

namespace footnote::client {

// The values of a search as CLI11 fills them in.
struct SearchFlags {
  SearchCommand command;
  std::vector<std::string> query_words;
  std::vector<std::string> filters;
  std::vector<std::string> json_filters;
  std::vector<std::string> facets;
  std::string date_interval = "month";
  double time_limit_seconds = 0;
};

// Adds the flags to `app`, which checks their values; `flags` outlives it.
void AddSearchFlags(CLI::App* app, SearchFlags* flags);

// Adds --filter and --filter-json to a command; both outlive it.
void AddFilterFlags(CLI::App* command, std::vector<std::string>* filters,
                    std::vector<std::string>* json_filters);

// Returns the filters of values which were checked.
std::vector<v1::Filter> ToFilters(const std::vector<std::string>& filters,
                                  const std::vector<std::string>& json_filters);

// Adds a flag that may be given several times, with one value each: what comes
// after the value is not taken for another.
CLI::Option* AddRepeated(CLI::App* command, const char* flag,
                         std::vector<std::string>* values, const char* help);

// Returns arguments as one text, a space between them.
std::string JoinArguments(const std::vector<std::string>& arguments);

// Says what a request searches: one collection, or several as one.
void SetCollections(const std::vector<std::string>& collections,
                    v1::SearchRequest* request);

// Returns the search that values which were checked ask for.
SearchCommand ToSearch(const SearchFlags& flags);

}  // namespace footnote::client
