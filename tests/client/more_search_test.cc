// footnote batch and footnote like, parsed and against a server in this
// process.

#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "client/command.h"
#include "client/run.h"
#include "tests/service/test_server.h"

namespace footnote::client {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

class MoreSearch : public testing::Test {
 protected:
  Outcome Run(const std::vector<std::string>& arguments,
              const std::string& in = "") {
    std::vector<const char*> argv = {"footnote"};
    for (const std::string& argument : arguments) {
      argv.push_back(argument.c_str());
    }
    const std::string server = server_.address();
    argv.insert(argv.end(),
                {"--server", server.c_str(), "--collection", "animals"});
    const CommandLine line =
        ParseCommandLine(static_cast<int>(argv.size()), argv.data());
    if (!line.command) {
      return {line.exit_code, "", line.output};
    }
    std::istringstream input(in);
    std::ostringstream out;
    std::ostringstream err;
    const int exit_code = RunCommand(*line.command, {input, out, err, {}});
    return {exit_code, out.str(), err.str()};
  }

  std::string FoxPassage() {
    v1::SearchRequest request;
    request.set_collection("animals");
    request.set_query("red fox");
    return server_.client().Search(request)->passages(0).passage_id();
  }

  service::TestServer server_;
};

TEST_F(MoreSearch, BatchAnswersEachLine) {
  const Outcome outcome =
      Run({"batch", "--limit", "1", "-"}, "red fox\n\n  owls \r\n");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, StartsWith("query 1 of 2: red fox\n\n1. Foxes\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nquery 2 of 2: owls\n\n1."));
  EXPECT_THAT(outcome.out, Not(HasSubstr("Passages by")));
}

TEST_F(MoreSearch, BatchTakesRequestsAsJson) {
  const std::string lines =
      "{\"query\": \"fox\", \"pageSize\": 2, \"collection\": \"animals\"}\n"
      "{\"query\": \"\"}\n"
      "{\"query\": \"owl\", \"explain\": true}\n";
  const Outcome outcome = Run({"batch", "--json", "-"}, lines);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, StartsWith("footnote: QUERY_EMPTY: query 2: "));
  v1::BatchSearchResponse response;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(outcome.out, &response).ok());
  ASSERT_EQ(response.outcomes_size(), 3);
  EXPECT_EQ(response.outcomes(0).response().passages_size(), 2);
  EXPECT_TRUE(response.outcomes(1).has_error());
  EXPECT_GT(response.outcomes(2).response().passages(0).contributions_size(),
            0);
  const Outcome shown = Run({"batch", "-"}, lines);
  EXPECT_THAT(shown.out, HasSubstr("query 2 of 3: \n\nQUERY_EMPTY: the query"));
  const Outcome wrong = Run({"batch", "-"}, "fox\n\n{\"quary\": \"fox\"}\n");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, StartsWith("footnote: JSON_SYNTAX: line 3 is no "));
}

TEST_F(MoreSearch, BatchFusesQueries) {
  const Outcome outcome = Run({"batch", "--fused", "--weight", "2", "--weight",
                               "1", "--explain", "--limit", "2", "-"},
                              "red fox\nThe owls\n");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              StartsWith("Fused\n"
                         "  red fox · 3 passages in 3 documents\n"
                         "  owls · 1 passage in 1 document\n\n1.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("(requests[0])"));
  EXPECT_THAT(outcome.out, HasSubstr("more: --page-token "));
  EXPECT_EQ(Run({"batch", "--weight", "2", "-"}, "fox").exit_code, kExitUsage);
  EXPECT_THAT(Run({"batch", "--fused", "--weight", "2", "-"}, "a\nb").err,
              StartsWith("footnote: BATCH_INVALID: weights "));
}

TEST_F(MoreSearch, LikeTakesAnySource) {
  const Outcome of_passage = Run({"like", "--passage", FoxPassage()});
  EXPECT_EQ(of_passage.exit_code, 0) << of_passage.err;
  EXPECT_THAT(of_passage.out, StartsWith("By the words\n  Foxes "));
  EXPECT_THAT(of_passage.out, Not(HasSubstr("hunts at night")));
  const Outcome of_document =
      Run({"like", "--document", "dog.md", "--start", "0", "--end", "30"});
  EXPECT_EQ(of_document.exit_code, 0) << of_document.err;
  EXPECT_THAT(of_document.out, Not(HasSubstr("The dog sleeps")));
  const Outcome of_text = Run({"like", "--text", "hunting by night"});
  EXPECT_THAT(of_text.out, HasSubstr("1. Foxes\n"));
  const Outcome of_input = Run({"like", "-"}, "Hunting by night.\n");
  EXPECT_THAT(of_input.out, HasSubstr("1. Foxes\n"));
  const Outcome of_nothing = Run({"like", "-"}, "?!\n");
  EXPECT_THAT(of_nothing.out, StartsWith("note: "));
  EXPECT_THAT(of_nothing.out, HasSubstr("No passage matches.\n"));
}

TEST_F(MoreSearch, LikeTakesOneSource) {
  EXPECT_EQ(Run({"like"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"like", "--text", "a", "--passage", "b"}).exit_code,
            kExitUsage);
  EXPECT_EQ(Run({"like", "--text", "a", "--start", "3"}).exit_code, kExitUsage);
  EXPECT_THAT(Run({"like", "--passage", "nothing"}).err,
              StartsWith("footnote: PASSAGE_NOT_FOUND: "));
}

TEST_F(MoreSearch, LikePrintsJsonThatParsesBack) {
  const Outcome outcome =
      Run({"like", "--json", "--limit", "1", "--explain", "--exclude-document",
           "--filter", "document_id=dog.md", "--passage", FoxPassage()});
  v1::MoreLikeThisResponse response;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(outcome.out, &response).ok())
      << outcome.err;
  ASSERT_EQ(response.passages_size(), 1);
  EXPECT_EQ(response.passages(0).document().document_id(), "dog.md");
  EXPECT_GT(response.passages(0).contributions_size(), 0);
  EXPECT_GT(response.facets_size(), 0);
  EXPECT_EQ(response.words(0).word(), "Foxes");
}

}  // namespace
}  // namespace footnote::client
