// The subcommands of footnote-index, in groups of a file each.

#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace footnote {

// Exit codes, as --help states them.
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kSomeSkipped = 3 };

// Each adds subcommands to `app`; the one that is called sets `exit_code`.
void AddBuildCommand(CLI::App* app, int* exit_code);  // build, sync
// add, delete, update-metadata, merge, gc, purge
void AddChangeCommands(CLI::App* app, int* exit_code);
void AddCollectionCommands(CLI::App* app, int* exit_code);  // list, info
// create, drop, copy, alias, diff
void AddFolderCommands(CLI::App* app, int* exit_code);
void AddTransferCommands(CLI::App* app, int* exit_code);  // export, import
void AddStoreCommands(CLI::App* app, int* exit_code);     // push, pull
void AddSynonymsCommand(CLI::App* app, int* exit_code);
void AddPlanCommand(CLI::App* app, int* exit_code);
void AddVerifyCommand(CLI::App* app, int* exit_code);
void AddRepairCommand(CLI::App* app, int* exit_code);

// Adds the option that says where the collections are.
void AddDataDirOption(CLI::App* command, std::string* data_dir);

// Adds the options that say which collection a command is about.
void AddCollectionOptions(CLI::App* command, std::string* data_dir,
                          std::string* collection);

}  // namespace footnote
