#include "client/quote_input.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client/print_quotes.h"
#include "tests/testing/status_matchers.h"

namespace footnote::client {
namespace {

using absl::StatusCode;
using Texts = std::vector<std::string>;

Texts TextsOf(const std::string& answer) {
  const auto quotes = ReadQuotes(answer);
  EXPECT_THAT(quotes, IsOk());
  Texts texts;
  for (const v1::Quote& quote :
       quotes.ok() ? *quotes : std::vector<v1::Quote>()) {
    texts.push_back(quote.text());
  }
  return texts;
}

TEST(ReadQuotes, FindsQuotationsInAnAnswer) {
  EXPECT_EQ(TextsOf("It says \"the red fox runs\" and calls it a \"pest\".\n"
                    "\u201CNobody knows why\u201D, \u00ABpersonne ne sait "
                    "pourquoi\u00BB, \u300C\u541b\u5b50\u614e\u8a00\u300D."),
            (Texts{"the red fox runs", "Nobody knows why",
                   "personne ne sait pourquoi", "\u541b\u5b50\u614e\u8a00"}));
  EXPECT_EQ(TextsOf("Five 3\" nails.\n\nThen \"one more time\"."),
            Texts{"one more time"});
}

TEST(ReadQuotes, FindsBlockQuotes) {
  EXPECT_EQ(TextsOf("He wrote:\n\n> The fox runs.\n> It hunts.\n\nAnd \"it "
                    "hunts at night\".\n"),
            (Texts{"The fox runs.\nIt hunts.", "it hunts at night"}));
}

TEST(ReadQuotes, TakesLinesWhereNothingIsMarked) {
  EXPECT_EQ(TextsOf("the red fox\n\n  it hunts  \n"),
            (Texts{"the red fox", "it hunts"}));
}

TEST(ReadQuotes, ReadsJsonLines) {
  const auto quotes = ReadQuotes(
      "{\"quote\": \"the red fox\", \"document\": \"fox.md\", \"start\": 3, "
      "\"end\": 40, \"revision\": \"ab\"}\n\n"
      "{\"quote\": \"it hunts\", \"passage\": \"xyz\"}\n");
  ASSERT_THAT(quotes, IsOk());
  ASSERT_EQ(quotes->size(), 2U);
  const v1::QuoteClaim& claim = (*quotes)[0].claim();
  EXPECT_EQ((*quotes)[0].text(), "the red fox");
  EXPECT_EQ(claim.document(), "fox.md");
  EXPECT_EQ(claim.document_revision(), "ab");
  EXPECT_EQ(claim.start_byte(), 3U);
  EXPECT_EQ(claim.end_byte(), 40U);
  EXPECT_EQ((*quotes)[1].claim().passage(), "xyz");
}

TEST(ReadQuotes, SaysWhatIsWrong) {
  EXPECT_THAT(ReadQuotes(" \n"),
              FailsWith(StatusCode::kInvalidArgument, "QUOTES_MISSING"));
  EXPECT_THAT(ReadQuotes("{\"quote\": \"a\"}\n{"),
              FailsWith(StatusCode::kInvalidArgument, "JSON_SYNTAX"));
  EXPECT_THAT(ReadQuotes("{\"text\": \"a\"}"),
              FailsWith(StatusCode::kInvalidArgument, "FIELD_MISSING"));
  EXPECT_THAT(ReadQuotes("{\"quote\": 3}"),
              FailsWith(StatusCode::kInvalidArgument, "FIELD_TYPE"));
  EXPECT_THAT(ReadQuotes("{\"quote\": \"a\", \"start\": -1}"),
              FailsWith(StatusCode::kInvalidArgument, "FIELD_TYPE"));
}

TEST(FormatQuotes, ShowsVerdictsSourcesAndDifferences) {
  v1::VerifyQuotesRequest request;
  request.add_quotes()->set_text("the red fox\x1b walks");
  request.add_quotes()->set_text("nothing");
  v1::VerifyQuotesResponse response;
  v1::QuoteCheck& check = *response.add_checks();
  check.set_verdict(v1::QUOTE_VERDICT_MOVED);
  check.set_likeness(v1::QUOTE_VERDICT_FUZZY);
  check.set_word_count(4);
  check.set_edit_count(1);
  v1::QuotedPart& part = *check.add_parts();
  part.set_text("The red fox runs");
  part.mutable_document()->set_title("Foxes");
  part.mutable_document()->set_uri("fox.md");
  part.mutable_provenance()->mutable_span()->set_start_byte(9);
  part.mutable_provenance()->mutable_span()->set_end_byte(25);
  v1::QuoteDifference& difference = *check.add_differences();
  difference.set_quote_text("walks");
  difference.set_source_text("runs");
  check.add_differences()->set_source_text("now");
  check.add_differences()->set_quote_text("then");
  response.add_checks()->set_verdict(v1::QUOTE_VERDICT_ABSENT);
  response.mutable_checks(1)->set_likeness(v1::QUOTE_VERDICT_ABSENT);
  response.mutable_checks(1)->set_incomplete(true);
  const std::string text = FormatQuotes(request, response, {});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("1. MOVED · FUZZY by its text · 1 edit in 4 words\n"
                      "   > the red fox"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("   \"walks\" for \"runs\"\n   left out: \"now\"\n"
                      "   put in: \"then\"\n   The red fox runs\n"
                      "   [1] Foxes · fox.md · bytes 9-25"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("2. ABSENT\n   > nothing\n   its words are too frequent"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("2 quotes · 1 MOVED · 1 ABSENT\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace footnote::client
