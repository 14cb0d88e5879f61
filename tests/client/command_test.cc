#include "client/command.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace footnote::client {
namespace {

using testing::HasSubstr;

CommandLine Parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"footnote"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data());
}

// Parses arguments that must be right.
Command ParseGood(const std::vector<std::string>& arguments) {
  CommandLine line = Parse(arguments);
  EXPECT_TRUE(line.command) << line.output;
  return line.command.value_or(Command{});
}

TEST(Command, TakesStrictAndExactQueries) {
  const auto plain = std::get<SearchCommand>(
      ParseGood({"search", "--collection", "c", "fox"}).action);
  EXPECT_FALSE(plain.strict);
  EXPECT_FALSE(plain.exact_words);
  const auto search = std::get<SearchCommand>(
      ParseGood({"search", "--collection", "c", "--strict", "--exact-words",
                 "--", "+fox", "-owl"})
          .action);
  EXPECT_TRUE(search.strict);
  EXPECT_TRUE(search.exact_words);
  EXPECT_EQ(search.query, "+fox -owl");
}

TEST(Command, TakesTextsToAnalyze) {
  const auto analyze = std::get<AnalyzeCommand>(
      ParseGood({"analyze", "--collection", "c", "--language", "de", "--strict",
                 "--exact-words", "--generation", "3", "rote", "Füchse"})
          .action);
  EXPECT_EQ(analyze.collection, "c");
  EXPECT_EQ(analyze.text, "rote Füchse");
  EXPECT_EQ(analyze.language, "de");
  EXPECT_EQ(analyze.generation, 3U);
  EXPECT_TRUE(analyze.strict);
  EXPECT_TRUE(analyze.exact_words);
  EXPECT_FALSE(Parse({"analyze", "--collection", "c"}).command);
}

TEST(Command, TakesTheCallsThatScriptsRelyOn) {
  const Command command =
      ParseGood({"search", "--server", "host:1", "--collection", "seeds",
                 "--limit", "3", "--json", "who pays"});
  EXPECT_EQ(command.server, "host:1");
  EXPECT_TRUE(command.json);
  const auto& search = std::get<SearchCommand>(command.action);
  EXPECT_THAT(search.collections, testing::ElementsAre("seeds"));
  EXPECT_EQ(search.limit, 3);
  EXPECT_EQ(search.query, "who pays");
}

TEST(Command, HasDefaults) {
  const Command command = ParseGood({"search", "--collection", "seeds", "x"});
  EXPECT_EQ(command.server, "127.0.0.1:50051");
  EXPECT_EQ(command.timeout, std::chrono::seconds(10));
  EXPECT_FALSE(command.json);
  EXPECT_EQ(std::get<SearchCommand>(command.action).limit, 10);
}

TEST(Command, TakesFiltersFacetsAndATimeLimit) {
  const Command command =
      ParseGood({"search",
                 "--collection",
                 "seeds",
                 "--filter",
                 "language=en",
                 "--filter-json",
                 R"({"condition": {"field": "date", "op": "OPERATOR_EXISTS"}})",
                 "--filter",
                 "date>=2026",
                 "--facet",
                 "date=3",
                 "--facet",
                 "entity",
                 "--date-interval",
                 "day",
                 "--no-counts",
                 "--time-limit",
                 "0.25",
                 "--generation",
                 "7",
                 "two",
                 "words"});
  const auto& search = std::get<SearchCommand>(command.action);
  EXPECT_EQ(search.query, "two words");
  ASSERT_EQ(search.filters.size(), 3U);
  EXPECT_EQ(search.filters[0].condition().value().string_value(), "en");
  EXPECT_EQ(search.filters[1].condition().op(), v1::Condition::OPERATOR_GTE);
  EXPECT_EQ(search.filters[2].condition().op(), v1::Condition::OPERATOR_EXISTS);
  ASSERT_EQ(search.facets.size(), 2U);
  EXPECT_EQ(search.facets[0].field(), "date");
  EXPECT_EQ(search.facets[0].limit(), 3);
  EXPECT_EQ(search.facets[0].date_interval(), v1::FacetSpec::DATE_INTERVAL_DAY);
  EXPECT_EQ(search.facets[1].field(), "entity");
  EXPECT_EQ(search.facets[1].limit(), 0);
  EXPECT_TRUE(search.omit_counts);
  EXPECT_EQ(search.time_limit, std::chrono::milliseconds(250));
  EXPECT_EQ(search.generation, 7U);
}

TEST(Command, TakesWhatToHideAndToSpread) {
  const Command command = ParseGood(
      {"search", "--collection", "seeds", "--collapse", "near", "--diversity",
       "0.3", "--per-document", "2", "--drill-down", "query"});
  const auto& search = std::get<SearchCommand>(command.action);
  EXPECT_TRUE(search.drill_down);
  v1::SearchRequest request;
  SetRanking(search.ranking, &request);
  EXPECT_EQ(request.collapse(), v1::COLLAPSE_NEAR);
  EXPECT_EQ(request.diversity(), 0.3);
  EXPECT_EQ(request.max_passages_per_document(), 2);
  const Command plain = ParseGood({"search", "--collection", "seeds", "query"});
  v1::SearchRequest none;
  SetRanking(std::get<SearchCommand>(plain.action).ranking, &none);
  EXPECT_EQ(none.ByteSizeLong(), 0U);
}

TEST(Command, RefusesWhatIsNoFilterOrFacet) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--filter",
       "language"
       "="},
      {"--filter-json", "{"},
      {"--facet", "date=0"},
      {"--facet", "=3"},
      {"--facet", "date=x"},
      {"--time-limit", "0"},
      {"--date-interval", "week"},
      {"--collapse", "some"},
      {"--diversity", "1.1"},
      {"--facet", "date", "--no-facets"},
  };
  for (std::vector<std::string> flags : wrong) {
    flags.insert(flags.begin(), {"search", "--collection", "seeds"});
    flags.emplace_back("query");
    const CommandLine line = Parse(flags);
    EXPECT_FALSE(line.command) << flags[3] << " " << flags[4];
    EXPECT_EQ(line.exit_code, kExitUsage);
    EXPECT_THAT(line.output, HasSubstr(flags[3]));
  }
}

TEST(Command, JoinsTheWordsOfAQuery) {
  const Command command =
      ParseGood({"search", "--collection", "seeds", "who", "pays", "whom?"});
  EXPECT_EQ(std::get<SearchCommand>(command.action).query, "who pays whom?");
}

TEST(Command, TakesQueriesThatBeginWithADash) {
  const Command command =
      ParseGood({"search", "--collection", "seeds", "--", "-not", "this"});
  EXPECT_EQ(std::get<SearchCommand>(command.action).query, "-not this");
}

TEST(Command, TakesSeveralCollections) {
  const Command command = ParseGood(
      {"search", "--collection", "a", "--collection", "b", "the words"});
  const auto& search = std::get<SearchCommand>(command.action);
  EXPECT_THAT(search.collections, testing::ElementsAre("a", "b"));
  EXPECT_EQ(search.query, "the words");
}

TEST(Command, LeavesNegativeLimitsToTheServer) {
  const Command command =
      ParseGood({"search", "--collection", "seeds", "--limit", "-1", "x"});
  EXPECT_EQ(std::get<SearchCommand>(command.action).limit, -1);
}

TEST(Command, FlagsBeatTheEnvironment) {
  setenv("FOOTNOTE_SERVER", "environment:1", 1);
  setenv("FOOTNOTE_COLLECTION", "environment", 1);
  const Command from_environment = ParseGood({"search", "x"});
  EXPECT_EQ(from_environment.server, "environment:1");
  EXPECT_THAT(std::get<SearchCommand>(from_environment.action).collections,
              testing::ElementsAre("environment"));
  {
    const Command command = ParseGood(
        {"search", "--server", "flag:1", "--collection", "flag", "x"});
    EXPECT_EQ(command.server, "flag:1");
  }
  unsetenv("FOOTNOTE_SERVER");
  unsetenv("FOOTNOTE_COLLECTION");
}

TEST(Command, ParsesSpans) {
  const Command command = ParseGood({"span", "collections/a/documents/b", "120",
                                     "480", "--context-sentences", "2"});
  const auto& span = std::get<SpanCommand>(command.action);
  EXPECT_EQ(span.name, "collections/a/documents/b");
  EXPECT_EQ(span.start_byte, 120U);
  EXPECT_EQ(span.end_byte, 480U);
  EXPECT_EQ(span.context_sentences, 2);
}

TEST(Command, ParsesTheOthers) {
  EXPECT_EQ(
      std::get<GetCommand>(ParseGood({"get", "name", "--text"}).action).name,
      "name");
  EXPECT_EQ(std::get<DocumentsCommand>(
                ParseGood({"documents", "--collection", "c"}).action)
                .collection,
            "c");
  EXPECT_TRUE(std::holds_alternative<CollectionsCommand>(
      ParseGood({"collections"}).action));
  EXPECT_EQ(
      std::get<HealthCommand>(ParseGood({"health", "liveness"}).action).service,
      "liveness");
}

TEST(Command, TakesWhatProvesAnswers) {
  const auto verify = std::get<VerifyCommand>(
      ParseGood({"verify", "--collection", "c", "--document", "a.md", "--start",
                 "10", "--end", "20", "answer.txt"})
          .action);
  EXPECT_EQ(verify.file, "answer.txt");
  EXPECT_EQ(verify.document, "a.md");
  EXPECT_EQ(verify.start_byte, 10U);
  EXPECT_EQ(verify.end_byte, 20U);
  const auto check = std::get<CheckCommand>(
      ParseGood({"check", "--collection", "c", "--document", "a.md", "--fact",
                 "It is so.", "answer.md", "--threshold", "0.7",
                 "--find-citations"})
          .action);
  EXPECT_EQ(check.file, "answer.md");
  EXPECT_EQ(check.documents, std::vector<std::string>{"a.md"});
  EXPECT_EQ(check.facts, std::vector<std::string>{"It is so."});
  EXPECT_EQ(check.threshold, 0.7);
  EXPECT_TRUE(check.find_citations);
}

TEST(Command, TakesBudgets) {
  const auto pack = std::get<PackCommand>(
      ParseGood({"pack", "--collection", "c", "--budget", "500", "--reserve",
                 "50", "--unit", "chars", "--order", "newest", "--format",
                 "xml", "--text", "red", "fox"})
          .action);
  EXPECT_EQ(pack.query, "red fox");
  EXPECT_EQ(pack.budget.size(), 500U);
  EXPECT_EQ(pack.budget.reserve(), 50U);
  EXPECT_EQ(pack.budget.unit(), v1::ContextBudget::UNIT_CHARS);
  EXPECT_EQ(pack.order, v1::PackContextRequest::ORDER_NEWEST);
  EXPECT_EQ(pack.format, v1::PackContextRequest::FORMAT_XML);
  EXPECT_TRUE(pack.text_only);
  const auto plain = std::get<PackCommand>(
      ParseGood({"pack", "--collection", "c", "fox"}).action);
  EXPECT_EQ(plain.budget.size(), 2000U);
  EXPECT_EQ(plain.budget.unit(), v1::ContextBudget::UNIT_TOKENS);
}

TEST(Command, RefusesWrongUsage) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {},
           {"find"},
           {"search", "--collection", "seeds"},
           {"search", "x"},
           {"search", "--collection", "seeds", "--limit", "many", "x"},
           {"search", "--collection", "seeds", "--bogus", "x"},
           {"get"},
           {"span", "name", "1"},
           {"span", "name", "-1", "2"},
           {"span", "name", "1", "2", "--context-sentences", "1",
            "--context-passages", "1"},
           {"collections", "extra"},
           {"verify", "--collection", "c", "--start", "1"},
           {"check", "--collection", "c", "--threshold", "2"},
           {"pack", "--collection", "c", "--budget", "0", "x"},
           {"pack", "--collection", "c", "--unit", "words", "x"},
           {"pack", "--collection", "c", "--passage", "p", "x"},
           {"health", "--timeout", "0"}}) {
    const CommandLine line = Parse(arguments);
    EXPECT_FALSE(line.command);
    EXPECT_EQ(line.exit_code, 2);
    EXPECT_THAT(line.output, HasSubstr("footnote: "));
  }
}

TEST(Command, HelpNamesCommandsAndExitCodes) {
  const CommandLine line = Parse({"--help"});
  EXPECT_EQ(line.exit_code, 0);
  for (const char* piece : {"search", "get", "span", "collections", "documents",
                            "health", "Exit codes"}) {
    EXPECT_THAT(line.output, HasSubstr(piece));
  }
  const CommandLine search = Parse({"search", "--help"});
  EXPECT_EQ(search.exit_code, 0);
  for (const char* piece : {"--server", "--collection", "--limit", "--json",
                            "--page-token", "--generation", "QUERY"}) {
    EXPECT_THAT(search.output, HasSubstr(piece));
  }
}

}  // namespace
}  // namespace footnote::client
