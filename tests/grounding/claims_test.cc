// The judged claims on the seeds, and answers of clapnq.

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/grounding/grounding_check.h"
#include "tests/testing/built_collection.h"
#include "tests/testing/shared_folder.h"
#include "tests/testing/status_matchers.h"

namespace footnote::grounding {
namespace {

using nlohmann::json;

const std::string kRoot = FOOTNOTE_SOURCE_DIR;

std::vector<json> ReadLines(const std::string& path) {
  std::vector<json> lines;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    lines.push_back(json::parse(line));
  }
  return lines;
}

// What was counted over judged claims.
struct Score {
  int changed = 0;
  int changed_found = 0;  // a piece that overlaps the changed one is named
  int supported = 0;
  int supported_flagged = 0;  // a piece is named, or it is called unsupported
  int unsupported = 0;
  int unsupported_found = 0;
};

// Whether a disagreement overlaps the piece that the judgement names.
bool IsNamed(const CheckedClaim& claim, const json& piece) {
  const auto start = piece["start"].get<uint64_t>();
  const auto end = piece["end"].get<uint64_t>();
  return std::any_of(claim.disagreements.begin(), claim.disagreements.end(),
                     [&](const ClaimDisagreement& each) {
                       return each.span.start.bytes < end &&
                              start < each.span.end.bytes;
                     });
}

void Count(const json& line, const CheckedClaim& claim, Score* score) {
  if (line["supported"].get<bool>()) {
    ++score->supported;
    score->supported_flagged += claim.status == ClaimStatus::kSupported ? 0 : 1;
  } else if (line["disagrees"].is_null()) {
    ++score->unsupported;
    score->unsupported_found += claim.status == ClaimStatus::kSupported ? 0 : 1;
  } else {
    ++score->changed;
    score->changed_found += IsNamed(claim, line["disagrees"]) ? 1 : 0;
  }
}

// Checks the claims whose number leaves `remainder` when divided by 2.
Score ScoreClaims(const search::View& view, int remainder) {
  Score score;
  for (const json& line : ReadLines(kRoot + "/tests/grounding/claims.jsonl")) {
    const int number = std::stoi(line["id"].get<std::string>().substr(1));
    if (number % 2 != remainder) {
      continue;
    }
    GroundingRequest request;
    request.answer = line["claim"].get<std::string>();
    for (const json& document : line["documents"]) {
      request.sources.push_back(
          {GroundingSource::Kind::kDocument, document.get<std::string>(), {}});
    }
    const auto result = CheckGrounding(view, request, {});
    EXPECT_THAT(result, IsOk()) << line["id"];
    EXPECT_EQ(result->claims.size(), 1U) << line["id"];
    Count(line, result->claims.front(), &score);
  }
  return score;
}

void ExpectGood(const std::string& name, const Score& score) {
  testing::Test::RecordProperty(name + "_changed_found", score.changed_found);
  testing::Test::RecordProperty(name + "_supported_flagged",
                                score.supported_flagged);
  testing::Test::RecordProperty(name + "_unsupported_found",
                                score.unsupported_found);
  std::cout << name << ": changed " << score.changed_found << "/"
            << score.changed << " with the piece named, supported "
            << score.supported_flagged << "/" << score.supported
            << " flagged, unsupported " << score.unsupported_found << "/"
            << score.unsupported << " flagged\n";
}

TEST(Claims, AreJudgedAsByTheAnnotator) {
  const BuiltCollection seeds({kRoot + "/seeds"});
  ASSERT_THAT(seeds.status(), IsOk());
  const search::View view(seeds.generation());
  const Score odd = ScoreClaims(view, 1);
  const Score even = ScoreClaims(view, 0);
  ExpectGood("odd", odd);
  ExpectGood("even", even);
  EXPECT_GE((odd.changed_found + even.changed_found) * 100,
            (odd.changed + even.changed) * 90);
  EXPECT_LE((odd.supported_flagged + even.supported_flagged) * 100,
            (odd.supported + even.supported) * 5);
}

// Returns the spans of sentences in a passage, those that are found.
std::vector<std::pair<size_t, size_t>> FindSentences(const std::string& passage,
                                                     const json& sentences) {
  std::vector<std::pair<size_t, size_t>> spans;
  for (const json& sentence : sentences) {
    const auto text = sentence.get<std::string>();
    const size_t at = passage.find(text);
    if (at != std::string::npos) {
      spans.emplace_back(at, at + text.size());
    }
  }
  return spans;
}

// Checks a text against the passage of a line.
GroundingResult CheckPassage(const search::View& view, const json& line,
                             const std::string& text) {
  const json& passage = line["passages"][0];
  GroundingRequest request;
  request.answer = text;
  request.language = "en";
  request.sources.push_back(
      {GroundingSource::Kind::kFact,
       "",
       {passage["text"].get<std::string>(),
        {{"title", passage["title"].get<std::string>()}}}});
  auto result = CheckGrounding(view, request, {});
  EXPECT_THAT(result, IsOk()) << line["id"];
  return result.ok() ? *std::move(result) : GroundingResult();
}

// Whether the first citation of a claim is in a grounding sentence.
bool CitesOneOf(const GroundingResult& result,
                const std::vector<std::pair<size_t, size_t>>& spans) {
  const auto is_in = [&](const CheckedClaim& claim) {
    if (claim.citations.empty()) {
      return false;
    }
    const Span& cited =
        result.chunks[claim.citations.front().chunk].content.span;
    return std::any_of(spans.begin(), spans.end(), [&](const auto& span) {
      return cited.start.bytes < span.second && span.first < cited.end.bytes;
    });
  };
  return std::any_of(result.claims.begin(), result.claims.end(), is_in);
}

TEST(Claims, FindTheGroundingOfAnswers) {
  FOOTNOTE_NEEDS_SHARED("corpora/clapnq/clapnq_dev_answerable.jsonl");
  const BuiltCollection seeds({kRoot + "/seeds"});
  ASSERT_THAT(seeds.status(), IsOk());
  const search::View view(seeds.generation());
  int answers = 0;
  int found = 0;
  double support = 0;
  for (const json& line : ReadLines(
           SharedFolder() + "/corpora/clapnq/clapnq_dev_answerable.jsonl")) {
    const json& output = line["output"][0];
    const GroundingResult result =
        CheckPassage(view, line, output["answer"].get<std::string>());
    ++answers;
    support += result.support_score;
    found += CitesOneOf(result, FindSentences(line["passages"][0]["text"],
                                              output["selected_sentences"]))
                 ? 1
                 : 0;
  }
  std::cout << "clapnq: a grounding sentence found for " << found << " of "
            << answers << " answers, mean support " << support / answers
            << "\n";
  RecordProperty("found", found);
  EXPECT_GE(found * 100, answers * 85);
}

// What has no answer is reported: how far passages support the questions, taken
// as statements.
TEST(Claims, ReportQuestionsWithoutAnswer) {
  FOOTNOTE_NEEDS_SHARED("corpora/clapnq/clapnq_dev_unanswerable.jsonl");
  const BuiltCollection seeds({kRoot + "/seeds"});
  ASSERT_THAT(seeds.status(), IsOk());
  const search::View view(seeds.generation());
  int questions = 0;
  int supported = 0;
  double support = 0;
  for (const json& line : ReadLines(
           SharedFolder() + "/corpora/clapnq/clapnq_dev_unanswerable.jsonl")) {
    const GroundingResult result =
        CheckPassage(view, line, line["input"].get<std::string>() + ".");
    ++questions;
    support += result.support_score;
    supported += result.support_score >= kDefaultCitationThreshold ? 1 : 0;
  }
  std::cout << "clapnq, unanswerable: " << supported << " of " << questions
            << " questions supported as statements, mean support "
            << support / questions << "\n";
  RecordProperty("supported", supported);
  EXPECT_EQ(questions, 300);
}

}  // namespace
}  // namespace footnote::grounding
