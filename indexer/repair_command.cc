// footnote-index repair.

#include <cstdio>
#include <memory>

#include "indexer/commands.h"
#include "indexer/output.h"
#include "indexer/pipeline/repair.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

struct Command {
  std::string data_dir;
  std::string collection;
  bool json = false;
};

Json SummaryJson(const std::string& collection,
                 const pipeline::RepairSummary& summary) {
  Json json = {{"collection", collection},
               {"base", summary.base},
               {"generation", summary.generation},
               {"current_lost", summary.current_lost},
               {"manifests_lost", summary.manifests_lost},
               {"gazetteer_lost", summary.gazetteer_lost},
               {"synonyms_lost", summary.synonyms_lost},
               {"tombstones_lost", summary.tombstones_lost},
               {"content_is_whole", summary.content_is_whole},
               {"segments", Json::array()},
               {"lost", Json::array()}};
  for (const pipeline::RepairedSegment& segment : summary.segments) {
    json["segments"].push_back({{"id", segment.id},
                                {"damaged", segment.damaged},
                                {"documents", segment.documents},
                                {"new_id", segment.new_id}});
  }
  for (const pipeline::LostDocument& lost : summary.lost) {
    json["lost"].push_back({{"document", lost.document_id},
                            {"segment", lost.segment},
                            {"number", lost.number},
                            {"why", lost.why}});
  }
  return json;
}

std::string SummaryText(const std::string& collection,
                        const pipeline::RepairSummary& summary) {
  const std::string base = std::to_string(summary.base);
  if (summary.generation == 0) {
    return collection + ": generation " + base + " is whole\n";
  }
  std::string text = collection + ": generation " +
                     std::to_string(summary.generation) +
                     " published, made of " +
                     (summary.manifests_lost ? "the segments that are there"
                                             : "generation " + base) +
                     "\n";
  if (summary.manifests_lost) {
    text +=
        "  no manifest could be read: documents that had been deleted may be "
        "back\n";
  } else if (summary.current_lost) {
    text += "  the newest generation could not be read: it is left out\n";
  }
  for (const pipeline::RepairedSegment& segment : summary.segments) {
    text += "  segment " + segment.id + ": " +
            Counted(segment.documents, "document") + " rebuilt; damaged:";
    for (const std::string& file : segment.damaged) {
      text += " " + file;
    }
    text += "\n";
  }
  for (const std::string& file : summary.tombstones_lost) {
    text += "  " + file + " is lost: documents deleted lately may be back\n";
  }
  text +=
      summary.synonyms_lost ? "  the synonyms are lost: set them again\n" : "";
  text += summary.gazetteer_lost
              ? "  the list of entities is lost: build with it again\n"
              : "";
  for (const pipeline::LostDocument& lost : summary.lost) {
    text +=
        "  lost: " +
        (lost.document_id.empty() ? "document " + std::to_string(lost.number) +
                                        " of segment " + lost.segment
                                  : Printable(lost.document_id)) +
        ": " + lost.why + "\n";
  }
  text += summary.content_is_whole ? "  all documents are there\n" : "";
  return text;
}

int Run(const Command& command) {
  const auto summary =
      pipeline::RepairCollection(command.data_dir, command.collection);
  if (!summary.ok()) {
    return PrintError(summary.status());
  }
  const std::string text =
      command.json ? DumpJson(SummaryJson(command.collection, *summary)) + "\n"
                   : SummaryText(command.collection, *summary);
  std::fputs(text.c_str(), stdout);
  return summary->content_is_whole && !summary->current_lost ? kDone
                                                             : kSomeSkipped;
}

}  // namespace

void AddRepairCommand(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<Command>();
  CLI::App* repair = app->add_subcommand(
      "repair", "Rebuild what is damaged from texts and records");
  repair->footer(
      "\nWhat is whole stays as it is. The rest is published anew as far as "
      "its texts and\nrecords are there; each document that is lost is "
      "named.\n\nExample: footnote-index repair --data-dir data --collection "
      "docs\n\nExit codes: 0 all documents are there; 1 nothing could be done; "
      "2 wrong usage;\n3 published, but something is lost.\n");
  AddCollectionOptions(repair, &command->data_dir, &command->collection);
  repair->add_flag("--json", command->json, "Print one JSON object");
  repair->callback([command, exit_code] { *exit_code = Run(*command); });
}

}  // namespace footnote
