// footnote-index synonyms set, show and clear.

#include <cstdio>
#include <memory>
#include <string>

#include "indexer/base/file.h"
#include "indexer/commands.h"
#include "indexer/output.h"
#include "indexer/pipeline/synonyms.h"

namespace footnote {
namespace {

struct Command {
  std::string data_dir;
  std::string collection;
  std::string file;  // of set
};

int Publish(const Command& command, const std::string& text) {
  const auto published =
      pipeline::SetSynonyms(command.data_dir, command.collection, text);
  if (!published.ok()) {
    return PrintError(published.status());
  }
  std::printf("%s: generation %llu%s\n", command.collection.c_str(),
              static_cast<unsigned long long>(published->number),
              published->is_new ? "" : ", which had these synonyms already");
  return kDone;
}

int RunSet(const Command& command) {
  const auto text = ReadFile(command.file);
  return text.ok() ? Publish(command, *text) : PrintError(text.status());
}

int RunShow(const Command& command) {
  const auto text =
      pipeline::ReadSynonyms(command.data_dir, command.collection);
  if (!text.ok()) {
    return PrintError(text.status());
  }
  std::fwrite(text->data(), 1, text->size(), stdout);
  return kDone;
}

}  // namespace

void AddSynonymsCommand(CLI::App* app, int* exit_code) {
  auto command = std::make_shared<Command>();
  CLI::App* synonyms = app->add_subcommand(
      "synonyms", "Sets, shows and clears the synonyms of a collection");
  synonyms->require_subcommand(1);
  CLI::App* set = synonyms->add_subcommand(
      "set",
      "Publishes a generation with the synonyms of a file: a line each of "
      "\"a, b, c\", or \"a, b => c\" for c where a or b is asked for; # begins "
      "a comment");
  AddCollectionOptions(set, &command->data_dir, &command->collection);
  set->add_option("FILE", command->file, "The file")->required();
  set->callback([command, exit_code] { *exit_code = RunSet(*command); });
  CLI::App* show =
      synonyms->add_subcommand("show", "Prints the file of synonyms as set");
  AddCollectionOptions(show, &command->data_dir, &command->collection);
  show->callback([command, exit_code] { *exit_code = RunShow(*command); });
  CLI::App* clear = synonyms->add_subcommand(
      "clear", "Publishes a generation without synonyms");
  AddCollectionOptions(clear, &command->data_dir, &command->collection);
  clear->callback([command, exit_code] { *exit_code = Publish(*command, ""); });
}

}  // namespace footnote
