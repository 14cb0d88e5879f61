// footnote-index plan.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

#include "indexer/commands.h"
#include "indexer/output.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

// Measured on collections of 5 to 138,870 documents with 19 kB to 1.1 GB of
// text (tests/bench/sizing.py); tests/e2e/plan_test.py compares.
constexpr double kBytesAPassage = 1000;
constexpr double kIndexBytesAByte = 1.15;
constexpr double kIndexBytesADocument = 350;
// A segment begins without words: its first megabytes bring most of them.
constexpr double kSegmentBytes = 80 << 20;  // of text
constexpr double kIndexBytesASegment = 100e3;
constexpr double kNewWordsBytes = 12e6;  // of text
constexpr double kIndexBytesANewByte = 0.72;
constexpr double kProcessBytes = 10 << 20;
constexpr double kProcessBytesAPassage = 24;
constexpr double kMappedShare = 0.3;  // of the index, that queries come back to
constexpr double kProgramBytes = 30 << 20;
constexpr double kCpuMsAtLeast = 0.5;
constexpr double kCpuMsARootPassage = 0.0115;

struct Command {
  double documents = 0;
  double bytes = 0;
  bool json = false;
};

struct Plan {
  double passages = 0;
  double index_bytes = 0;
  double disk_bytes = 0;    // to provide
  double memory_bytes = 0;  // of a server's own, besides --cache-mb
  double cache_bytes = 0;   // of files in the page cache
  double cpu_ms = 0;        // a query
};

Plan MakePlan(const Command& command) {
  Plan plan;
  plan.passages =
      std::max(command.documents,
               command.documents / 2 + command.bytes / kBytesAPassage);
  const double segments = std::ceil(command.bytes / kSegmentBytes);
  plan.index_bytes =
      kIndexBytesAByte * command.bytes +
      kIndexBytesADocument * command.documents +
      segments * (kIndexBytesASegment +
                  kIndexBytesANewByte *
                      std::min(command.bytes / segments, kNewWordsBytes));
  // The old generation stays while segments are merged or a new one is pulled.
  plan.disk_bytes = 2 * plan.index_bytes;
  plan.memory_bytes = kProcessBytes + kProcessBytesAPassage * plan.passages;
  plan.cache_bytes = kProgramBytes + kMappedShare * plan.index_bytes;
  plan.cpu_ms = kCpuMsAtLeast + kCpuMsARootPassage * std::sqrt(plan.passages);
  return plan;
}

uint64_t Whole(double value) {
  return static_cast<uint64_t>(std::llround(value));
}

std::string PlanText(const Plan& plan) {
  return Counted(Whole(plan.passages), "passage") + "\n" +
         "  index: " + FormatBytes(Whole(plan.index_bytes)) + "\n" +
         "  disk to provide: " + FormatBytes(Whole(plan.disk_bytes)) +
         ": the index twice, for merges and pulls\n" +
         "  memory of a server: " + FormatBytes(Whole(plan.memory_bytes)) +
         ", and up to --cache-mb of answers and --search-mb a thread\n" +
         "  page cache: " + FormatBytes(Whole(plan.cache_bytes)) +
         " that queries come back to\n" +
         "  CPU a query: " + Fixed(plan.cpu_ms, 1) + " ms\n";
}

Json PlanJson(const Plan& plan) {
  return {{"passages", Whole(plan.passages)},
          {"index_bytes", Whole(plan.index_bytes)},
          {"disk_bytes", Whole(plan.disk_bytes)},
          {"memory_bytes", Whole(plan.memory_bytes)},
          {"page_cache_bytes", Whole(plan.cache_bytes)},
          {"cpu_ms_per_query", plan.cpu_ms}};
}

// Returns why `text` is no number of documents or bytes; "" where it is one.
std::string CheckCount(const std::string& text) {
  constexpr uint64_t kMost = 1'000'000'000'000'000;
  uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  return read.ec == std::errc() && read.ptr == end && count >= 1 &&
                 count <= kMost
             ? std::string()
             : "\"" + text + "\" is not a whole number from 1 to " +
                   std::to_string(kMost);
}

int RunPlan(const Command& command) {
  const Plan plan = MakePlan(command);
  const std::string text =
      command.json ? DumpJson(PlanJson(plan)) + "\n" : PlanText(plan);
  std::fputs(text.c_str(), stdout);
  return kDone;
}

}  // namespace

void AddPlanCommand(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<Command>();
  CLI::App* plan = app->add_subcommand(
      "plan", "Say what a collection will take, before it is built");
  plan->footer(
      "\nFrom measurements: passages and index are right within a third for "
      "prose, memory\nand CPU within a factor of two, on a core like that of "
      "the measurements.\n\nExample: footnote-index plan --documents 140000 "
      "--bytes 1100000000\n\nExit codes: 0; 2 wrong usage.\n");
  plan->add_option("--documents", command->documents, "How many")
      ->required()
      ->check(CheckCount)
      ->type_name("N");
  plan->add_option("--bytes", command->bytes, "Of their texts together")
      ->required()
      ->check(CheckCount)
      ->type_name("B");
  plan->add_flag("--json", command->json, "Print one JSON object");
  plan->callback([command, exit_code] { *exit_code = RunPlan(*command); });
}

}  // namespace footnote
