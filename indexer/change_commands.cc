// footnote-index add, delete, update-metadata, merge, gc and purge.

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "indexer/base/file.h"
#include "indexer/commands.h"
#include "indexer/index/collection_info.h"
#include "indexer/index/manifest.h"
#include "indexer/output.h"
#include "indexer/pipeline/add_sources.h"
#include "indexer/pipeline/collection_writer.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;
using Effect = pipeline::ChangeResult::Effect;

struct Command {
  std::string data_dir;
  std::string collection;
  std::vector<std::string> paths;  // of add
  std::vector<std::string> ids;    // of delete and purge
  std::string ids_from;            // likewise: a file, "-" for standard input
  std::string id;                  // of update-metadata
  std::string update;              // likewise: JSON
  uint64_t keep = index::Retention().keep;
  sources::ReadOptions read;
  bool json = false;
};

// What a command did: for people, and for machines.
// Json moves without throwing, and does not say so.
// NOLINTNEXTLINE(bugprone-exception-escape)
struct Outcome {
  std::string text;
  Json json;
  std::vector<sources::Skipped> skipped;
};

absl::StatusOr<std::unique_ptr<pipeline::CollectionWriter>> Open(
    const Command& command) {
  pipeline::WriterOptions options;
  options.max_document_bytes = command.read.max_document_bytes;
  options.retention = {.keep = command.keep, .batch = 1};
  return pipeline::CollectionWriter::Open(command.data_dir, command.collection,
                                          options);
}

// Opens a collection that must be there.
absl::StatusOr<std::unique_ptr<pipeline::CollectionWriter>> OpenExisting(
    const Command& command) {
  const auto folder =
      index::FindCollection(command.data_dir, command.collection);
  FOOTNOTE_RETURN_IF_ERROR(folder.status());
  return Open(command);
}

// Returns the ids given as arguments and in a file, a line each; each once.
absl::StatusOr<std::vector<std::string>> ReadIds(const Command& command) {
  std::vector<std::string> ids = command.ids;
  std::string text;
  if (command.ids_from == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (!command.ids_from.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(text, ReadFile(command.ids_from));
  }
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string id = text.substr(at, end - at);
    if (!id.empty() && id.back() == '\r') {
      id.pop_back();
    }
    if (!id.empty()) {
      ids.push_back(std::move(id));
    }
    at = end + 1;
  }
  std::set<std::string> seen;
  std::erase_if(ids,
                [&](const std::string& id) { return !seen.insert(id).second; });
  return ids;
}

void AddPublished(const pipeline::Published& published, Outcome* outcome) {
  outcome->json["generation"] = published.number;
  outcome->json["published"] = published.is_new;
  outcome->json["documents"] = published.documents;
  outcome->json["passages"] = published.passages;
  outcome->text = "generation " + std::to_string(published.number) +
                  (published.is_new ? " published: " : " is up to date: ") +
                  Counted(published.documents, "document") + " in " +
                  Counted(published.passages, "passage") + "\n" + outcome->text;
}

absl::StatusOr<Outcome> Add(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const auto writer, Open(command));
  FOOTNOTE_ASSIGN_OR_RETURN(
      pipeline::AddSummary added,
      pipeline::AddSources(command.paths, command.read, writer.get()));
  const uint64_t taken = added.added + added.changed + added.unchanged;
  if (taken == 0 && writer->pending() == 0) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "NOTHING_TO_INDEX",
        added.skipped.empty()
            ? "there is no document in what was given"
            : "no document could be read: " + added.skipped.front().path +
                  ": " + FormatError(added.skipped.front().status));
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::Published published,
                            writer->Publish());
  Outcome outcome;
  outcome.text = "  " + std::to_string(added.added) + " added, " +
                 std::to_string(added.changed) + " changed, " +
                 std::to_string(added.unchanged) + " unchanged\n";
  AddPublished(published, &outcome);
  outcome.json["added"] = added.added;
  outcome.json["changed"] = added.changed;
  outcome.json["unchanged"] = added.unchanged;
  outcome.json["text_bytes"] = added.text_bytes;
  outcome.skipped = std::move(added.skipped);
  return outcome;
}

absl::StatusOr<Outcome> Delete(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                            ReadIds(command));
  FOOTNOTE_ASSIGN_OR_RETURN(const auto writer, OpenExisting(command));
  Outcome outcome;
  uint64_t deleted = 0;
  Json not_found = Json::array();
  for (const std::string& id : ids) {
    FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::ChangeResult result,
                              writer->Delete(id));
    if (result.effect == Effect::kDeleted) {
      ++deleted;
    } else {
      not_found.push_back(id);
      outcome.text += "  not there: " + Printable(id) + "\n";
    }
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::Published published,
                            writer->Publish());
  outcome.text =
      "  " + Counted(deleted, "document") + " deleted\n" + outcome.text;
  AddPublished(published, &outcome);
  outcome.json["deleted"] = deleted;
  outcome.json["not_found"] = std::move(not_found);
  return outcome;
}

absl::StatusOr<Outcome> UpdateMetadata(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::MetadataUpdate update,
                            pipeline::ParseMetadataUpdate(command.update));
  FOOTNOTE_ASSIGN_OR_RETURN(const auto writer, OpenExisting(command));
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::ChangeResult result,
                            writer->UpdateMetadata(command.id, update));
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::Published published,
                            writer->Publish());
  const bool changed = result.effect == Effect::kChanged;
  Outcome outcome;
  outcome.text = changed ? "  1 document changed\n" : "  nothing changed\n";
  AddPublished(published, &outcome);
  outcome.json["changed"] = changed ? 1 : 0;
  outcome.json["etag"] = ToHex(result.etag);
  return outcome;
}

absl::StatusOr<Outcome> Merge(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const auto writer, OpenExisting(command));
  FOOTNOTE_ASSIGN_OR_RETURN(pipeline::Published published, writer->Publish());
  uint64_t merges = 0;
  while (true) {
    FOOTNOTE_ASSIGN_OR_RETURN(const bool merged, writer->MergeOnce());
    if (!merged) {
      break;
    }
    ++merges;
  }
  published.is_new = published.number != writer->generation();
  published.number = writer->generation();
  Outcome outcome;
  outcome.text = "  " + Counted(merges, "merge") + "\n";
  AddPublished(published, &outcome);
  outcome.json["merges"] = merges;
  return outcome;
}

absl::StatusOr<Outcome> CollectGarbage(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const auto writer, OpenExisting(command));
  FOOTNOTE_ASSIGN_OR_RETURN(index::Removed removed,
                            writer->RemoveOldGenerations(command.keep));
  const std::vector<uint64_t> left = index::ListGenerations(writer->folder());
  Outcome outcome;
  outcome.text = Counted(removed.generations, "generation") + " removed, " +
                 std::to_string(left.size()) + " kept\n";
  outcome.json = {{"removed", removed.generations}, {"generations", left}};
  for (index::UnreadableManifest& unreadable : removed.unreadable) {
    outcome.skipped.push_back(
        {index::ManifestPath(writer->folder(), unreadable.generation),
         std::move(unreadable.status)});
  }
  return outcome;
}

absl::StatusOr<Outcome> Purge(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                            ReadIds(command));
  FOOTNOTE_ASSIGN_OR_RETURN(const auto writer, OpenExisting(command));
  FOOTNOTE_ASSIGN_OR_RETURN(const pipeline::PurgeSummary purged,
                            writer->Purge({ids.begin(), ids.end()}));
  Outcome outcome;
  outcome.text =
      Counted(purged.documents, "version") +
      " of documents erased: " + Counted(purged.segments, "segment") + " and " +
      Counted(purged.generations, "generation") + " written anew\n";
  for (const std::string& id : purged.not_found) {
    outcome.text += "  not there: " + Printable(id) + "\n";
  }
  outcome.json = {{"generation", writer->generation()},
                  {"erased", purged.documents},
                  {"segments", purged.segments},
                  {"generations", purged.generations},
                  {"not_found", purged.not_found}};
  return outcome;
}

int Run(const Command& command,
        absl::StatusOr<Outcome> (*run)(const Command&)) {
  const absl::StatusOr<Outcome> outcome = run(command);
  if (!outcome.ok()) {
    return PrintError(outcome.status());
  }
  Json json = {{"event", "summary"}, {"collection", command.collection}};
  json.update(outcome->json);
  std::string text = command.collection + ": " + outcome->text;
  json["skipped"] = Json::array();
  for (const sources::Skipped& skipped : outcome->skipped) {
    json["skipped"].push_back({{"path", skipped.path},
                               {"reason", ErrorReason(skipped.status)},
                               {"message", ErrorMessage(skipped.status)}});
    text += "  skipped: " + Printable(skipped.path) + ": " +
            FormatError(skipped.status) + "\n";
  }
  std::fputs(command.json ? (DumpJson(json) + "\n").c_str() : text.c_str(),
             stdout);
  return outcome->skipped.empty() ? kDone : kSomeSkipped;
}

constexpr char kExitCodes[] =
    "\n\nExit codes: 0 done; 1 failed, with the reason; 2 wrong usage.\n";

// Adds the options that all of these commands have.
std::shared_ptr<Command> AddCommand(
    CLI::App* app, int* exit_code,
    absl::StatusOr<Outcome> (*run)(const Command&)) {
  auto command = std::make_shared<Command>();
  AddCollectionOptions(app, &command->data_dir, &command->collection);
  app->add_flag("--json", command->json, "Print one JSON object");
  app->callback([command, exit_code, run] { *exit_code = Run(*command, run); });
  return command;
}

void AddIdOptions(CLI::App* app, Command* command) {
  CLI::Option_group* group = app->add_option_group("Documents");
  group
      ->add_option("--ids-from", command->ids_from,
                   "File with an id a line, besides those given; - reads "
                   "standard input")
      ->type_name("FILE");
  group->add_option("ID", command->ids, "Ids of documents")->type_name("");
  group->require_option(1, 0);  // at least one
}

void AddAddCommand(CLI::App* app, int* exit_code) {
  CLI::App* add = app->add_subcommand(
      "add", "Put what PATH... hold into a collection; remove nothing");
  add->footer(
      "\nDocuments whose id is there already are replaced; a collection that "
      "is "
      "missing is\nmade. Lists of entities are left to build and sync.\n\n"
      "Example: footnote-index add --data-dir data --collection news "
      "today.jsonl\n\nExit codes: 0 everything was taken; 1 failed, with the "
      "reason; 2 wrong usage;\n3 published, but something was skipped (each "
      "piece is named with its reason).\n");
  const auto command = AddCommand(add, exit_code, Add);
  add->add_option("--max-document-bytes", command->read.max_document_bytes,
                  "Larger documents are skipped")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 30))
      ->type_name("BYTES");
  add->add_option("PATH", command->paths, "Files and folders to add")
      ->required()
      ->type_name("");
}

void AddUpdateCommand(CLI::App* app, int* exit_code) {
  CLI::App* update = app->add_subcommand(
      "update-metadata", "Change what is known of a document besides its text");
  update->footer(
      std::string(
          "\nJSON is an object with any of title, uri, source_type, "
          "access_labels, create_time,\nupdate_time, embargo_time, expire_time "
          "and metadata, whose keys are set, or removed\nwhere null; null "
          "clears a field. The text is not analysed again.\n\n"
          "Example: footnote-index update-metadata --data-dir data "
          "--collection news a/1 \\\n    --set "
          "'{\"title\": \"New\", \"metadata\": {\"draft\": null}}'") +
      kExitCodes);
  const auto command = AddCommand(update, exit_code, UpdateMetadata);
  update->add_option("--set", command->update, "What changes")
      ->required()
      ->type_name("JSON");
  update->add_option("ID", command->id, "Id of the document")
      ->required()
      ->type_name("");
}

}  // namespace

void AddChangeCommands(CLI::App* app, int* exit_code) {
  AddAddCommand(app, exit_code);
  CLI::App* remove =
      app->add_subcommand("delete", "Take documents out of a collection");
  remove->footer(
      std::string("\nIds that are not there are named and do no harm. Older "
                  "generations keep what they\nhave: see purge.\n\nExample: "
                  "footnote-index delete --data-dir data --collection news "
                  "a/1 a/2") +
      kExitCodes);
  AddIdOptions(remove, AddCommand(remove, exit_code, Delete).get());
  AddUpdateCommand(app, exit_code);

  CLI::App* merge = app->add_subcommand(
      "merge", "Put small segments together, and drop what was deleted");
  merge->footer(std::string("\nExample: footnote-index merge --data-dir data "
                            "--collection news") +
                kExitCodes);
  AddCommand(merge, exit_code, Merge);

  CLI::App* gc = app->add_subcommand(
      "gc", "Remove old generations, and what only they have");
  gc->footer(
      "\nGenerations that a server has open stay.\n\n"
      "Example: footnote-index gc --data-dir data --collection news --keep 1"
      "\n\nExit codes: 0 done; 1 failed, with the reason; 2 wrong usage; 3 "
      "done, but a manifest\nthat stays cannot be read: it is named, and what "
      "it may need stays too.\n");
  const auto collect = AddCommand(gc, exit_code, CollectGarbage);
  gc->add_option("--keep", collect->keep,
                 "How many generations stay, the current one among them")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 30))
      ->type_name("N");

  CLI::App* purge = app->add_subcommand(
      "purge", "Erase documents from every generation that is kept");
  purge->footer(
      std::string("\nAfterwards no file of the collection holds them; blocks "
                  "that the disk has not used\nagain may. Cut short, the next "
                  "command that writes the collection finishes it. Ids\nthat "
                  "are not there are named and do no harm.\n\n"
                  "Example: footnote-index purge --data-dir data --collection "
                  "news a/1") +
      kExitCodes);
  AddIdOptions(purge, AddCommand(purge, exit_code, Purge).get());
}

}  // namespace footnote
