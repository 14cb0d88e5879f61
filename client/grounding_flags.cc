#include "client/grounding_flags.h"

#include "client/filter_text.h"
#include "client/search_flags.h"

namespace footnote::client {

void AddVerifyFlags(CLI::App* app, VerifyCommand* command) {
  AddRepeated(app, "--quote", &command->quotes,
              "A quote to verify, in place of FILE; may be given again.");
  CLI::Option* document = app->add_option(
      "--document", command->document,
      "The document that quotes are said to be from: its id or name. Holds for "
      "all quotes without one of their own.");
  app->add_option("--passage", command->passage,
                  "The passage that they are said to be from: its id or name.");
  app->add_option("--revision", command->revision,
                  "The document's revision that was quoted, as 64 hexadecimal "
                  "digits.")
      ->needs(document);
  app->add_option("--start", command->start_byte,
                  "First byte of the span that they are said to be from.")
      ->needs(document)
      ->check(CLI::NonNegativeNumber);
  app->add_option("--end", command->end_byte, "One past the last byte of it.")
      ->needs(document)
      ->check(CLI::NonNegativeNumber);
  app->add_option(
      "FILE", command->file,
      "An answer: what stands in quotation marks, three words or more, and "
      "Markdown block quotes; without any, each line. Or JSON Lines of quote, "
      "document, passage, revision, start and end. Default: standard input.");
}

void AddCheckFlags(CLI::App* app, CheckCommand* command) {
  AddRepeated(app, "--document", &command->documents,
              "A document to check against: its id or name; may be given "
              "again. Without any source the whole collection is searched.");
  AddRepeated(app, "--passage", &command->passages,
              "Likewise a passage. Citation marks count documents, then "
              "passages, then facts.");
  AddRepeated(app, "--fact", &command->facts, "Likewise a text.");
  app->add_option("--threshold", command->threshold,
                  "The score from which on a claim is supported. Default: 0.6.")
      ->check(CLI::Range(0.001, 1.0));
  app->add_flag("--find-citations", command->find_citations,
                "Looks in the collection too for what bears a claim that the "
                "given sources do not bear.");
  app->add_option("--language", command->language,
                  "The answer's language, such as en. Default: detected.");
  app->add_option(
      "FILE", command->file,
      "The answer, plain text or Markdown. Default: standard input.");
}

void AddPackFlags(CLI::App* app, PackFlags* flags) {
  app->add_option("--budget", flags->budget,
                  "The most that the context may be, 1 to 1048576. Default: "
                  "2000.")
      ->check(CLI::Range(1, 1 << 20));
  app->add_option("--unit", flags->unit,
                  "What the budget counts: tokens (an estimate, rather too "
                  "many), chars or bytes. Default: tokens.")
      ->check(CLI::IsMember({"tokens", "chars", "bytes"}));
  app->add_option("--reserve", flags->reserve,
                  "What is kept free of it for instructions. Default: 0.")
      ->check(CLI::Range(0, 1 << 20));
  app->add_option("--order", flags->order,
                  "rank, document, newest or oldest. Default: rank.")
      ->check(CLI::IsMember({"rank", "document", "newest", "oldest"}));
  app->add_option("--format", flags->format,
                  "plain, markdown or xml. Default: plain.")
      ->check(CLI::IsMember({"plain", "markdown", "xml"}));
  app->add_option("--max-passages", flags->command.max_passages,
                  "The most passages to choose from, at most 100. Default: "
                  "50.");
  AddRepeated(app, "--filter", &flags->filters,
              "As for footnote search; may be given again.")
      ->check([](const std::string& text) {
        const auto filter = ParseFilterText(text);
        return filter.ok() ? std::string() : ErrorMessage(filter.status());
      });
  CLI::Option* passages = AddRepeated(
      app, "--passage", &flags->command.passages,
      "A passage to pack, by id or name, best first, in place of a query; may "
      "be given again.");
  app->add_flag("--text", flags->command.text_only,
                "Prints the context and nothing else.");
  app->add_option("QUERY", flags->query_words,
                  "The query, in one argument or several; - reads standard "
                  "input.")
      ->excludes(passages);
}

PackCommand ToPack(const PackFlags& flags) {
  PackCommand command = flags.command;
  command.query = JoinArguments(flags.query_words);
  for (const std::string& filter : flags.filters) {
    command.filters.push_back(*ParseFilterText(filter));
  }
  command.budget.set_size(flags.budget);
  command.budget.set_reserve(flags.reserve);
  command.budget.set_unit(flags.unit == "chars" ? v1::ContextBudget::UNIT_CHARS
                          : flags.unit == "bytes"
                              ? v1::ContextBudget::UNIT_BYTES
                              : v1::ContextBudget::UNIT_TOKENS);
  command.order =
      flags.order == "document" ? v1::PackContextRequest::ORDER_DOCUMENT
      : flags.order == "newest" ? v1::PackContextRequest::ORDER_NEWEST
      : flags.order == "oldest" ? v1::PackContextRequest::ORDER_OLDEST
                                : v1::PackContextRequest::ORDER_RANK;
  command.format =
      flags.format == "markdown" ? v1::PackContextRequest::FORMAT_MARKDOWN
      : flags.format == "xml"    ? v1::PackContextRequest::FORMAT_XML
                                 : v1::PackContextRequest::FORMAT_PLAIN;
  return command;
}

}  // namespace footnote::client
