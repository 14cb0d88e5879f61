// Every weight and formula that decides scores, in one place.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "server/search/ranking_options.h"

namespace footnote::search {

// Names this file's formulas and numbers in GenerationRef.ranker.
inline constexpr char kRankerId[] = "bm25-evidence-7";

// So many of the best passages by BM25 are looked at again. The number does not
// depend on the page that is asked for, so that pages fit together; what is
// looked at can only gain, so that the others stay behind.
inline constexpr uint32_t kCandidateDepth = 44;
// Where only some passages of each document are asked for, more must be looked
// at for as many results.
inline constexpr uint32_t kGroupedDepth = 192;

// Returns how many of the best passages are looked at again.
inline uint32_t CandidateDepth(const RankingOptions& options) {
  return options.max_passages_per_document == 0 ? kCandidateDepth
                                                : kGroupedDepth;
}

// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
// 2009) with one choice of its constants. Lengths are in tokens.
struct Bm25 {
  // Returns the part that the length of a text decides.
  constexpr double LengthNorm(double words, double average_words) const {
    return k1 * (1 - b + b * words / average_words);
  }

  // Returns the part of the frequency in a text of this norm, below Most().
  constexpr double FrequencyPart(double frequency, double norm) const {
    return frequency * (k1 + 1) / (frequency + norm);
  }

  constexpr double Most() const { return k1 + 1; }

  double k1;
  double b;
};

// Of a passage, with its own length, rounded as indexer/index/occurrence.h
// says: in so short a text, a second occurrence tells little.
inline constexpr Bm25 kPassageBm25 = {0.8, 0.75};

// Of the document around a passage.
inline constexpr Bm25 kDocumentBm25 = {1.2, 0.75};

// What a query word adds to the best candidates, as parts of its IDF, where it
// stands around the passage besides, or instead of, in it.
inline constexpr double kTitleWeight = 0.3;
inline constexpr double kHeadingWeight = 0.3;
inline constexpr double kNeighbourWeight = 0.15;

// A word that a query repeats counts as often to this power: people repeat what
// they mean, but not as often as it matters more.
inline constexpr double kRepetitionPower = 0.7;

// What the document says, as parts of BM25 over it: passages alone lose what
// their neighbours say. Of long documents, so many passages on either side
// count, since what stands far away is no evidence; they are a document then.
inline constexpr double kDocumentWeight = 1.0;
inline constexpr uint32_t kDocumentReach = 1;

// What a word adds, as a part of its IDF, where it stands in the form that the
// query has it in: stems join words that mean different things.
inline constexpr double kFormWeight = 0.3;

// What a word of an amount, "5,000 million dollars" or "5bn", is worth:
// the amount is looked for as a whole, and other amounts have the same words.
inline constexpr double kAmountWordWeight = 0.1;

// What a word that is nowhere around adds, as a part of its IDF, where the
// passage has one of its kin: a word whose stem begins with the same letters,
// so many, or such a part of all of them (truncation: McNamee and Mayfield,
// "Character n-gram tokenization for European language text retrieval", 2004).
// That joins compounds and derivations which stems part. Only the first words
// of a query have any.
inline constexpr double kKinWeight = 0.8;
inline constexpr uint32_t kKinFewestLetters = 4;
inline constexpr double kKinPart = 0.5;
inline constexpr uint32_t kKinMostWords = 64;

// Returns with how many letters the kin of a stem of so many begin, of
// kKinFewestLetters at least.
inline uint32_t KinLetters(uint32_t letters) {
  const auto part = static_cast<uint32_t>(std::ceil(kKinPart * letters));
  return std::max(kKinFewestLetters, part);
}

// What two words that follow each other in the query add where they do so in
// the passage, as a part of BM25 with the mean of their IDFs for an IDF (the
// sequential dependence of Metzler and Croft, "A Markov random field model for
// term dependencies", 2005, without its statistics of pairs).
inline constexpr double kPairWeight = 0.3;

// Relevance feedback from the best candidates (the relevance model RM3 of
// Abdul-Jaleel and others, "UMass at TREC 2004"): words that they share are
// looked for in all candidates. A query of n words gives them all together the
// worth of n * kFeedbackWeight words of a mean IDF.
inline constexpr size_t kFeedbackPassages = 10;  // that words come from
inline constexpr size_t kFeedbackWords = 20;     // that are looked for
// So many of the most probable words are told apart by IDF as well.
inline constexpr size_t kFeedbackChoice = 30;
inline constexpr uint32_t kFeedbackLeast = 2;  // passages that share a word
inline constexpr double kFeedbackMostCommon = 0.1;  // share of all passages
inline constexpr double kFeedbackWeight = 2.0 / 3;
// A query of fewer words, or one that says what passages must have, is taken at
// its word: there is no feedback.
inline constexpr uint32_t kFeedbackLeastWords = 4;
// A collection of fewer passages says too little of which words go together:
// there feedback moved every sixth first answer off its place.
inline constexpr uint64_t kFeedbackLeastCollection = 300;  // passages
// How fast passages count for less by how much less they score than the first.
inline constexpr double kFeedbackSharpness = 15;
// Whether there is any feedback: where the score falls fast, the first passages
// stand out and are likely to be right; where it does not, they lead astray
// (Cronen-Townsend and others, "A framework for selective query expansion",
// 2004). The score of rank kFeedbackRank over the first, from all to none.
inline constexpr size_t kFeedbackRank = 20;
inline constexpr double kFeedbackAll = 0.3;
inline constexpr double kFeedbackNone = 0.8;

// Returns the inverse document frequency of a word that `frequency` of
// `passages` have: positive, falling with frequency. (Lucene's form, which
// never goes below zero.)
inline double Idf(uint64_t passages, uint64_t frequency) {
  const auto n = static_cast<double>(passages);
  const auto df = static_cast<double>(frequency);
  return std::log1p((n - df + 0.5) / (df + 0.5));
}

// Returns what the score of a document of this day of publication is multiplied
// by: see footnote.v1.RecencyDecay.
inline double AgeFactor(const Recency& recency, std::optional<int32_t> day) {
  if (!day) {
    return 1 - recency.weight;
  }
  const double reference = recency.reference_day.value_or(*day);
  const double age = std::max(0.0, reference - *day);
  return 1 - recency.weight +
         recency.weight * std::exp2(-age / recency.half_life_days);
}

// Relevance, the chance that a passage is judged to be relevant: a logistic
// function of the logarithms of the share of the highest possible score that it
// has, and of its score over the first's. Fitted to the first ten results of
// scifact, cranfield, cacm and xquad, each with the same weight; see
// tests/relevance/README.md.
inline constexpr double kRelevanceOffset = 0.99;
inline constexpr double kRelevanceOfShare = 0.58;
inline constexpr double kRelevanceOfFirst = 3.0;

// Returns the relevance of a score, from 0 to 1, rising with it; `first` is the
// score of the first result, `highest` what no passage exceeds by far.
inline double Relevance(double score, double first, double highest) {
  if (score <= 0 || first <= 0 || highest <= 0) {
    return 0;
  }
  const double share = std::min(1.0, score / highest);
  const double of_first = std::min(1.0, score / first);
  return 1 / (1 + std::exp(-kRelevanceOffset) *
                      std::pow(share, -kRelevanceOfShare) *
                      std::pow(of_first, -kRelevanceOfFirst));
}

// Rounds a contribution to a multiple of 2^-24: sums of contributions are then
// exact, whatever their order.
inline double RoundContribution(double value) {
  // Past this, doubles have no fraction: adding it rounds to an integer, halves
  // to even. As std::nearbyint(), but without a call.
  constexpr double kNoFraction = 6755399441055744.0;  // 1.5 * 2^52
  constexpr double kScale = 1 << 24;
  return ((value * kScale + kNoFraction) - kNoFraction) / kScale;
}

}  // namespace footnote::search
