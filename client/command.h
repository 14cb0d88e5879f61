// The commands of footnote.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/ranking_flags.h"
#include "footnote/v1/facet.pb.h"
#include "footnote/v1/filter.pb.h"
#include "footnote/v1/grounding_service.pb.h"

namespace footnote::client {

// The exit codes of footnote.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;  // the server or the connection
inline constexpr int kExitUsage = 2;

// footnote search QUERY
struct SearchCommand {
  std::vector<std::string> collections;  // one or several
  std::string query;
  int32_t limit = 10;
  std::string page_token;
  uint64_t generation = 0;
  int32_t context_passages = 0;       // on either side
  std::vector<v1::Filter> filters;    // all must be met
  std::vector<v1::FacetSpec> facets;  // none for the usual ones
  bool drill_down = false;  // facets as if no filter was on their own field
  bool omit_facets = false;
  bool omit_counts = false;
  std::chrono::milliseconds time_limit{0};  // 0 for none
  bool include_utf16 = false;
  bool strict = false;       // slips of the query's syntax are errors
  bool exact_words = false;  // no stems
  RankingFlags ranking;
};

// footnote batch FILE
struct BatchCommand {
  std::vector<std::string> collections;  // of queries that name none
  std::string file = "-";                // "-" for standard input
  bool fused = false;                    // into one list
  std::vector<double> weights;  // of queries that are fused; none for 1 each
  std::string page_token;       // of a fused list
  int32_t limit = 10;           // of each query, or of the fused list
  uint64_t generation = 0;
  std::vector<v1::Filter> filters;  // all must be met
  bool explain = false;
  bool include_utf16 = false;
};

// footnote like
struct LikeCommand {
  std::string collection;
  // What passages are to be like: one of these is set.
  std::optional<std::string> passage;
  std::optional<std::string> document;
  std::string text;
  std::string file;  // "-" for standard input
  uint64_t start_byte = 0;
  uint64_t end_byte = 0;  // 0 for the end
  bool exclude_document = false;
  int32_t limit = 10;
  std::string page_token;
  uint64_t generation = 0;
  int32_t context_passages = 0;     // on either side
  std::vector<v1::Filter> filters;  // all must be met
  int32_t per_document = 0;         // 0 for any number
  double minimum_relevance = 0;
  bool explain = false;
  bool include_utf16 = false;
};

// footnote analyze TEXT
struct AnalyzeCommand {
  std::string collection;
  std::string text;
  std::string language;  // of the text as a document's; "" to detect it
  uint64_t generation = 0;
  bool strict = false;
  bool exact_words = false;
  bool include_utf16 = false;
};

// footnote suggest TEXT
struct SuggestCommand {
  std::string collection;
  std::string text;
  int32_t limit = 8;  // of each kind
  uint64_t generation = 0;
};

// footnote get NAME
struct GetCommand {
  std::string name;  // of a document or passage
  uint64_t start_byte = 0;
  uint64_t end_byte = 0;  // 0 for the end
  uint64_t generation = 0;
  bool text_only = false;  // the exact text and nothing else
  bool include_utf16 = false;
};

// footnote span NAME START END
struct SpanCommand {
  std::string name;
  uint64_t start_byte = 0;
  uint64_t end_byte = 0;
  int32_t context_sentences = 0;
  int32_t context_passages = 0;
  uint64_t generation = 0;
  bool include_utf16 = false;
  std::string revision;  // that was cited; "" for the current one
  std::string quote;     // the text of the span; "" where it is not known
};

// footnote documents
struct DocumentsCommand {
  std::string collection;
  int32_t limit = 100;
  std::string page_token;
  uint64_t generation = 0;
};

// footnote collections
struct CollectionsCommand {
  int32_t limit = 1000;
  std::string page_token;
};

// footnote health [SERVICE]
struct HealthCommand {
  std::string service;
};

// footnote put FILE...
struct PutCommand {
  std::string collection;
  std::vector<std::string> files;  // "-" for JSON Lines on standard input
  bool publish = false;            // and wait until it is found
};

// footnote delete ID...
struct DeleteCommand {
  std::string collection;
  std::vector<std::string> ids;
  bool publish = false;
};

// footnote publish
struct PublishCommand {
  std::string collection;
};

// footnote verify [FILE]
struct VerifyCommand {
  std::string collection;
  std::string file = "-";           // "-" for standard input
  std::vector<std::string> quotes;  // in place of a file
  std::string document;             // claimed of `quotes`, and of what follows
  std::string passage;
  std::string revision;
  uint64_t start_byte = 0;
  uint64_t end_byte = 0;  // 0 for no span
  uint64_t generation = 0;
  bool include_utf16 = false;
};

// footnote check [FILE]
struct CheckCommand {
  std::string collection;
  std::string file = "-";              // "-" for standard input
  std::vector<std::string> documents;  // to check against; ids or names
  std::vector<std::string> passages;   // likewise, after the documents
  std::vector<std::string> facts;      // texts, after the passages
  double threshold = 0.6;
  bool find_citations = false;
  std::string language;  // "" to detect it
  uint64_t generation = 0;
  bool include_utf16 = false;
};

// footnote pack QUERY
struct PackCommand {
  std::string collection;
  std::string query;                  // "-" for standard input
  std::vector<std::string> passages;  // in place of a query
  std::vector<v1::Filter> filters;    // all must be met
  v1::ContextBudget budget;
  int32_t max_passages = 0;  // 0 for the server's default
  v1::PackContextRequest::Order order =
      v1::PackContextRequest::ORDER_UNSPECIFIED;
  v1::PackContextRequest::Format format =
      v1::PackContextRequest::FORMAT_UNSPECIFIED;
  bool text_only = false;  // the context and nothing else
  uint64_t generation = 0;
  bool include_utf16 = false;
};

// What footnote was told to do.
struct Command {
  std::string server = "127.0.0.1:50051";
  std::chrono::milliseconds timeout{10000};
  bool json = false;
  std::variant<SearchCommand, BatchCommand, LikeCommand, AnalyzeCommand,
               SuggestCommand, GetCommand, SpanCommand, DocumentsCommand,
               CollectionsCommand, HealthCommand, PutCommand, DeleteCommand,
               PublishCommand, VerifyCommand, CheckCommand, PackCommand>
      action;
};

// What a command line comes to: a command, or a text and an exit code.
struct CommandLine {
  std::optional<Command> command;
  int exit_code = kExitOk;  // where there is no command
  std::string output;       // for standard output with kExitOk, else for
                            // standard error
};

// Parses the command line; flags beat FOOTNOTE_SERVER and FOOTNOTE_COLLECTION.
CommandLine ParseCommandLine(int argc, const char* const* argv);

}  // namespace footnote::client
