// footnote-index build and sync.

#include <cstdio>
#include <memory>

#include "indexer/commands.h"
#include "indexer/index/collection_info.h"
#include "indexer/output.h"
#include "indexer/pipeline/build.h"
#include "indexer/report.h"

namespace footnote {
namespace {

constexpr char kFooter[] =
    "\nPATH is a file or a folder: plain text, Markdown with front matter, or "
    "JSON Lines\n(_id, title, text, metadata). Hidden files and folders (.git) "
    "are left out of a folder,\nand so is what its .footnoteignore names; a "
    "file named entities.tsv is a list of\nentities (type, id, name, "
    "aliases).\n\n"
    "Exit codes: 0 everything was indexed; 1 nothing was published; 2 wrong "
    "usage;\n3 published, but something was skipped (each piece is named with "
    "its reason);\n0 then, too, with --allow-skipped.\n";

struct BuildCommand {
  pipeline::BuildOptions options;
  bool json = false;
  bool allow_skipped = false;
  bool must_exist = false;  // sync
};

int Run(const BuildCommand& command) {
  const pipeline::BuildOptions& given = command.options;
  if (command.must_exist) {
    const auto folder = index::FindCollection(given.data_dir, given.collection);
    if (!folder.ok()) {
      return PrintError(folder.status());
    }
  }
  ProgressReport report;
  pipeline::BuildOptions options = command.options;
  options.progress = [&](const pipeline::BuildProgress& progress) {
    report.Update(progress);
  };
  const auto summary = pipeline::BuildCollection(options);
  report.Finish();
  if (!summary.ok()) {
    return PrintError(summary.status());
  }
  const std::string text = command.json
                               ? SummaryJson(options.collection, *summary)
                               : FormatSummary(options.collection, *summary);
  std::fputs(text.c_str(), stdout);
  return summary->skipped.empty() || command.allow_skipped ? kDone
                                                           : kSomeSkipped;
}

std::shared_ptr<BuildCommand> AddCommand(CLI::App* build, int* exit_code) {
  auto command = std::make_shared<BuildCommand>();
  pipeline::BuildOptions& options = command->options;
  build->footer(kFooter);
  AddCollectionOptions(build, &options.data_dir, &options.collection);
  build
      ->add_option("--entities", options.gazetteers,
                   "List of entities, besides those found in PATH...; may be "
                   "given more than once")
      ->type_name("FILE")
      ->allow_extra_args(false);
  build
      ->add_option("--max-document-bytes", options.read.max_document_bytes,
                   "Larger documents are skipped")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 30))
      ->type_name("BYTES");
  build
      ->add_option("--threads", options.threads,
                   "Threads that analyse and write; the index is the same for "
                   "any number")
      ->check(CLI::Range(1, 256))
      ->default_str("one for each core")
      ->type_name("N");
  build->add_flag("--allow-skipped", command->allow_skipped,
                  "Exit with 0 also where something was skipped");
  build->add_flag("--json", command->json,
                  "Print the summary as one JSON object");
  build->add_option("PATH", options.paths, "Files and folders to index")
      ->required()
      ->type_name("");
  build->callback([command, exit_code] { *exit_code = Run(*command); });
  return command;
}

}  // namespace

void AddBuildCommand(CLI::App* app, int* exit_code) {
  CLI::App* build = app->add_subcommand(
      "build", "Make a collection hold what PATH... hold, as a new generation");
  const auto command = AddCommand(build, exit_code);
  build->add_flag("--from-scratch", command->options.from_scratch,
                  "Index everything again, whatever was published before; also "
                  "over an index that is damaged or of another version");
  CLI::App* sync = app->add_subcommand(
      "sync",
      "Make a collection that is there mirror PATH...: take in what is "
      "new or changed, and take out what is gone");
  AddCommand(sync, exit_code)->must_exist = true;
}

}  // namespace footnote
