// footnote-index push and pull.

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "indexer/commands.h"
#include "indexer/index/data_folder.h"
#include "indexer/output.h"
#include "indexer/progress_line.h"
#include "indexer/store/latest.h"
#include "indexer/store/pull.h"
#include "indexer/store/push.h"
#include "indexer/store/store.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFooter[] =
    "\nA store is the path of a folder, http(s)://… that knows GET, HEAD, PUT "
    "and DELETE,\nor s3://BUCKET/PREFIX, with AWS_ENDPOINT_URL, AWS_REGION, "
    "AWS_ACCESS_KEY_ID,\nAWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from the "
    "environment.\n"
    "What is there already is not moved again, and a push or pull that was "
    "killed goes\non where it was. A push is visible when all of it is there; "
    "a pull switches when\nall of it is here and has the digests that were "
    "pushed. One program at a time\npushes a collection.\n\n";
constexpr char kExitCodes[] =
    "Exit codes: 0; 1 nothing was done, for the reason named; 2 wrong usage; 3 "
    "some\ncollections could not be moved (they are named).\n";

struct Command {
  std::string data_dir;
  std::string address;
  std::vector<std::string> collections;  // none: all
  store::PushOptions push;
  bool json = false;
};

// What moving one collection came to.
struct Outcome {
  std::string collection;
  absl::StatusOr<store::Transfer> transfer;
};

using Move = std::function<absl::StatusOr<store::Transfer>(
    const std::string& collection, const store::Progress& progress)>;

std::vector<Outcome> MoveAll(const std::vector<std::string>& collections,
                             const Move& move) {
  std::vector<Outcome> outcomes;
  for (const std::string& name : collections) {
    ProgressLine progress;
    outcomes.push_back({name, move(name, [&](uint64_t done, uint64_t total) {
                          progress.Update(name, done, total);
                        })});
    progress.Finish();
  }
  return outcomes;
}

std::string Text(const Outcome& outcome, const char* moved) {
  const store::Transfer& transfer = *outcome.transfer;
  const std::string what = outcome.collection + ": generation " +
                           std::to_string(transfer.generation);
  const std::string total = FormatBytes(transfer.total_bytes);
  return what +
         (transfer.is_new || transfer.files > 0
              ? std::string(" ") + moved + ": " +
                    Counted(transfer.files, "file") + " with " +
                    FormatBytes(transfer.bytes) + " of " + total
              : " was there already, with " + total) +
         "\n  manifest: " + ToHex(transfer.manifest_sha256) + "\n";
}

Json ToJson(const Outcome& outcome) {
  if (!outcome.transfer.ok()) {
    return {{"collection", outcome.collection},
            {"reason", ErrorReason(outcome.transfer.status())},
            {"message", ErrorMessage(outcome.transfer.status())}};
  }
  const store::Transfer& transfer = *outcome.transfer;
  return {{"collection", outcome.collection},
          {"generation", transfer.generation},
          {"manifest_sha256", ToHex(transfer.manifest_sha256)},
          {"is_new", transfer.is_new},
          {"files", transfer.files},
          {"bytes", transfer.bytes},
          {"total_bytes", transfer.total_bytes}};
}

// Prints what was moved and what was not; returns the exit code.
int Print(const std::vector<Outcome>& outcomes, bool json, const char* moved) {
  size_t failed = 0;
  Json done = Json::array();
  Json failures = Json::array();
  for (const Outcome& outcome : outcomes) {
    const bool is_done = outcome.transfer.ok();
    (is_done ? done : failures).push_back(ToJson(outcome));
    if (!is_done) {
      ++failed;
      PrintError(Annotate(outcome.transfer.status(), outcome.collection));
    } else if (!json) {
      std::fputs(Text(outcome, moved).c_str(), stdout);
    }
  }
  if (json && failed < outcomes.size()) {
    const Json all = {{moved, std::move(done)}, {"failed", failures}};
    std::fputs((DumpJson(all) + "\n").c_str(), stdout);
  }
  return failed == 0                ? kDone
         : failed < outcomes.size() ? kSomeSkipped
                                    : kFailed;
}

absl::StatusOr<std::vector<Outcome>> Push(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const auto store,
                            store::OpenStore(command.address));
  std::vector<std::string> names = command.collections;
  if (names.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(const index::DataFolder folder,
                              index::ReadDataFolder(command.data_dir));
    names = folder.collections;
  }
  return MoveAll(names,
                 [&](const std::string& name, const store::Progress& progress) {
                   store::PushOptions options = command.push;
                   options.data_dir = command.data_dir;
                   options.collection = name;
                   options.progress = progress;
                   return store::Push(*store, options);
                 });
}

absl::StatusOr<std::vector<Outcome>> Pull(const Command& command) {
  FOOTNOTE_ASSIGN_OR_RETURN(const auto store,
                            store::OpenStore(command.address));
  std::vector<std::string> names = command.collections;
  if (names.empty()) {
    FOOTNOTE_ASSIGN_OR_RETURN(names, store::ReadCollections(*store));
  }
  return MoveAll(names,
                 [&](const std::string& name, const store::Progress& progress) {
                   store::PullOptions options;
                   options.data_dir = command.data_dir;
                   options.collection = name;
                   options.progress = progress;
                   return store::Pull(*store, options);
                 });
}

int Run(const Command& command, const char* moved,
        const absl::StatusOr<std::vector<Outcome>>& outcomes) {
  if (!outcomes.ok()) {
    return PrintError(outcomes.status());
  }
  if (outcomes->empty()) {
    return PrintError(MakeError(absl::StatusCode::kNotFound,
                                "COLLECTION_NOT_FOUND",
                                "there are no collections to move"));
  }
  return Print(*outcomes, command.json, moved);
}

CLI::App* Add(CLI::App* app, Command* command, const char* name,
              const char* what, const std::string& example) {
  CLI::App* add = app->add_subcommand(name, what);
  add->footer(kFooter + ("Example: footnote-index " + example) + "\n\n" +
              kExitCodes);
  AddDataDirOption(add, &command->data_dir);
  add->add_option("--collection", command->collections,
                  "Instead of all; may be given again")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("NAME");
  add->add_flag("--json", command->json, "Print one JSON object");
  add->add_option("STORE", command->address,
                  "Path, http(s)://… or s3://BUCKET/PREFIX")
      ->required()
      ->type_name("");
  return add;
}

}  // namespace

void AddStoreCommands(CLI::App* app, int* exit_code) {
  const auto push = std::make_shared<Command>();
  CLI::App* add_push =
      Add(app, push.get(), "push", "Put current generations into a store",
          "push --data-dir data --collection docs s3://bucket/store");
  add_push
      ->add_option("--keep", push->push.keep,
                   "Generations to leave in the store (10)")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 30))
      ->type_name("N");
  add_push->add_flag("--force", push->push.force,
                     "Also where the store's generation is not older");
  add_push->callback(
      [push, exit_code] { *exit_code = Run(*push, "pushed", Push(*push)); });

  const auto pull = std::make_shared<Command>();
  CLI::App* add_pull =
      Add(app, pull.get(), "pull", "Take the newest generations of a store",
          "pull --data-dir replica /mnt/share/store");
  add_pull->callback(
      [pull, exit_code] { *exit_code = Run(*pull, "pulled", Pull(*pull)); });
}

}  // namespace footnote
