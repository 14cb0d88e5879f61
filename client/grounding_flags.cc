#include "client/grounding_flags.h"

namespace footnote::client {

void AddVerifyFlags(CLI::App* app, VerifyCommand* command) {
  app->add_option("--quote", command->quotes,
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
  app->add_option(
      "--document", command->documents,
      "A document to check against: its id or name; may be given "
      "again. Without any source the whole collection is searched.");
  app->add_option("--passage", command->passages,
                  "Likewise a passage. Citation marks count documents, then "
                  "passages, then facts.");
  app->add_option("--fact", command->facts, "Likewise a text.");
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

}  // namespace footnote::client
