// footnote-index: builds collections.

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "indexer/pipeline/build.h"
#include "indexer/report.h"

namespace {

// Exit codes, as --help states them.
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kSomeSkipped = 3 };

constexpr char kFooter[] =
    "\nPATH is a file or a folder: plain text, Markdown with front matter, or "
    "JSON Lines\n(_id, title, text, metadata). Hidden files and folders (.git) "
    "are left out of a folder,\nand so is what its .footnoteignore names; a "
    "file named entities.tsv is a list of\nentities (type, id, name, "
    "aliases).\n\n"
    "Exit codes: 0 everything was indexed; 1 nothing was published; 2 wrong "
    "usage;\n3 published, but something was skipped (each piece is named with "
    "its reason).\n";

int Build(const footnote::pipeline::BuildOptions& given, bool json) {
  footnote::ProgressReport report;
  footnote::pipeline::BuildOptions options = given;
  options.progress = [&](const footnote::pipeline::BuildProgress& progress) {
    report.Update(progress);
  };
  const auto summary = footnote::pipeline::BuildCollection(options);
  report.Finish();
  if (!summary.ok()) {
    std::fprintf(stderr, "footnote-index: %s\n",
                 footnote::FormatError(summary.status()).c_str());
    return kFailed;
  }
  const std::string text =
      json ? footnote::SummaryJson(options.collection, *summary)
           : footnote::FormatSummary(options.collection, *summary);
  std::fputs(text.c_str(), stdout);
  return summary->skipped.empty() ? kDone : kSomeSkipped;
}

int Run(int argc, char** argv) {
  CLI::App app("Builds collections for footnote-server.", "footnote-index");
  app.require_subcommand(1);
  app.set_version_flag("--version", FOOTNOTE_VERSION);
  app.footer(kFooter);

  footnote::pipeline::BuildOptions options;
  bool json = false;
  CLI::App* build = app.add_subcommand(
      "build", "Make a collection hold what PATH... hold, as a new generation");
  build->footer(kFooter);
  build
      ->add_option("--data-dir", options.data_dir,
                   "Folder of all collections; made where missing")
      ->required()
      ->envname("FOOTNOTE_DATA_DIR")
      ->type_name("DIR");
  build
      ->add_option("--collection", options.collection,
                   "Name: 1 to 63 of a-z, 0-9, '-', '_'")
      ->required()
      ->type_name("NAME");
  build
      ->add_option("--entities", options.gazetteers,
                   "List of entities, besides those found in PATH...; may be "
                   "given more than once")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  build
      ->add_option("--max-document-bytes", options.read.max_document_bytes,
                   "Larger documents are skipped")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 30))
      ->type_name("BYTES");
  build->add_flag("--from-scratch", options.from_scratch,
                  "Index everything again, whatever was published before; also "
                  "over an index that is damaged or of another version");
  build->add_flag("--json", json, "Print the summary as one JSON object");
  build->add_option("PATH", options.paths, "Files and folders to index")
      ->required()
      ->type_name("");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      return app.exit(error);  // help or version
    }
    std::fprintf(stderr,
                 "footnote-index: %s\nfootnote-index build --help says more.\n",
                 error.what());
    return kUsage;
  }
  return Build(options, json);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "footnote-index: %s\n", error.what());
    return kFailed;
  }
}
