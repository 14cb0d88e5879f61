#include "client/print_analysis.h"

#include <string>

#include <gtest/gtest.h>

namespace footnote::client {
namespace {

TEST(FormatAnalysis, ShowsTokensQueryAndWords) {
  v1::AnalyzeResponse response;
  response.set_language("en");
  v1::Token* token = response.add_tokens();
  token->mutable_span()->set_start_byte(0);
  token->mutable_span()->set_end_byte(3);
  token->set_word("the");
  token->set_stem("the");
  token->set_stop_word(true);
  token = response.add_tokens();
  token->mutable_span()->set_start_byte(4);
  token->mutable_span()->set_end_byte(9);
  token->set_word("foxes");
  token->set_stem("fox");
  response.set_executed_query("foxes -owl*");
  response.add_dropped_words("the");
  v1::QueryWord* word = response.add_words();
  word->set_word("foxes");
  word->set_passage_count(3);
  word->set_scored(true);
  word->set_count(2);
  v1::IndexTerm* term = word->add_terms();
  term->set_text("fox");
  term->set_language("en");
  term->set_passage_count(3);
  word = response.add_words();
  word->set_word("owl\x1b[1m");
  word->set_prefix(true);
  word->set_passage_count(1);
  for (int i = 0; i < 22; ++i) {
    word->add_terms()->set_text("owl" + std::to_string(i));
  }
  const std::string text = FormatAnalysis(response, {});
  EXPECT_NE(text.find("As a document's, in en\n"
                      "  0-3  the · function word\n"
                      "  4-9  foxes · stem fox\n"
                      "\nAs a query\n  foxes -owl*\n  left out: the\n"
                      "\nIts words\n"
                      "  foxes · 3 passages · 2 times: en:fox 3\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("* · 1 passage · not scored: owl0 0, owl1 0"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("owl19 0, 2 more\n"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace footnote::client
