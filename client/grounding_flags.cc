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

}  // namespace footnote::client
