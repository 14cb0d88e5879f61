// Every weight and formula that decides scores, in one place.

#pragma once

#include <cmath>
#include <cstdint>

namespace footnote::search {

// Names this file's formulas and numbers in GenerationRef.ranker.
inline constexpr char kRankerId[] = "bm25-context-3";

// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
// 2009) over passages. Lengths are in tokens of the passage itself, rounded as
// indexer/index/occurrence.h says.
inline constexpr double kBm25K1 = 1.2;
inline constexpr double kBm25B = 0.75;

// What a query word adds to the best candidates, as parts of its IDF, where it
// stands around the passage besides, or instead of, in it.
inline constexpr double kTitleWeight = 0.3;
inline constexpr double kHeadingWeight = 0.3;
inline constexpr double kNeighbourWeight = 0.15;

// Returns the inverse document frequency of a word that `frequency` of
// `passages` have: positive, falling with frequency. (Lucene's form, which
// never goes below zero.)
inline double Idf(uint64_t passages, uint64_t frequency) {
  const auto n = static_cast<double>(passages);
  const auto df = static_cast<double>(frequency);
  return std::log1p((n - df + 0.5) / (df + 0.5));
}

// Returns the part of BM25 that the length of a passage decides.
inline double LengthNorm(double words, double average_words) {
  return kBm25K1 * (1 - kBm25B + kBm25B * words / average_words);
}

// Returns the frequency part of BM25, below kBm25K1 + 1.
inline double TermFrequencyPart(double frequency, double norm) {
  return frequency * (kBm25K1 + 1) / (frequency + norm);
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
