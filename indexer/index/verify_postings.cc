#include "indexer/index/verify_postings.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xapian.h>

#include "indexer/index/lexeme_table.h"
#include "indexer/index/occurrence.h"
#include "indexer/index/schema.h"
#include "indexer/index/xapian_errors.h"

#ifdef __SANITIZE_ADDRESS__
// Xapian::Database::check() of 1.4.22 deletes an object through a base class
// without a virtual destructor. Programs that call it, which are those that
// have this file in them, are not told of such faults; all others are.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char* __asan_default_options() {
  return "new_delete_type_mismatch=0";
}
#endif

namespace footnote::index {
namespace {

constexpr uint32_t kPassagesPerReport = 1024;
constexpr uint32_t kTermsPerReport = 1024;

// The postings of a term, added up so that any difference shows but for one
// case in 2^64.
struct PostingSum {
  uint64_t sum = 0;
  uint32_t count = 0;

  void Add(uint32_t passage, uint32_t frequency) {
    // The finalizer of splitmix64.
    uint64_t mixed = (uint64_t{passage} << 32 | frequency) + 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    sum += mixed ^ (mixed >> 31);
    ++count;
  }
  bool operator==(const PostingSum&) const = default;
};

// A term as findings show it.
std::string Shown(std::string_view term) {
  std::string text = "\"";
  for (const char c : term) {
    text += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return text + '"';
}

// What the columns say that the postings must be.
class ExpectedPostings {
 public:
  explicit ExpectedPostings(const Segment& segment) : segment_(segment) {}

  void AddPassage(uint32_t passage) {
    AddTokens(passage);
    AddEntities(passage);
    AddQuantities(passage);
  }

  // Returns the sum that a term must have; of none where no passage has it.
  // Each term is taken once.
  PostingSum Take(const std::string& term) {
    const auto at = sums_.find(term);
    return at == sums_.end() ? PostingSum() : std::exchange(at->second, {});
  }

  // Calls `f` with each term that was not taken.
  template <typename F>
  void ForEachLeft(F&& f) const {
    for (const auto& [term, sum] : sums_) {
      if (sum.count > 0) {
        f(term);
      }
    }
  }

 private:
  // The sums of a lexeme's stem and word.
  struct LexemeSums {
    PostingSum* stem = nullptr;
    PostingSum* word = nullptr;
  };

  LexemeSums& SumsOf(uint32_t lexeme) {
    if (lexeme >= lexemes_.size()) {
      lexemes_.resize(lexeme + 1);
    }
    LexemeSums& sums = lexemes_[lexeme];
    if (sums.stem == nullptr) {
      const std::string_view entry = segment_.lexeme(lexeme);
      sums.stem = &sums_[MakeTerm(TermField::kStem, StemKeyOf(entry))];
      sums.word = &sums_[MakeTerm(TermField::kWord, WordOf(entry))];
    }
    return sums;
  }

  void AddTokens(uint32_t passage) {
    words_.clear();
    stems_.clear();
    TokenReader reader = segment_.Lexemes(passage);
    uint32_t tokens = 0;
    for (; reader.Next(); ++tokens) {
      if (segment_.lexeme(reader.lexeme()).empty()) {
        continue;  // damaged
      }
      const LexemeSums& sums = SumsOf(reader.lexeme());
      words_.push_back(sums.word);
      stems_.push_back(sums.stem);
    }
    std::sort(words_.begin(), words_.end());
    words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
    for (PostingSum* word : words_) {
      word->Add(passage, 0);
    }
    std::sort(stems_.begin(), stems_.end());
    const uint32_t length_class = LengthClassOf(tokens);
    for (auto at = stems_.begin(); at != stems_.end();) {
      const auto next = std::find_if(
          at, stems_.end(), [&](const PostingSum* sum) { return sum != *at; });
      const auto frequency = static_cast<uint32_t>(next - at);
      (*at)->Add(passage, Occurrence{frequency, length_class}.Encode());
      at = next;
    }
  }

  void AddEntities(uint32_t passage) {
    std::vector<std::string> terms;
    segment_.ForEachEntity(passage, [&](uint32_t entity) {
      const std::string_view entry = segment_.entity(entity);
      const size_t type_end = entry.find(kEntrySeparator);
      if (type_end == std::string_view::npos) {
        return;  // damaged
      }
      std::string key(
          entry.substr(0, entry.find(kEntrySeparator, type_end + 1)));
      key[type_end] = '/';
      terms.push_back(
          MakeTerm(TermField::kEntityType, entry.substr(0, type_end)));
      terms.push_back(MakeTerm(TermField::kEntity, key));
    });
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    for (const std::string& term : terms) {
      sums_[term].Add(passage, 0);
    }
  }

  void AddQuantities(uint32_t passage) {
    std::vector<uint32_t> numbers;
    for (const PassageQuantity& one : segment_.ReadQuantities(passage)) {
      numbers.push_back(one.quantity);
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const uint32_t number : numbers) {
      sums_[MakeTerm(TermField::kQuantity, segment_.quantity(number))].Add(
          passage, 0);
    }
  }

  const Segment& segment_;
  std::unordered_map<std::string, PostingSum> sums_;  // addresses are stable
  std::vector<LexemeSums> lexemes_;
  std::vector<PostingSum*> words_;  // of a passage
  std::vector<PostingSum*> stems_;  // of a passage
};

// Walks the terms of a database.
class PostingsCheck {
 public:
  PostingsCheck(const Segment& segment, std::string prefix,
                ExpectedPostings* expected, Findings* findings)
      : segment_(segment),
        prefix_(std::move(prefix)),
        expected_(expected),
        findings_(findings) {}

  // Opens the two columns of frequent stems; returns whether they are there.
  bool OpenFrequentTerms() {
    auto terms = BlobColumn::Open(segment_.folder() + "/" +
                                  std::string(kFrequentTermsFile));
    auto sets = ValueColumn<uint64_t>::Open(segment_.folder() + "/" +
                                            std::string(kFrequentSetsFile));
    if (!terms.ok() || !sets.ok()) {
      return false;
    }
    frequent_terms_ = *std::move(terms);
    frequent_sets_ = *std::move(sets);
    return true;
  }

  void CheckTerm(const Xapian::Database& database, const std::string& term) {
    const bool has_set = IsFrequent(term, database.get_termfreq(term));
    std::vector<uint64_t> set(has_set ? SetWords(segment_.passage_count()) : 0);
    PostingSum sum;
    for (auto posting = database.postlist_begin(term);
         posting != database.postlist_end(term); ++posting) {
      const uint32_t passage = *posting - 1;
      sum.Add(passage, posting.get_wdf());
      if (has_set && passage < segment_.passage_count()) {
        set[passage / 64] |= uint64_t{1} << (passage % 64);
      }
    }
    if (sum != expected_->Take(term)) {
      findings_->Add(prefix_ + std::string(kPostingsFile),
                     "the postings of the term " + Shown(term) +
                         " are not those of the columns");
    }
    if (has_set) {
      CheckSet(term, set);
    }
    if (IsWordTerm(term)) {
      CheckWord(term, sum.count);
    }
  }

  void Finish() {
    if (next_word_ != segment_.words().size()) {
      findings_->Add(prefix_ + std::string(kWordsFile),
                     "has " + std::to_string(segment_.words().size()) +
                         " words; " + std::to_string(next_word_) +
                         " are in the postings");
    }
    if (next_set_ != frequent_terms_.size()) {
      findings_->Add(prefix_ + std::string(kFrequentTermsFile),
                     "has " + std::to_string(frequent_terms_.size()) +
                         " terms; " + std::to_string(next_set_) +
                         " are frequent");
    }
    expected_->ForEachLeft([this](const std::string& term) {
      findings_->Add(prefix_ + std::string(kPostingsFile),
                     "has no term " + Shown(term));
    });
  }

 private:
  // Checks the next word of the list, which must be this term.
  void CheckWord(const std::string& term, uint32_t passages) {
    const WordList& words = segment_.words();
    const uint32_t number = next_word_++;
    if (number >= words.size()) {
      return;  // Finish() says so
    }
    if (words.word(number) != term) {
      findings_->Add(prefix_ + std::string(kWordsFile),
                     "has " + Shown(words.word(number)) + " where the word " +
                         Shown(term) + " belongs");
    }
    if (words.passages(number) != passages) {
      findings_->Add(prefix_ + std::string(kWordPassagesFile),
                     "miscounts the passages of the word " + Shown(term));
    }
  }

  bool IsFrequent(const std::string& term, uint64_t frequency) const {
    return segment_.passage_count() >= kMinPassagesForSets &&
           term.starts_with(PrefixOf(TermField::kStem)) &&
           frequency * kFrequentOneIn >= segment_.passage_count();
  }

  void CheckSet(const std::string& term, const std::vector<uint64_t>& set) {
    const uint64_t number = next_set_++;
    if (number >= frequent_terms_.size()) {
      return;  // Finish() says so
    }
    if (frequent_terms_[number] != term) {
      findings_->Add(prefix_ + std::string(kFrequentTermsFile),
                     "has " + Shown(frequent_terms_[number]) +
                         " where the term " + Shown(term) + " belongs");
    }
    const uint64_t start = number * set.size();
    if (start + set.size() > frequent_sets_.size() ||
        !std::equal(set.begin(), set.end(), &frequent_sets_[start])) {
      findings_->Add(prefix_ + std::string(kFrequentSetsFile),
                     "the set of the term " + Shown(term) +
                         " is not that of its postings");
    }
  }

  const Segment& segment_;
  const std::string prefix_;
  ExpectedPostings* expected_;
  Findings* findings_;
  BlobColumn frequent_terms_;
  ValueColumn<uint64_t> frequent_sets_;
  uint64_t next_set_ = 0;
  uint32_t next_word_ = 0;
};

// Adds what Xapian said of a file to the findings; returns what is no fault of
// the file.
absl::Status ToFinding(const absl::Status& status, const std::string& file,
                       Findings* findings) {
  if (absl::IsResourceExhausted(status)) {
    return status;
  }
  if (!status.ok()) {
    findings->Add(file, "Xapian cannot read it: " + ErrorMessage(status));
  }
  return absl::OkStatus();
}

absl::Status Report(const CheckProgress& progress, uint64_t done,
                    uint64_t total) {
  return progress ? progress(done, total) : absl::OkStatus();
}

}  // namespace

absl::Status VerifyDatabase(const std::string& folder,
                            const std::string& prefix, Findings* findings) {
  const std::string file = prefix + std::string(kPostingsFile);
  std::ostringstream said;
  const absl::Status status = CatchXapian([&]() -> absl::Status {
    const size_t errors =
        Xapian::Database::check(folder + "/" + file, 0, &said);
    if (errors > 0) {
      findings->Add(file, "Xapian finds " + std::to_string(errors) +
                              " errors: " + said.str());
    }
    return absl::OkStatus();
  });
  return ToFinding(status, file, findings);
}

absl::Status VerifyPostings(const Segment& segment, const std::string& prefix,
                            const CheckProgress& progress, Findings* findings) {
  const uint64_t passages = segment.passage_count();
  ExpectedPostings expected(segment);
  for (uint32_t passage = 0; passage < passages; ++passage) {
    expected.AddPassage(passage);
    FOOTNOTE_RETURN_IF_ERROR(passage % kPassagesPerReport != 0
                                 ? absl::OkStatus()
                                 : Report(progress, passage, 2 * passages));
  }
  PostingsCheck check(segment, prefix, &expected, findings);
  if (!check.OpenFrequentTerms()) {
    return absl::OkStatus();  // a finding of others
  }
  absl::Status stopped;
  const absl::Status status = CatchXapian([&]() -> absl::Status {
    DatabasePool::Lease database = segment.databases().Get();
    uint64_t count = 0;
    for (auto term = database->allterms_begin();
         stopped.ok() && term != database->allterms_end(); ++term) {
      check.CheckTerm(*database, *term);
      if (++count % kTermsPerReport == 0) {
        stopped = Report(progress, passages, 2 * passages);
      }
    }
    if (stopped.ok()) {
      check.Finish();
    }
    return absl::OkStatus();
  });
  FOOTNOTE_RETURN_IF_ERROR(
      ToFinding(status, prefix + std::string(kPostingsFile), findings));
  return stopped;
}

}  // namespace footnote::index
