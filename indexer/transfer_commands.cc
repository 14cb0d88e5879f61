// footnote-index export and import.

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>

#include <unistd.h>

#include "indexer/base/file.h"
#include "indexer/commands.h"
#include "indexer/index/collection_info.h"
#include "indexer/output.h"
#include "indexer/pipeline/build.h"
#include "indexer/pipeline/export.h"
#include "indexer/progress_line.h"
#include "indexer/report.h"

namespace footnote {
namespace {

using Json = nlohmann::ordered_json;

// What --generation may be at most.
constexpr uint64_t kLastGeneration = 999'999'999'999'999'999;

constexpr char kExportFooter[] =
    "\nEach line is a document: _id, title, text, access_labels, metadata and, "
    "in _footnote,\nwhat the metadata do not state. import, build and add read "
    "them back. With the same\nlist of entities (--entities writes it) and the "
    "same analyzer, documents come back\nwith equal etags and the collection "
    "with an equal content digest.\n\n"
    "Example: footnote-index export --data-dir data --collection docs \\\n"
    "           --output docs.jsonl --entities docs.tsv\n\n"
    "Exit codes: 0; 1 nothing was written, or not all; 2 wrong usage; 3 a "
    "document is\ndamaged and was left out (it is named), or cannot come back "
    "with its etag.\n";

constexpr char kImportFooter[] =
    "\nExample: footnote-index import --data-dir data --collection copy \\\n"
    "           --entities docs.tsv docs.jsonl\n\n"
    "Exit codes: 0; 1 nothing was published, or the collection is there; 2 "
    "wrong usage;\n3 published, but a line was skipped (it is named).\n";

// Where lines go: a file that stands under its name when all is in it, or
// standard output.
class LineWriter {
 public:
  // "" is standard output.
  explicit LineWriter(std::string path) : path_(std::move(path)) {
    file_ = path_.empty() ? stdout : std::fopen(Temporary().c_str(), "wbe");
    error_ = file_ == nullptr ? errno : 0;
  }
  ~LineWriter() {
    if (file_ != nullptr && !path_.empty()) {
      std::fclose(file_);
      std::remove(Temporary().c_str());
    }
  }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  absl::Status Write(std::string_view line) {
    if (error_ == 0 &&
        (std::fwrite(line.data(), 1, line.size(), file_) != line.size() ||
         std::fputc('\n', file_) == EOF)) {
      error_ = errno;
    }
    return GetStatus();
  }

  absl::Status Finish() {
    if (error_ == 0 && std::fflush(file_) != 0) {
      error_ = errno;
    }
    if (error_ != 0 || path_.empty()) {
      return GetStatus();
    }
    if (fsync(fileno(file_)) != 0 ||
        std::fclose(std::exchange(file_, nullptr)) != 0 ||
        std::rename(Temporary().c_str(), path_.c_str()) != 0) {
      error_ = errno;
    }
    return GetStatus();
  }

 private:
  std::string Temporary() const { return path_ + ".tmp"; }
  absl::Status GetStatus() const {
    return error_ == 0 ? absl::OkStatus()
                       : FileError(error_, "write",
                                   path_.empty() ? "standard output" : path_);
  }

  std::string path_;
  std::FILE* file_ = nullptr;
  int error_ = 0;
};

struct ExportCommand {
  pipeline::ExportOptions options;
  std::string output;    // "" for standard output
  std::string entities;  // "" for none
  bool json = false;
};

std::string ExportText(const std::string& collection,
                       const pipeline::ExportSummary& summary) {
  std::string text =
      collection + ": generation " + std::to_string(summary.generation) + ": " +
      Counted(summary.documents, "document") + ", " +
      FormatBytes(summary.text_bytes) +
      " of text\n  content: " + ToHex(summary.content_sha256) + "\n";
  for (const pipeline::ExportProblem& problem : summary.lost) {
    text += "  left out: " + Printable(problem.document_id) + ": " +
            FormatError(problem.status) + "\n";
  }
  if (summary.changed > 0) {
    text += "  " + Counted(summary.changed, "document") +
            " will have another etag: the index was built with another "
            "analyzer\n";
  }
  return text;
}

Json ExportJson(const std::string& collection,
                const pipeline::ExportSummary& summary) {
  Json json = {{"collection", collection},
               {"generation", summary.generation},
               {"documents", summary.documents},
               {"text_bytes", summary.text_bytes},
               {"content_sha256", ToHex(summary.content_sha256)},
               {"changed_etags", summary.changed},
               {"left_out", Json::array()}};
  for (const pipeline::ExportProblem& problem : summary.lost) {
    json["left_out"].push_back({{"document", problem.document_id},
                                {"reason", ErrorReason(problem.status)},
                                {"message", ErrorMessage(problem.status)}});
  }
  return json;
}

absl::StatusOr<pipeline::ExportSummary> Export(const ExportCommand& command) {
  ProgressLine progress;
  LineWriter writer(command.output);
  pipeline::ExportOptions options = command.options;
  options.line = [&](std::string_view line) { return writer.Write(line); };
  options.progress = [&](uint64_t done, uint64_t total) {
    progress.Update("the documents", done, total);
  };
  auto summary = pipeline::ExportCollection(options);
  progress.Finish();
  FOOTNOTE_RETURN_IF_ERROR(summary.status());
  if (!command.entities.empty()) {
    FOOTNOTE_RETURN_IF_ERROR(summary->gazetteer.status());
    FOOTNOTE_RETURN_IF_ERROR(
        WriteFileDurably(command.entities, *summary->gazetteer));
  }
  FOOTNOTE_RETURN_IF_ERROR(writer.Finish());
  return summary;
}

int RunExport(const ExportCommand& command) {
  const auto summary = Export(command);
  if (!summary.ok()) {
    return PrintError(summary.status());
  }
  const std::string& name = command.options.collection;
  const std::string text = command.json
                               ? DumpJson(ExportJson(name, *summary)) + "\n"
                               : ExportText(name, *summary);
  std::fputs(text.c_str(), command.output.empty() ? stderr : stdout);
  return summary->lost.empty() && summary->changed == 0 ? kDone : kSomeSkipped;
}

struct ImportCommand {
  pipeline::BuildOptions options;
  bool json = false;
};

absl::Status CheckIsNew(const std::string& data_dir, const std::string& name) {
  const auto folder = index::FindCollection(data_dir, name);
  if (absl::IsNotFound(folder.status())) {
    return absl::OkStatus();
  }
  FOOTNOTE_RETURN_IF_ERROR(folder.status());
  return MakeError(absl::StatusCode::kAlreadyExists, "COLLECTION_EXISTS",
                   "there is a collection \"" + name +
                       "\" already; footnote-index add puts documents into it",
                   {{"collection", name}});
}

absl::StatusOr<pipeline::BuildSummary> Import(const ImportCommand& command) {
  FOOTNOTE_RETURN_IF_ERROR(
      CheckIsNew(command.options.data_dir, command.options.collection));
  ProgressReport report;
  pipeline::BuildOptions options = command.options;
  options.read.json_lines = true;
  options.progress = [&](const pipeline::BuildProgress& progress) {
    report.Update(progress);
  };
  auto summary = pipeline::BuildCollection(options);
  report.Finish();
  return summary;
}

int RunImport(const ImportCommand& command) {
  const auto summary = Import(command);
  if (!summary.ok()) {
    return PrintError(summary.status());
  }
  const pipeline::BuildOptions& options = command.options;
  const auto info =
      index::DescribeCollection(options.data_dir, options.collection);
  if (!info.ok()) {
    return PrintError(info.status());
  }
  const std::string content = ToHex(info->manifest.info.content_sha256);
  std::string text;
  if (command.json) {
    Json json = Json::parse(SummaryJson(options.collection, *summary));
    json["content_sha256"] = content;
    text = DumpJson(json) + "\n";
  } else {
    text = FormatSummary(options.collection, *summary) +
           "  content: " + content + "\n";
  }
  std::fputs(text.c_str(), stdout);
  return summary->skipped.empty() ? kDone : kSomeSkipped;
}

void AddExportCommand(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<ExportCommand>();
  pipeline::ExportOptions& options = command->options;
  CLI::App* add =
      app->add_subcommand("export", "Write a collection as JSON Lines");
  add->footer(kExportFooter);
  AddCollectionOptions(add, &options.data_dir, &options.collection);
  add->add_option("--generation", options.generation,
                  "Instead of the current generation")
      ->check(CLI::Range(uint64_t{1}, kLastGeneration))
      ->type_name("N");
  add->add_option("--output", command->output, "Instead of standard output")
      ->type_name("FILE");
  add->add_option("--entities", command->entities,
                  "Write the list of entities there")
      ->type_name("FILE");
  add->add_flag("--json", command->json,
                "Print the summary as one JSON object: on standard error, "
                "unless there is --output");
  add->callback([command, exit_code] { *exit_code = RunExport(*command); });
}

void AddImportCommand(CLI::App* app, int* exit_code) {
  const auto command = std::make_shared<ImportCommand>();
  pipeline::BuildOptions& options = command->options;
  // A line is longer than its text.
  options.read.max_document_bytes = uint64_t{1} << 30;
  CLI::App* add = app->add_subcommand(
      "import", "Make a new collection from what export wrote");
  add->footer(kImportFooter);
  AddCollectionOptions(add, &options.data_dir, &options.collection);
  add->add_option("--entities", options.gazetteers, "List of entities")
      ->type_name("FILE")
      ->expected(1);
  add->add_flag("--json", command->json,
                "Print the summary as one JSON object");
  add->add_option("FILE", options.paths, "JSON Lines")
      ->required()
      ->expected(1)
      ->type_name("");
  add->callback([command, exit_code] { *exit_code = RunImport(*command); });
}

}  // namespace

void AddTransferCommands(CLI::App* app, int* exit_code) {
  AddExportCommand(app, exit_code);
  AddImportCommand(app, exit_code);
}

}  // namespace footnote
