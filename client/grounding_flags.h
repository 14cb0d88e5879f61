// The flags of the commands that prove answers.

#pragma once

#include <CLI/CLI.hpp>

#include "client/command.h"

namespace footnote::client {

// Adds the flags of footnote verify to `app`, which checks their values;
// `command` outlives it.
void AddVerifyFlags(CLI::App* app, VerifyCommand* command);

// Likewise of footnote check.
void AddCheckFlags(CLI::App* app, CheckCommand* command);

}  // namespace footnote::client
