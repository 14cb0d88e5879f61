#include "client/command.h"

#include <map>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/common_flags.h"
#include "client/grounding_flags.h"
#include "client/more_search_flags.h"
#include "client/search_flags.h"

namespace footnote::client {
namespace {

constexpr char kDescription[] =
    "Asks a Footnote server for passages with exact footnotes.\n"
    "Exit codes: 0 done, 1 the server or the connection failed (one line on "
    "standard error names the reason), 2 wrong usage.";

// The values as CLI11 fills them in: the environment also those of commands
// that were not given.
struct GivenValues {
  std::map<std::string, CommonFlags> common;  // by command
  SearchFlags search;
  BatchFlags batch;
  LikeFlags like;
  AnalyzeCommand analyze;
  std::vector<std::string> analyze_words;
  SuggestCommand suggest;
  GetCommand get;
  SpanCommand span;
  DocumentsCommand documents;
  CollectionsCommand collections;
  HealthCommand health;
  PutCommand put;
  DeleteCommand remove;
  PublishCommand publish;
  VerifyCommand verify;
  PackFlags pack;
  CheckCommand check;
};

void AddCommonFlags(CLI::App* command, GivenValues* given) {
  AddCommonFlags(command, &given->common[command->get_name()]);
}

void AddCollection(CLI::App* command, std::string* collection) {
  command->add_option("--collection", *collection, "The collection. Required.")
      ->envname("FOOTNOTE_COLLECTION")
      ->required();
}

void AddCollections(CLI::App* command, std::vector<std::string>* collections) {
  command
      ->add_option("--collection", *collections,
                   "The collection, or NAME/generations/N for one of its "
                   "generations. Required. May be given several times: they "
                   "are searched as one.")
      ->envname("FOOTNOTE_COLLECTION")
      ->allow_extra_args(false)
      ->required();
}

void AddGeneration(CLI::App* command, uint64_t* generation) {
  command
      ->add_option("--generation", *generation,
                   "Generation to read. Default: the current one.")
      ->check(CLI::NonNegativeNumber);
}

void AddPageToken(CLI::App* command, std::string* token) {
  command->add_option("--page-token", *token,
                      "Continues where an answer with this token ended.");
}

void AddUtf16(CLI::App* command, bool* include) {
  command->add_flag("--utf16", *include,
                    "Gives spans in UTF-16 code units too, with --json.");
}

void AddSearch(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "search", "Finds passages that answer a query, best first.");
  SearchCommand& search = given->search.command;
  AddCommonFlags(command, given);
  AddCollections(command, &search.collections);
  command->add_option("--limit", search.limit,
                      "Passages to return, at most 100. Default: 10.");
  AddPageToken(command, &search.page_token);
  AddGeneration(command, &search.generation);
  AddUtf16(command, &search.include_utf16);
  AddSearchFlags(command, &given->search);
}

void AddBatch(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "batch", "Runs several queries in one call, or fuses what they find.");
  AddCommonFlags(command, given);
  AddCollections(command, &given->batch.command.collections);
  AddGeneration(command, &given->batch.command.generation);
  AddUtf16(command, &given->batch.command.include_utf16);
  AddBatchFlags(command, &given->batch);
}

void AddLike(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "like", "Finds passages about what a passage, span or text is about.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->like.command.collection);
  AddPageToken(command, &given->like.command.page_token);
  AddGeneration(command, &given->like.command.generation);
  AddUtf16(command, &given->like.command.include_utf16);
  AddLikeFlags(command, &given->like);
}

void AddAnalyze(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "analyze", "Shows what a text becomes, as a document's and as a query.");
  AnalyzeCommand& analyze = given->analyze;
  AddCommonFlags(command, given);
  AddCollection(command, &analyze.collection);
  command->add_option("--language", analyze.language,
                      "Language of the text as a document's. Default: the one "
                      "it seems to be in.");
  command->add_flag("--strict", analyze.strict,
                    "Refuses a query that breaks the grammar.");
  command->add_flag("--exact-words", analyze.exact_words,
                    "As for footnote search.");
  AddGeneration(command, &analyze.generation);
  AddUtf16(command, &analyze.include_utf16);
  command
      ->add_option("TEXT", given->analyze_words,
                   "The text, in one argument or several; - reads standard "
                   "input.")
      ->required();
}

void AddSuggest(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "suggest", "Completes a text, and proposes other spellings.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->suggest.collection);
  command->add_option("--limit", given->suggest.limit,
                      "Completions of each kind, at most 50. Default: 8.");
  AddGeneration(command, &given->suggest.generation);
  command
      ->add_option("TEXT", given->suggest.text,
                   "What was typed so far, in one argument.")
      ->required();
}

void AddGet(CLI::App* app, GivenValues* given) {
  CLI::App* command =
      app->add_subcommand("get", "Prints a document or a passage.");
  GetCommand& get = given->get;
  AddCommonFlags(command, given);
  command
      ->add_option("--start", get.start_byte,
                   "First byte of a document to print. Default: 0.")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--end", get.end_byte,
                   "One past the last byte. Default: the end.")
      ->check(CLI::NonNegativeNumber);
  AddGeneration(command, &get.generation);
  command->add_flag("--text", get.text_only,
                    "Prints the exact text and nothing else, however long; "
                    "without it, texts over 3 MiB come in pieces.");
  AddUtf16(command, &get.include_utf16);
  command
      ->add_option("NAME", get.name,
                   "collections/COLLECTION/documents/ID or "
                   "collections/COLLECTION/passages/ID")
      ->required();
}

void AddSpan(CLI::App* app, GivenValues* given) {
  CLI::App* command =
      app->add_subcommand("span", "Prints the text of a span of a document.");
  SpanCommand& span = given->span;
  AddCommonFlags(command, given);
  CLI::Option* sentences =
      command->add_option("--context-sentences", span.context_sentences,
                          "Whole sentences to print on either side, 0 to 100.");
  command
      ->add_option("--context-passages", span.context_passages,
                   "Whole passages to print on either side, 0 to 100.")
      ->excludes(sentences);
  command->add_option("--revision", span.revision,
                      "The document's revision that the span was cited from, "
                      "as 64 hexadecimal digits: an older generation answers "
                      "where the document has changed since.");
  command->add_option("--quote", span.quote,
                      "With --revision: the text of the span, to be found in "
                      "the current revision where none has the old one any "
                      "more.");
  AddGeneration(command, &span.generation);
  AddUtf16(command, &span.include_utf16);
  command->add_option("NAME", span.name, "collections/COLLECTION/documents/ID")
      ->required();
  command->add_option("START", span.start_byte, "The first byte.")
      ->required()
      ->check(CLI::NonNegativeNumber);
  command->add_option("END", span.end_byte, "One past the last byte.")
      ->required()
      ->check(CLI::NonNegativeNumber);
}

void AddDocuments(CLI::App* app, GivenValues* given) {
  CLI::App* command =
      app->add_subcommand("documents", "Lists the documents of a collection.");
  DocumentsCommand& documents = given->documents;
  AddCommonFlags(command, given);
  AddCollection(command, &documents.collection);
  command->add_option("--limit", documents.limit,
                      "Documents to list, at most 1000. Default: 100.");
  AddPageToken(command, &documents.page_token);
  AddGeneration(command, &documents.generation);
}

void AddCollections(CLI::App* app, GivenValues* given) {
  CLI::App* command =
      app->add_subcommand("collections", "Lists the server's collections.");
  AddCommonFlags(command, given);
  command->add_option("--limit", given->collections.limit,
                      "Collections to list, at most 1000. Default: 1000.");
  AddPageToken(command, &given->collections.page_token);
}

void AddHealth(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "health", "Prints the server's health; exit code 0 for SERVING only.");
  AddCommonFlags(command, given);
  command->add_option(
      "SERVICE", given->health.service,
      "A service, or liveness. Default: the server as a whole.");
}

void AddPublishFlag(CLI::App* command, bool* publish) {
  command->add_flag("--publish", *publish,
                    "Returns when searches find it so, not a moment before.");
}

void AddPut(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "put", "Puts documents into a collection, each durable when told.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->put.collection);
  AddPublishFlag(command, &given->put.publish);
  command
      ->add_option("FILE", given->put.files,
                   "Text or Markdown, or a folder of such; or JSON Lines "
                   "(.jsonl; - for standard input) with _id, title, text, "
                   "access_labels and metadata. Ids are those that "
                   "footnote-index add gives.")
      ->required();
}

void AddDelete(CLI::App* app, GivenValues* given) {
  CLI::App* command =
      app->add_subcommand("delete", "Deletes documents of a collection.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->remove.collection);
  AddPublishFlag(command, &given->remove.publish);
  command->add_option("ID", given->remove.ids, "Ids of documents")->required();
}

void AddPublish(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "publish", "Publishes what was put and deleted, and waits for it.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->publish.collection);
}

void AddVerify(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "verify", "Says whether and where quotes stand, word by word.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->verify.collection);
  AddGeneration(command, &given->verify.generation);
  AddUtf16(command, &given->verify.include_utf16);
  AddVerifyFlags(command, &given->verify);
}

void AddCheck(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "check", "Says of each claim of an answer how far sources bear it.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->check.collection);
  AddGeneration(command, &given->check.generation);
  AddUtf16(command, &given->check.include_utf16);
  AddCheckFlags(command, &given->check);
}

void AddPack(CLI::App* app, GivenValues* given) {
  CLI::App* command = app->add_subcommand(
      "pack", "Packs the best passages into a context that fits a budget.");
  AddCommonFlags(command, given);
  AddCollection(command, &given->pack.command.collection);
  AddGeneration(command, &given->pack.command.generation);
  AddUtf16(command, &given->pack.command.include_utf16);
  AddPackFlags(command, &given->pack);
}

using Action = decltype(Command::action);

// Returns what a command was told to do.
Action ToAction(const std::string& name, const GivenValues& given) {
  using Make = Action (*)(const GivenValues&);
  static const std::map<std::string, Make> kActions = {
      {"search", [](const auto& of) -> Action { return ToSearch(of.search); }},
      {"batch", [](const auto& of) -> Action { return ToBatch(of.batch); }},
      {"like", [](const auto& of) -> Action { return ToLike(of.like); }},
      {"suggest", [](const auto& of) -> Action { return of.suggest; }},
      {"get", [](const auto& of) -> Action { return of.get; }},
      {"span", [](const auto& of) -> Action { return of.span; }},
      {"documents", [](const auto& of) -> Action { return of.documents; }},
      {"collections", [](const auto& of) -> Action { return of.collections; }},
      {"put", [](const auto& of) -> Action { return of.put; }},
      {"delete", [](const auto& of) -> Action { return of.remove; }},
      {"publish", [](const auto& of) -> Action { return of.publish; }},
      {"verify", [](const auto& of) -> Action { return of.verify; }},
      {"pack", [](const auto& of) -> Action { return ToPack(of.pack); }},
      {"check", [](const auto& of) -> Action { return of.check; }},
      {"health", [](const auto& of) -> Action { return of.health; }},
      {"analyze",
       [](const auto& of) -> Action {
         AnalyzeCommand analyze = of.analyze;
         analyze.text = JoinArguments(of.analyze_words);
         return analyze;
       }},
  };
  return kActions.at(name)(given);
}

Command ToCommand(const CLI::App& app, const GivenValues& given) {
  const std::string name = app.get_subcommands().front()->get_name();
  const CommonFlags& common = given.common.at(name);
  Command command;
  command.server = common.server;
  command.timeout = std::chrono::milliseconds(
      static_cast<int64_t>(common.timeout_seconds * 1000));
  command.json = common.json;
  command.action = ToAction(name, given);
  return command;
}

}  // namespace

CommandLine ParseCommandLine(int argc, const char* const* argv) {
  GivenValues given;
  CLI::App app(kDescription, "footnote");
  app.set_version_flag("--version",
                       std::string("footnote ") + FOOTNOTE_VERSION);
  app.require_subcommand(1);
  AddSearch(&app, &given);
  AddBatch(&app, &given);
  AddLike(&app, &given);
  AddAnalyze(&app, &given);
  AddSuggest(&app, &given);
  AddGet(&app, &given);
  AddSpan(&app, &given);
  AddVerify(&app, &given);
  AddPack(&app, &given);
  AddCheck(&app, &given);
  AddCollections(&app, &given);
  AddDocuments(&app, &given);
  AddPut(&app, &given);
  AddDelete(&app, &given);
  AddPublish(&app, &given);
  AddHealth(&app, &given);
  CommandLine result;
  try {
    app.parse(argc, argv);
    result.command = ToCommand(app, given);
  } catch (const CLI::CallForHelp&) {
    result.output = app.help();
  } catch (const CLI::CallForVersion&) {
    result.output = app.version() + "\n";
  } catch (const CLI::ParseError& error) {
    result.exit_code = kExitUsage;
    result.output =
        std::string("footnote: ") + error.what() +
        "\nfootnote --help, or footnote COMMAND --help, says more.\n";
  }
  return result;
}

}  // namespace footnote::client
