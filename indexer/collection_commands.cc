// footnote-index list and info.

#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "indexer/commands.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/data_folder.h"
#include "indexer/output.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

struct Command {
  std::string data_dir;
  std::string collection;  // of info
  bool json = false;
};

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

// What list says of a collection.
Json RowJson(const index::CollectionInfo& info) {
  const index::GenerationInfo& generation = info.manifest.info;
  return {{"collection", info.name},
          {"generation", generation.number},
          {"documents", generation.documents},
          {"passages", generation.passages},
          {"bytes", info.bytes},
          {"aliases", info.aliases}};
}

std::string RowText(const index::CollectionInfo& info) {
  const index::GenerationInfo& generation = info.manifest.info;
  std::string text =
      info.name + ": generation " + std::to_string(generation.number) + ", " +
      Counted(generation.documents, "document") + ", " +
      Counted(generation.passages, "passage") + ", " + FormatBytes(info.bytes);
  if (!info.aliases.empty()) {
    text += "; also called " + Joined(info.aliases);
  }
  return text;
}

// Aliases that lead to no collection.
std::vector<std::string> DanglingAliases(const std::string& data_dir,
                                         const index::DataFolder& folder) {
  std::vector<std::string> names;
  for (const auto& [name, target] : folder.aliases) {
    if (absl::IsNotFound(index::FindCollection(data_dir, name).status())) {
      names.push_back(name);
    }
  }
  return names;
}

int RunList(const Command& command) {
  const auto folder = index::ReadDataFolder(command.data_dir);
  if (!folder.ok()) {
    return PrintError(folder.status());
  }
  Json rows = Json::array();
  Json damaged = Json::array();
  std::string text;
  for (const std::string& name : folder->collections) {
    const auto info = index::DescribeCollection(command.data_dir, name);
    if (info.ok()) {
      rows.push_back(RowJson(*info));
      text += RowText(*info) + "\n";
    } else if (!absl::IsNotFound(info.status())) {
      damaged.push_back({{"collection", name},
                         {"reason", ErrorReason(info.status())},
                         {"message", ErrorMessage(info.status())}});
      text += name + ": " + FormatError(info.status()) + "\n";
    }
  }
  const auto dangling = DanglingAliases(command.data_dir, *folder);
  for (const std::string& name : dangling) {
    text += name + ": an alias of \"" + folder->aliases.at(name) +
            "\", which is not there\n";
  }
  const Json json = {{"collections", std::move(rows)},
                     {"damaged", damaged},
                     {"dangling_aliases", dangling}};
  std::fputs(command.json ? (DumpJson(json) + "\n").c_str() : text.c_str(),
             stdout);
  return damaged.empty() ? kDone : kSomeSkipped;
}

Json SegmentJson(const index::SegmentEntry& entry, uint64_t bytes) {
  const auto gone = entry.tombstones.value_or(index::TombstonesEntry());
  return {{"id", entry.segment.id},
          {"documents", entry.segment.documents},
          {"passages", entry.segment.passages},
          {"deleted_documents", gone.documents},
          {"deleted_passages", gone.passages},
          {"bytes", bytes}};
}

Json InfoJson(const index::CollectionInfo& info) {
  const index::GenerationInfo& generation = info.manifest.info;
  Json json = {{"collection", info.name},
               {"generation", generation.number},
               {"parent", info.manifest.parent},
               {"build_time", generation.build_time},
               {"documents", generation.documents},
               {"passages", generation.passages},
               {"words", generation.total_words},
               {"text_bytes", generation.text_bytes},
               {"languages", generation.languages},
               {"analyzer", generation.analyzer},
               {"entities", info.manifest.entities},
               {"content_sha256", ToHex(generation.content_sha256)},
               {"manifest_sha256", ToHex(generation.manifest_sha256)},
               {"segments", Json::array()},
               {"generations", info.generations},
               {"aliases", info.aliases},
               {"bytes", info.bytes},
               {"log_bytes", info.log_bytes}};
  for (size_t i = 0; i < info.manifest.segments.size(); ++i) {
    json["segments"].push_back(
        SegmentJson(info.manifest.segments[i], info.segment_bytes[i]));
  }
  return json;
}

std::string InfoText(const index::CollectionInfo& info) {
  const index::GenerationInfo& generation = info.manifest.info;
  std::string text = RowText(info) + "\n";
  text += "  published " + generation.build_time + ", after generation " +
          std::to_string(info.manifest.parent) + "\n";
  text += "  " + Counted(generation.total_words, "word") + ", " +
          FormatBytes(generation.text_bytes) + " of text\n";
  std::vector<std::string> languages;
  for (const auto& [language, documents] : generation.languages) {
    languages.push_back(language + " " + std::to_string(documents));
  }
  text += "  languages: " + Joined(languages) + "\n";
  text += "  analyzer: " + Printable(generation.analyzer) + "\n";
  text += "  entities: " + Printable(info.manifest.entities) + "\n";
  text += "  content: " + ToHex(generation.content_sha256) + "\n";
  for (size_t i = 0; i < info.manifest.segments.size(); ++i) {
    const index::SegmentEntry& entry = info.manifest.segments[i];
    const auto gone = entry.tombstones.value_or(index::TombstonesEntry());
    text += "  segment " + entry.segment.id + ": " +
            Counted(entry.segment.documents, "document") + " (" +
            std::to_string(gone.documents) + " deleted), " +
            Counted(entry.segment.passages, "passage") + " (" +
            std::to_string(gone.passages) + " deleted), " +
            FormatBytes(info.segment_bytes[i]) + "\n";
  }
  std::vector<std::string> numbers;
  for (const uint64_t number : info.generations) {
    numbers.push_back(std::to_string(number));
  }
  text += "  generations kept: " + Joined(numbers) + "\n";
  text += info.log_bytes == 0 ? ""
                              : "  log of changes not published yet: " +
                                    FormatBytes(info.log_bytes) + "\n";
  return text;
}

int RunInfo(const Command& command) {
  const auto info =
      index::DescribeCollection(command.data_dir, command.collection);
  if (!info.ok()) {
    return PrintError(info.status());
  }
  const std::string text =
      command.json ? DumpJson(InfoJson(*info)) + "\n" : InfoText(*info);
  std::fputs(text.c_str(), stdout);
  return kDone;
}

}  // namespace

void AddCollectionCommands(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<Command>();
  CLI::App* list =
      app->add_subcommand("list", "Name the collections of a data folder");
  list->footer(
      "\nExample: footnote-index list --data-dir data\n\nExit codes: 0; 1 the "
      "folder cannot be read; 2 wrong usage; 3 a collection is\ndamaged (it is "
      "named with the reason).\n");
  AddDataDirOption(list, &command->data_dir);
  list->add_flag("--json", command->json, "Print one JSON object");
  list->callback([command, exit_code] { *exit_code = RunList(*command); });

  CLI::App* info = app->add_subcommand(
      "info", "Say what the current generation of a collection consists of");
  info->footer(
      "\nExample: footnote-index info --data-dir data --collection docs\n\n"
      "Exit codes: 0; 1 there is no such collection, or it is damaged; 2 wrong "
      "usage.\n");
  AddCollectionOptions(info, &command->data_dir, &command->collection);
  info->add_flag("--json", command->json, "Print one JSON object");
  info->callback([command, exit_code] { *exit_code = RunInfo(*command); });
}

}  // namespace footnote
