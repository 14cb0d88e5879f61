// footnote-index: makes, changes and looks after collections.

#include <cstdio>
#include <exception>

#include <malloc.h>

#include "indexer/commands.h"

namespace footnote {

void AddDataDirOption(CLI::App* command, std::string* data_dir) {
  command->add_option("--data-dir", *data_dir, "Folder of all collections")
      ->required()
      ->envname("FOOTNOTE_DATA_DIR")
      ->type_name("DIR");
}

void AddCollectionOptions(CLI::App* command, std::string* data_dir,
                          std::string* collection) {
  AddDataDirOption(command, data_dir);
  command
      ->add_option("--collection", *collection,
                   "Name: 1 to 63 of a-z, 0-9, '-', '_'")
      ->required()
      ->type_name("NAME");
}

namespace {

int Run(int argc, char** argv) {
  CLI::App app("Makes, changes and looks after collections of footnote-server.",
               "footnote-index");
  app.require_subcommand(1);
  app.set_version_flag("--version", FOOTNOTE_VERSION);
  app.footer("\nfootnote-index COMMAND --help says more of a command.\n");
  int exit_code = kDone;
  AddBuildCommand(&app, &exit_code);
  AddChangeCommands(&app, &exit_code);
  AddCollectionCommands(&app, &exit_code);
  AddFolderCommands(&app, &exit_code);
  AddTransferCommands(&app, &exit_code);
  AddStoreCommands(&app, &exit_code);
  AddSynonymsCommand(&app, &exit_code);
  AddPlanCommand(&app, &exit_code);
  AddVerifyCommand(&app, &exit_code);
  AddRepairCommand(&app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      return app.exit(error);  // help or version
    }
    std::fprintf(stderr,
                 "footnote-index: %s\nfootnote-index --help says more.\n",
                 error.what());
    return kUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  // Larger blocks go back to the system when they are freed. glibc's own
  // threshold grows, and what is kept in pieces with it: a long build would
  // take more memory than a short one.
  constexpr int kOwnMappingBytes = 64 << 10;
  mallopt(M_MMAP_THRESHOLD, kOwnMappingBytes);
  try {
    return footnote::Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "footnote-index: %s\n", error.what());
    return footnote::kFailed;
  }
}
