// footnote-index create, drop, copy, join, alias and diff.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "indexer/commands.h"
#include "indexer/output.h"
#include "indexer/pipeline/collection_folders.h"
#include "indexer/pipeline/diff.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

struct Command {
  std::string data_dir;
  std::string name;                // the collection, or the alias
  std::string other;               // the second name; "" for none
  std::vector<std::string> parts;  // that are joined
  pipeline::GenerationName from;
  pipeline::GenerationName to;
  bool force = false;
  bool remove = false;
  bool json = false;
};
using CommandPtr = std::shared_ptr<Command>;

// Prints what was done, or why not; returns the exit code.
int Print(const Command& command, const absl::Status& status, const Json& json,
          const std::string& text) {
  if (!status.ok()) {
    return PrintError(status);
  }
  std::fputs((command.json ? DumpJson(json) : text).c_str(), stdout);
  std::fputc('\n', stdout);
  return kDone;
}

int RunCreate(const Command& command) {
  return Print(command,
               pipeline::CreateCollection(command.data_dir, command.name),
               {{"created", command.name}},
               command.name + ": created, without documents");
}

int RunDrop(const Command& command) {
  return Print(
      command,
      pipeline::DropCollection(command.data_dir, command.name, command.force),
      {{"dropped", command.name}}, command.name + ": dropped");
}

int RunCopy(const Command& command) {
  return Print(
      command,
      pipeline::CopyCollection(command.data_dir, command.name, command.other),
      {{"copied", command.name}, {"to", command.other}},
      command.other + ": a copy of " + command.name);
}

int RunJoin(const Command& command) {
  return Print(
      command,
      pipeline::JoinCollections(command.data_dir, command.parts, command.name),
      {{"joined", command.parts}, {"to", command.name}},
      command.name + ": " + Counted(command.parts.size(), "part") + " joined");
}

int RunAlias(const Command& command) {
  if (command.remove == !command.other.empty()) {
    std::fputs(
        "footnote-index: alias takes NAME and COLLECTION, or --remove and "
        "NAME\nfootnote-index alias --help says more.\n",
        stderr);
    return kUsage;
  }
  if (command.remove) {
    return Print(command, pipeline::RemoveAlias(command.data_dir, command.name),
                 {{"removed_alias", command.name}},
                 command.name + ": is no alias any more");
  }
  return Print(
      command,
      pipeline::SetAlias(command.data_dir, command.name, command.other),
      {{"alias", command.name}, {"collection", command.other}},
      command.name + ": another name of " + command.other);
}

std::string EtagText(const Digest& etag) {
  constexpr Digest kNone{};
  return etag == kNone ? "" : ToHex(etag);
}

int RunDiff(const Command& command) {
  pipeline::GenerationName from = command.from;
  pipeline::GenerationName to = command.to;
  from.collection = command.name;
  to.collection = command.other.empty() ? command.name : command.other;
  const auto summary = pipeline::DiffGenerations(
      command.data_dir, from, to,
      [&](const pipeline::DocumentDifference& difference) {
        const std::string before = EtagText(difference.from);
        const std::string after = EtagText(difference.to);
        const char* what = before.empty()  ? "added"
                           : after.empty() ? "removed"
                                           : "changed";
        const Json line = {{what, difference.document_id},
                           {"from_etag", before},
                           {"to_etag", after}};
        const std::string text =
            command.json
                ? DumpJson(line)
                : Printable(what + std::string(" ") + difference.document_id);
        std::fprintf(stdout, "%s\n", text.c_str());
      });
  Json json;
  std::string text;
  if (summary.ok()) {
    json = {{"event", "summary"},
            {"from_generation", summary->from_generation},
            {"to_generation", summary->to_generation},
            {"added", summary->added},
            {"changed", summary->changed},
            {"removed", summary->removed},
            {"unchanged", summary->unchanged}};
    text = std::to_string(summary->added) + " added, " +
           std::to_string(summary->changed) + " changed, " +
           std::to_string(summary->removed) + " removed, " +
           std::to_string(summary->unchanged) + " unchanged";
  }
  return Print(command, summary.status(), json, text);
}

// Adds a subcommand with what all of them have.
CLI::App* Add(CLI::App* app, const CommandPtr& command, const char* name,
              const char* what) {
  CLI::App* add = app->add_subcommand(name, what);
  AddDataDirOption(add, &command->data_dir);
  add->add_flag("--json", command->json, "Print JSON");
  return add;
}

constexpr char kExitCodes[] =
    "\n\nExit codes: 0 done; 1 not done, for the reason named; 2 wrong "
    "usage.\n";

void AddCreateAndDrop(CLI::App* app, const CommandPtr& command,
                      int* exit_code) {
  CLI::App* create = Add(app, command, "create", "Make an empty collection");
  create->footer(std::string("\nExample: footnote-index create --data-dir data "
                             "--collection docs") +
                 kExitCodes);
  create->add_option("--collection", command->name, "Its name")
      ->required()
      ->type_name("NAME");
  create->callback([=] { *exit_code = RunCreate(*command); });

  CLI::App* drop =
      Add(app, command, "drop", "Remove a collection and all it holds");
  drop->footer(std::string("\nRefused while a server or a writer has the "
                           "collection open, or an alias leads to "
                           "it.\n\nExample: footnote-index drop --data-dir "
                           "data --collection docs") +
               kExitCodes);
  drop->add_option("--collection", command->name, "Its name")
      ->required()
      ->type_name("NAME");
  drop->add_flag("--force", command->force,
                 "Also while it is open; servers go on with what they have "
                 "open");
  drop->callback([=] { *exit_code = RunDrop(*command); });
}

void AddCopyAndAlias(CLI::App* app, const CommandPtr& command, int* exit_code) {
  CLI::App* copy = Add(app, command, "copy",
                       "Make a collection of the current generation of one");
  copy->footer(
      std::string("\nFiles are shared by hard links where that can be: a copy "
                  "takes no space, and purging\na document from one leaves it "
                  "in the other.\n\nExample: footnote-index copy --data-dir "
                  "data docs docs-2026") +
      kExitCodes);
  copy->add_option("SRC", command->name, "Collection or alias")
      ->required()
      ->type_name("");
  copy->add_option("DST", command->other, "Name of the new collection")
      ->required()
      ->type_name("");
  copy->callback([=] { *exit_code = RunCopy(*command); });

  CLI::App* join =
      Add(app, command, "join", "Make one collection of parts built apart");
  join->footer(
      std::string("\nParts have no document in common, the same list of "
                  "entities and the same\nsynonyms; nothing is analysed again, "
                  "and answers are as if all had been "
                  "built\ntogether.\n\nExample: footnote-index "
                  "join --data-dir data docs docs-0 docs-1") +
      kExitCodes);
  join->add_option("DST", command->name, "Name of the new collection")
      ->required()
      ->type_name("");
  join->add_option("PART", command->parts, "Collections or aliases")
      ->required()
      ->type_name("");
  join->callback([=] { *exit_code = RunJoin(*command); });

  CLI::App* alias =
      Add(app, command, "alias", "Give a collection another name, or move it");
  alias->footer(
      std::string("\nA running server goes over from one collection to the "
                  "other without failing a request.\n\nExample: footnote-index "
                  "alias --data-dir data live docs-2026") +
      kExitCodes);
  alias->add_option("NAME", command->name, "The alias")
      ->required()
      ->type_name("");
  alias->add_option("COLLECTION", command->other, "What it is to lead to")
      ->type_name("");
  alias->add_flag("--remove", command->remove, "Remove the alias");
  alias->callback([=] { *exit_code = RunAlias(*command); });
}

void AddDiff(CLI::App* app, const CommandPtr& command, int* exit_code) {
  CLI::App* diff = Add(app, command, "diff",
                       "Say how the documents of two generations differ");
  diff->footer(
      std::string(
          "\nGENERATION 0 is the current one.\n\nExample: footnote-index diff "
          "--data-dir data --collection docs 3 4\n         footnote-index diff "
          "--data-dir data --collection docs --with docs-2026 0 0") +
      kExitCodes);
  diff->add_option("--collection", command->name, "Of the first generation")
      ->required()
      ->type_name("NAME");
  diff->add_option("--with", command->other,
                   "Collection of the second generation, if another")
      ->type_name("NAME");
  diff->add_option("FROM", command->from.generation, "The first GENERATION")
      ->required()
      ->type_name("");
  diff->add_option("TO", command->to.generation, "The second GENERATION")
      ->required()
      ->type_name("");
  diff->callback([=] { *exit_code = RunDiff(*command); });
}

}  // namespace

void AddFolderCommands(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<Command>();
  AddCreateAndDrop(app, command, exit_code);
  AddCopyAndAlias(app, command, exit_code);
  AddDiff(app, command, exit_code);
}

}  // namespace footnote
