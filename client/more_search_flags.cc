#include "client/more_search_flags.h"

#include <limits>

#include "client/search_flags.h"

namespace footnote::client {

void AddLikeFlags(CLI::App* app, LikeFlags* flags) {
  LikeCommand& like = flags->command;
  CLI::App* source = app->add_option_group("Source", "One of these is needed.");
  source->add_option("--passage", like.passage,
                     "A passage: its id or name. It is left out itself.");
  CLI::Option* document = source->add_option(
      "--document", like.document,
      "A document, or a part of it: its id or name. The passages of the part "
      "are left out.");
  source->add_option("--text", like.text, "A text.");
  source->add_option("FILE", like.file,
                     "A file of text, at most 100 KiB; - for standard input.");
  source->require_option(1);
  app->add_option("--start", like.start_byte,
                  "First byte of the part. Default: 0.")
      ->needs(document)
      ->check(CLI::NonNegativeNumber);
  app->add_option("--end", like.end_byte,
                  "One past the last byte. Default: the end.")
      ->needs(document)
      ->check(CLI::NonNegativeNumber);
  app->add_flag("--exclude-document", like.exclude_document,
                "Leaves out the whole document of the passage or part.");
  app->add_option("--limit", like.limit,
                  "Passages to return, at most 100. Default: 10.");
  app->add_option("--context-passages", like.context_passages,
                  "Passages to return on either side of each. Default: 0.");
  AddFilterFlags(app, &flags->filters, &flags->json_filters);
  app->add_option("--per-document", like.per_document,
                  "The most passages of one document. Default: any number.")
      ->check(CLI::Range(1, std::numeric_limits<int32_t>::max()));
  app->add_option("--min-relevance", like.minimum_relevance,
                  "Leaves out passages of less relevance, 0 to 1; they are "
                  "still counted. Default: 0.")
      ->check(CLI::Range(0.0, 1.0));
  app->add_flag("--explain", like.explain, "Says what each score is made of.");
}

LikeCommand ToLike(const LikeFlags& flags) {
  LikeCommand command = flags.command;
  command.filters = ToFilters(flags.filters, flags.json_filters);
  return command;
}

void AddBatchFlags(CLI::App* app, BatchFlags* flags) {
  BatchCommand& batch = flags->command;
  CLI::Option* fused = app->add_flag(
      "--fused", batch.fused,
      "Takes the queries for several ways to ask one question, and returns one "
      "list of what they find. Default: an answer to each.");
  app->add_option("--weight", batch.weights,
                  "With --fused: what the list of a query weighs, once for "
                  "each query in their order. Default: 1 for each.")
      ->needs(fused)
      ->allow_extra_args(false)
      ->check(CLI::Range(0.0, 100.0));
  app->add_option("--page-token", batch.page_token,
                  "With --fused: continues where an answer with this token "
                  "ended.")
      ->needs(fused);
  app->add_option("--limit", batch.limit,
                  "Passages to return, of each query or with --fused in all, "
                  "at most 100. Default: 10.");
  AddFilterFlags(app, &flags->filters, &flags->json_filters);
  app->add_flag("--explain", batch.explain, "Says what each score is made of.");
  app->add_option("FILE", batch.file,
                  "The queries, at most 32, one a line; or JSON Lines of "
                  "footnote.v1.SearchRequest in protobuf's JSON mapping, whose "
                  "fields go before the flags; - reads standard input.")
      ->required();
}

BatchCommand ToBatch(const BatchFlags& flags) {
  BatchCommand command = flags.command;
  command.filters = ToFilters(flags.filters, flags.json_filters);
  return command;
}

}  // namespace footnote::client
