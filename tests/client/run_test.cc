// The commands of footnote against a server in this process.

#include "client/run.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "client/filter_text.h"
#include "tests/service/test_server.h"

namespace footnote::client {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kFox[] = "collections/animals/documents/fox.md";
constexpr char kFoxText[] = "# Foxes\n\nThe red fox runs. It hunts at night.\n";

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

class RunTest : public testing::Test {
 protected:
  template <typename Action>
  Outcome Run(const Action& action, bool json = false,
              const std::string& in = "") {
    Command command;
    command.server = server_.address();
    command.json = json;
    command.action = action;
    std::istringstream input(in);
    std::ostringstream out;
    std::ostringstream err;
    const int exit_code = RunCommand(command, {input, out, err, {}});
    return {exit_code, out.str(), err.str()};
  }

  static SearchCommand Search(const std::string& query) {
    SearchCommand command;
    command.collections = {"animals"};
    command.query = query;
    return command;
  }

  service::TestServer server_;
};

TEST_F(RunTest, SearchPrintsFootnotes) {
  const Outcome outcome = Run(Search("red fox"));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, StartsWith("1. Foxes\n"));
  EXPECT_THAT(outcome.out, HasSubstr("   [1] Foxes · "));
  EXPECT_THAT(outcome.out, HasSubstr(" · bytes 0-46 · sha256 "));
  EXPECT_THAT(outcome.out, HasSubstr("3 passages in 3 documents\n"));
}

TEST_F(RunTest, SearchPrintsJsonThatParsesBack) {
  const Outcome outcome = Run(Search("red fox"), true);
  EXPECT_EQ(outcome.exit_code, 0);
  v1::SearchResponse response;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(outcome.out, &response).ok());
  EXPECT_EQ(response.passages_size(), 3);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_TRUE(json.contains("queryId"));
  EXPECT_EQ(json["nextPageToken"], "");  // defaults are printed
  const auto& span = json["passages"][0]["provenance"]["span"];
  EXPECT_EQ(span["startByte"], "0");
  EXPECT_FALSE(span.contains("startUtf16"));
}

TEST_F(RunTest, SearchReadsTheQueryFromStandardInput) {
  const Outcome outcome = Run(Search("-"), true, "owl\n");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["passages"].size(), 1U);
}

TEST_F(RunTest, SearchTakesALimitAndAToken) {
  SearchCommand command = Search("fox");
  command.limit = 2;
  const auto first = nlohmann::json::parse(Run(command, true).out);
  EXPECT_EQ(first["passages"].size(), 2U);
  command.page_token = first["nextPageToken"];
  const auto second = nlohmann::json::parse(Run(command, true).out);
  EXPECT_EQ(second["passages"].size(), 1U);
  EXPECT_EQ(second["passages"][0]["rank"], 3);
}

TEST_F(RunTest, SearchFiltersAndCountsWhatItIsTold) {
  SearchCommand command = Search("fox owl");
  command.filters = {*ParseFilterText("document_id^=bird/"),
                     *ParseFilterText("language=en|de|und")};
  command.facets.emplace_back().set_field("source_type");
  command.time_limit = std::chrono::seconds(20);
  const auto json = nlohmann::json::parse(Run(command, true).out);
  ASSERT_EQ(json["passages"].size(), 1U);
  EXPECT_EQ(json["passages"][0]["document"]["documentId"], "bird/owl.txt");
  ASSERT_EQ(json["facets"].size(), 1U);
  EXPECT_EQ(json["facets"][0]["field"], "source_type");
  EXPECT_EQ(json["count"]["passages"], "1");
  command.omit_counts = true;
  command.omit_facets = true;
  const auto bare = nlohmann::json::parse(Run(command, true).out);
  EXPECT_TRUE(bare["facets"].empty());
  EXPECT_FALSE(bare.contains("count"));
  command.filters = {*ParseFilterText("date=soon")};
  EXPECT_THAT(Run(command).err, StartsWith("footnote: FILTER_VALUE_INVALID: "));
}

TEST_F(RunTest, ErrorsAreOneLineWithTheReason) {
  const Outcome outcome = Run(Search(" "));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("footnote: QUERY_EMPTY: "));
  EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1);
}

TEST_F(RunTest, GetPrintsDocumentsAndPassages) {
  GetCommand command;
  command.name = kFox;
  EXPECT_THAT(Run(command).out, StartsWith(kFoxText));
  command.text_only = true;
  EXPECT_EQ(Run(command).out, kFoxText);
  command.start_byte = 9;
  command.end_byte = 26;
  EXPECT_EQ(Run(command).out, "The red fox runs.");
  const auto found = nlohmann::json::parse(Run(Search("red"), true).out);
  GetCommand passage;
  passage.name = found["passages"][0]["name"];
  EXPECT_THAT(Run(passage).out, HasSubstr("The red fox runs."));
  passage.text_only = true;
  EXPECT_EQ(Run(passage).out, found["passages"][0]["text"]);
}

// A text over 3 MiB comes in several answers.
TEST_F(RunTest, GetReadsLongTextsToTheEnd) {
  std::string text;
  while (text.size() < (7U << 20U)) {
    text += "Line " + std::to_string(text.size()) + " é of a long text.\n";
  }
  server_.Publish({{"long.txt", text}});
  GetCommand command;
  command.name = "collections/animals/documents/long.txt";
  command.generation = 2;
  command.text_only = true;
  EXPECT_TRUE(Run(command).out == text);
  command.text_only = false;
  const std::string piece = Run(command).out;
  const size_t more = piece.rfind("\nmore: --start ");
  ASSERT_NE(more, std::string::npos);
  EXPECT_THAT(piece.substr(more), HasSubstr("\ngeneration 2 of animals"));
  command.start_byte = std::stoull(piece.substr(more + 15));
  EXPECT_EQ(piece.substr(0, command.start_byte),
            text.substr(0, command.start_byte));
  command.end_byte = command.start_byte + 10;
  const std::string rest = Run(command).out;
  EXPECT_THAT(rest, StartsWith(text.substr(command.start_byte, 10)));
  EXPECT_THAT(rest, Not(HasSubstr("more: ")));
}

TEST_F(RunTest, SpanPrintsContext) {
  SpanCommand command;
  command.name = kFox;
  command.start_byte = 13;
  command.end_byte = 20;
  EXPECT_THAT(Run(command).out, StartsWith("red fox\n"));
  command.context_sentences = 1;
  EXPECT_THAT(Run(command).out, StartsWith("The red fox runs. "));
  command.context_sentences = 0;
  command.context_passages = 1;
  EXPECT_THAT(Run(command).out, StartsWith(kFoxText));
  EXPECT_THAT(Run(command, true).out, HasSubstr("\"before\""));
}

TEST_F(RunTest, VerifySaysWhereQuotesStand) {
  VerifyCommand command;
  command.collection = "animals";
  const std::string answer =
      R"(It says "the red fox runs" and "the blue whale sings there".)";
  const Outcome text = Run(command, false, answer);
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_EQ(text.err, "");
  EXPECT_THAT(text.out, StartsWith("1. NORMALISED\n"));
  EXPECT_THAT(text.out, HasSubstr("2. ABSENT\n"));
  EXPECT_THAT(text.out, EndsWith("2 quotes · 1 NORMALISED · 1 ABSENT\n"));
  const auto json = nlohmann::json::parse(Run(command, true, answer).out);
  EXPECT_EQ(json["quotes"].size(), 2U);
  EXPECT_EQ(json["checks"][1]["verdict"], "QUOTE_VERDICT_ABSENT");
}

TEST_F(RunTest, CheckSaysWhatBearsClaims) {
  CheckCommand command;
  command.collection = "animals";
  command.documents = {"fox.md"};
  command.facts = {"The old bridge was built in 1931."};
  const Outcome text = Run(command, false,
                           "The red fox hunts at night [1]. The old bridge was "
                           "built in 1913 [2]. Shall I go on?");
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_EQ(text.err, "");
  EXPECT_THAT(text.out, StartsWith("1. SUPPORTED · "));
  EXPECT_THAT(text.out, HasSubstr("2. CONTRADICTED · "));
  EXPECT_THAT(text.out, HasSubstr("date: \"1913\"; the source has \"1931\""));
  EXPECT_THAT(text.out, HasSubstr("3. EXEMPT · question\n"));
  EXPECT_THAT(text.out, HasSubstr("[1] Foxes · "));
  EXPECT_THAT(text.out, HasSubstr(" source 2 · bytes 0-33"));
  const auto json =
      nlohmann::json::parse(Run(command, true, "The red fox runs.").out);
  EXPECT_EQ(json["claims"][0]["status"], "CLAIM_STATUS_SUPPORTED");
}

TEST_F(RunTest, PackPrintsTheContextAndWhatWasLeftOut) {
  PackCommand command;
  command.collection = "animals";
  command.query = "fox";
  command.budget.set_size(120);
  command.budget.set_unit(v1::ContextBudget::UNIT_BYTES);
  const Outcome all = Run(command);
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_EQ(all.err, "");
  EXPECT_THAT(all.out, StartsWith("[1] "));
  EXPECT_THAT(all.out, HasSubstr("Footnotes\n  [1] "));
  EXPECT_THAT(all.out, HasSubstr("does not fit\n"));
  command.text_only = true;
  const std::string text = Run(command).out;
  EXPECT_THAT(all.out, StartsWith(text));
  EXPECT_LE(text.size(), 121U);  // with a line end
  const auto json = nlohmann::json::parse(Run(command, true).out);
  EXPECT_GT(json["leftOut"].size(), 0U);
  command.budget.set_size(0);
  EXPECT_THAT(Run(command).err, StartsWith("footnote: BUDGET_INVALID: "));
}

TEST_F(RunTest, ListsCollectionsAndDocuments) {
  EXPECT_THAT(Run(CollectionsCommand{}).out,
              StartsWith("animals · 3 documents · 3 passages · "
                         "generation 1 · built 20"));
  DocumentsCommand documents;
  documents.collection = "animals";
  EXPECT_THAT(Run(documents).out,
              StartsWith("collections/animals/documents/bird/owl.txt · owl"));
  EXPECT_EQ(nlohmann::json::parse(Run(documents, true).out)["documents"].size(),
            3U);
}

TEST_F(RunTest, HealthIsTheExitCode) {
  const Outcome serving = Run(HealthCommand{});
  EXPECT_EQ(serving.exit_code, 0);
  EXPECT_EQ(serving.out, "SERVING\n");
  server_.server().Drain();
  const Outcome draining = Run(HealthCommand{});
  EXPECT_EQ(draining.exit_code, 1);
  EXPECT_THAT(draining.err, StartsWith("footnote: NOT_SERVING: "));
  EXPECT_THAT(draining.err, EndsWith("\n"));
  EXPECT_EQ(Run(HealthCommand{"liveness"}).exit_code, 0);
}

}  // namespace
}  // namespace footnote::client
