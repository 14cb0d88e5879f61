// What a request may change about ranking.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace footnote::search {

// A passage, or a document with all its passages.
struct ResultId {
  enum class Kind { kDocument, kPassage };

  Kind kind = Kind::kDocument;
  std::string id;
};

// Multiples of what words of the query are worth by where they stand; 0 or
// more.
struct FieldBoosts {
  double text = 1;
  double title = 1;
  double heading = 1;
  double neighbours = 1;
  double document = 1;
};

// Makes older documents count for less; see AgeFactor().
struct Recency {
  double half_life_days = 0;  // above 0
  double weight = 0;          // above 0, at most 1
  // From which ages count, since 1970-01-01; the generation's where unset.
  std::optional<int32_t> reference_day;
};

// The results of another system.
struct ExternalResults {
  enum class Method { kReciprocalRanks, kScores };

  struct Result {
    ResultId id;
    double score = 0;
  };

  std::vector<Result> results;
  Method method = Method::kReciprocalRanks;
  double weight = 0.5;        // of this list, 0 to 1
  double rank_constant = 60;  // of kReciprocalRanks, above 0
};

// Documents with nothing to be ordered by come last either way.
struct ResultOrder {
  enum class Kind { kScore, kAscending, kDescending };

  Kind kind = Kind::kScore;
  // Of metadata, "" for the day of publication; not of kScore. Of several
  // values, the least counts ascending, the greatest descending.
  std::string field;
};

// Which results are hidden behind one above them; see RepeatFinder.
enum class Collapse { kNone, kExact, kNear };

struct RankingOptions {
  uint32_t max_passages_per_document = 0;  // 0 for any number
  ResultOrder order;
  double minimum_relevance = 0;  // 0 to 1
  bool explain = false;
  FieldBoosts boosts;
  std::optional<Recency> recency;
  std::vector<ResultId> pinned;
  std::vector<ResultId> excluded;
  std::optional<ExternalResults> external;
  Collapse collapse = Collapse::kNone;
  double diversity = 0;  // 0 to 1; not with another order than by score

  // Whether results that match may be hidden.
  bool hides() const {
    return collapse != Collapse::kNone || max_passages_per_document > 0;
  }
};

}  // namespace footnote::search
