// footnote-index verify.

#include <cstdio>
#include <memory>

#include "indexer/commands.h"
#include "indexer/output.h"
#include "indexer/pipeline/verify.h"
#include "indexer/progress_line.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

// What --generation may be at most.
constexpr uint64_t kLastGeneration = 999'999'999'999'999'999;

struct Command {
  pipeline::VerifyOptions options;
  bool json = false;
};

std::string FindingText(const index::Finding& finding) {
  std::string text = "  " + finding.file + ": ";
  text += finding.document.empty() ? "" : finding.document + ": ";
  if (finding.passage) {
    text += "passage " + std::to_string(*finding.passage) + ": ";
  }
  return Printable(text + finding.what) + "\n";
}

Json FindingJson(const index::Finding& finding) {
  Json json = {{"file", finding.file}, {"what", finding.what}};
  if (!finding.document.empty()) {
    json["document"] = finding.document;
  }
  if (finding.passage) {
    json["passage"] = *finding.passage;
  }
  return json;
}

std::string SummaryText(const std::string& collection,
                        const pipeline::VerifySummary& summary) {
  const uint64_t found = summary.findings.count();
  std::string text = collection + ": ";
  text += found == 0 ? "whole" : Counted(found, "finding");
  text += ": " + Counted(summary.generations.size(), "generation") + ", " +
          Counted(summary.segments, "segment") + ", " +
          Counted(summary.documents, "document") + ", " +
          Counted(summary.passages, "passage") + ", " +
          FormatBytes(summary.bytes) + " in " + Fixed(summary.seconds, 2) +
          " s\n";
  for (const index::Finding& finding : summary.findings.kept()) {
    text += FindingText(finding);
  }
  if (const uint64_t more = found - summary.findings.kept().size(); more > 0) {
    text += "  and " + std::to_string(more) + " more\n";
  }
  text += summary.passage_ids_checked
              ? ""
              : "  passage ids were not checked: another analyzer made them\n";
  return text;
}

Json SummaryJson(const std::string& collection,
                 const pipeline::VerifySummary& summary) {
  Json json = {{"collection", collection},
               {"whole", summary.findings.count() == 0},
               {"generations", summary.generations},
               {"segments", summary.segments},
               {"documents", summary.documents},
               {"passages", summary.passages},
               {"bytes", summary.bytes},
               {"passage_ids_checked", summary.passage_ids_checked},
               {"seconds", summary.seconds},
               {"findings_count", summary.findings.count()},
               {"findings", Json::array()}};
  for (const index::Finding& finding : summary.findings.kept()) {
    json["findings"].push_back(FindingJson(finding));
  }
  return json;
}

int Run(const Command& command) {
  ProgressLine line;
  pipeline::VerifyOptions options = command.options;
  options.progress = [&](const pipeline::VerifyProgress& progress) {
    line.Update(progress.what, progress.done, progress.total);
  };
  const auto summary = pipeline::VerifyCollection(options);
  line.Finish();
  if (!summary.ok()) {
    return PrintError(summary.status());
  }
  const std::string text =
      command.json ? DumpJson(SummaryJson(options.collection, *summary)) + "\n"
                   : SummaryText(options.collection, *summary);
  std::fputs(text.c_str(), stdout);
  return summary->findings.count() == 0 ? kDone : kFailed;
}

}  // namespace

void AddVerifyCommand(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<Command>();
  pipeline::VerifyOptions& options = command->options;
  CLI::App* verify = app->add_subcommand(
      "verify", "Check every file of a collection, and what it means");
  verify->footer(
      "\nExample: footnote-index verify --data-dir data --collection docs\n\n"
      "Servers and writers may run meanwhile. The first 100 findings are "
      "printed, the\nrest is counted.\n\n"
      "Exit codes: 0 all is well; 1 something is wrong, or there is no such "
      "collection;\n2 wrong usage.\n");
  AddCollectionOptions(verify, &options.data_dir, &options.collection);
  CLI::Option* generation =
      verify
          ->add_option("--generation", options.generation,
                       "Instead of the current generation")
          ->check(CLI::Range(uint64_t{1}, kLastGeneration))
          ->type_name("N");
  verify->add_flag("--all", options.all, "All generations that are kept")
      ->excludes(generation);
  verify->add_flag("--quick", options.quick,
                   "Digests and counts alone, not what the files mean");
  verify->add_flag("--json", command->json, "Print one JSON object");
  verify->callback([command, exit_code] { *exit_code = Run(*command); });
}

}  // namespace footnote
