#include "server/grounding/grounding_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "indexer/text/language.h"
#include "indexer/text/utf8.h"
#include "server/grounding/source_texts.h"
#include "server/search/assemble.h"
#include "server/search/memory_budget.h"

namespace footnote::grounding {
namespace {

// Passages that are looked at for a claim, where no sources are given.
constexpr uint32_t kFoundPassages = 8;
constexpr size_t kMaxQueryWords = 40;

// Sentences of two documents that share so much of their words are one source.
constexpr double kNearDuplicate = 0.8;

// A source says a claim otherwise where it covers so much of it.
constexpr double kSaysOtherwise = 0.6;

// Returns the language of an answer; where it does not show, that of most
// documents.
std::string LanguageOf(const search::View& view,
                       const GroundingRequest& request) {
  const std::string language = request.language.empty()
                                   ? text::DetectLanguage(request.answer)
                                   : request.language;
  const auto most = std::max_element(
      view.languages().begin(), view.languages().end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  return language == "und" && most != view.languages().end() ? most->first
                                                             : language;
}

// Checks one answer.
class AnswerChecker {
 public:
  AnswerChecker(const search::View& view, const GroundingRequest& request,
                const search::Deadline& deadline)
      : view_(view),
        request_(request),
        deadline_(deadline),
        memory_(request.memory_bytes),
        language_(LanguageOf(view, request)),
        offsets_(request.answer, {}),
        mark_offsets_(request.answer, {}) {}

  absl::StatusOr<GroundingResult> Check() {
    if (!request_.sources.empty()) {
      FOOTNOTE_RETURN_IF_ERROR(ReadSources());
    }
    double all = 0;
    for (const Claim& claim : SplitClaims(request_.answer, language_)) {
      if (deadline_.Passed()) {
        return search::DeadlineError();
      }
      FOOTNOTE_RETURN_IF_ERROR(CheckOne(claim, &all));
    }
    result_.support_score = all > 0 ? result_.support_score / all : 1;
    return std::move(result_);
  }

 private:
  // A claim under way.
  struct Work {
    std::string_view text;
    Statement statement;
    const SourceTexts* texts = nullptr;
    ClaimVerdict verdict;
    CheckedClaim checked;
  };

  absl::Status ReadSources() {
    given_ = std::make_unique<SourceTexts>(view_, deadline_, memory_);
    for (uint32_t i = 0; i < request_.sources.size(); ++i) {
      FOOTNOTE_RETURN_IF_ERROR(
          given_->AddGiven(request_.sources[i], i, language_));
    }
    return given_->Finish();
  }

  absl::Status CheckOne(const Claim& claim, double* all) {
    Work work;
    work.text = std::string_view(request_.answer)
                    .substr(claim.start, claim.end - claim.start);
    work.checked.span.start = offsets_.At(claim.start);
    work.checked.exemption = claim.exemption;
    for (const CitationMark& mark : claim.citations) {
      MarkInAnswer& added = work.checked.marks.emplace_back();
      added.numbers = mark.numbers;
      added.span.start = mark_offsets_.At(mark.start);
      added.span.end = mark_offsets_.At(mark.end);
    }
    if (claim.exemption == Exemption::kNone) {
      std::vector<StatementReader::Bytes> marks;
      for (const CitationMark& mark : claim.citations) {
        if (mark.start >= claim.start && mark.end <= claim.end) {
          marks.push_back({mark.start - claim.start, mark.end - claim.start});
        }
      }
      work.statement = reader_.Read(work.text, language_, marks);
      FOOTNOTE_RETURN_IF_ERROR(CheckStatement(claim, &work));
      result_.support_score += work.checked.score * work.statement.weight;
      *all += work.statement.weight;
    }
    work.checked.span.end = offsets_.At(claim.end);
    result_.claims.push_back(std::move(work.checked));
    return absl::OkStatus();
  }

  absl::Status CheckStatement(const Claim& claim, Work* work) {
    std::unique_ptr<SourceTexts> found;
    if (given_ == nullptr) {
      FOOTNOTE_ASSIGN_OR_RETURN(found, Find(*work));
    }
    work->texts = given_ != nullptr ? given_.get() : found.get();
    CheckCited(claim, work);
    if (!work->checked.marks_hold.value_or(false)) {
      work->verdict = CheckIn(*work, {});
    }
    CheckedClaim& checked = work->checked;
    checked.score = work->verdict.score;
    checked.status = StatusOf(work->verdict);
    FOOTNOTE_RETURN_IF_ERROR(AddCitations(*work, &checked.citations));
    FOOTNOTE_RETURN_IF_ERROR(AddDisagreements(work));
    FOOTNOTE_RETURN_IF_ERROR(Corroborate(work));
    if (request_.find_citations && given_ != nullptr &&
        checked.status != ClaimStatus::kSupported) {
      return Suggest(work);
    }
    return absl::OkStatus();
  }

  ClaimVerdict CheckIn(const Work& work,
                       const std::vector<bool>& allowed) const {
    return CheckClaim(ClaimAlignment(work.texts->evidence(), work.statement,
                                     work.text, language_, allowed));
  }

  ClaimStatus StatusOf(const ClaimVerdict& verdict) const {
    const bool is_contradicted = std::any_of(
        verdict.disagreements.begin(), verdict.disagreements.end(),
        [](const Disagreement& each) { return each.source.has_value(); });
    if (is_contradicted) {
      return ClaimStatus::kContradicted;
    }
    return verdict.disagreements.empty() &&
                   verdict.score >= request_.citation_threshold
               ? ClaimStatus::kSupported
               : ClaimStatus::kUnsupported;
  }

  // Checks a claim against the sources that its marks name, where they are
  // given.
  void CheckCited(const Claim& claim, Work* work) const {
    if (given_ == nullptr) {
      return;
    }
    std::vector<bool> allowed(work->texts->evidence().texts().size());
    bool is_any = false;
    for (const CitationMark& mark : claim.citations) {
      for (const uint32_t number : mark.numbers) {
        // Texts are in the order of the sources.
        if (number <= allowed.size()) {
          allowed[number - 1] = true;
          is_any = true;
        }
      }
    }
    if (is_any) {
      work->verdict = CheckIn(*work, allowed);
      work->checked.marks_hold =
          StatusOf(work->verdict) == ClaimStatus::kSupported;
    } else if (!claim.citations.empty()) {
      work->checked.marks_hold = false;
    }
  }

  // Returns the words of a claim as a query, "" where it has none.
  static std::string QueryOf(const Work& work) {
    std::string query;
    size_t count = 0;
    for (const Word& word : work.statement.words) {
      if (word.weight > 0 && count < kMaxQueryWords) {
        query += word.word + " ";
        ++count;
      }
    }
    return query;
  }

  // Searches the collection for passages on a claim.
  absl::StatusOr<std::unique_ptr<SourceTexts>> Find(const Work& work) {
    auto found = std::make_unique<SourceTexts>(view_, deadline_, memory_);
    search::SearchOptions options;
    options.query = QueryOf(work);
    options.limit = kFoundPassages;
    options.count = false;
    options.memory_bytes = request_.memory_bytes - memory_.taken();
    search::SearchResult passages;
    if (!options.query.empty()) {
      FOOTNOTE_ASSIGN_OR_RETURN(passages,
                                search::Search(view_, options, deadline_));
    }
    for (const search::Passage& passage : passages.passages) {
      FOOTNOTE_RETURN_IF_ERROR(found->AddFound(passage.passage_id));
    }
    FOOTNOTE_RETURN_IF_ERROR(found->Finish());
    return found;
  }

  // Returns a piece of a text with its footnote, which counts as memory of the
  // answer.
  absl::StatusOr<CitedChunk> Cite(const SourceTexts& texts, uint32_t text,
                                  uint64_t start, uint64_t end) {
    constexpr uint64_t kChunkBytes = 2048;  // but for what is below
    FOOTNOTE_ASSIGN_OR_RETURN(CitedChunk chunk, texts.Cite(text, start, end));
    FOOTNOTE_RETURN_IF_ERROR(
        memory_.Take(kChunkBytes + chunk.content.text.size() +
                         2 * chunk.document.metadata_json.size(),
                     "what claims cite"));
    return chunk;
  }

  // Returns the index of a unit's chunk among those of the answer.
  absl::StatusOr<uint32_t> ChunkOf(const SourceTexts& texts, uint32_t number) {
    const Unit& unit = texts.evidence().units()[number];
    FOOTNOTE_ASSIGN_OR_RETURN(CitedChunk chunk,
                              Cite(texts, unit.text, unit.start, unit.end));
    const auto [at, is_new] = chunks_.try_emplace(
        {chunk.source, chunk.document.document_id,
         chunk.content.span.start.bytes, chunk.content.span.end.bytes},
        static_cast<uint32_t>(result_.chunks.size()));
    if (is_new) {
      result_.chunks.push_back(std::move(chunk));
    }
    return at->second;
  }

  absl::Status AddCitations(const Work& work,
                            std::vector<ClaimCitation>* citations) {
    for (const Support& support : work.verdict.supports) {
      FOOTNOTE_ASSIGN_OR_RETURN(const uint32_t chunk,
                                ChunkOf(*work.texts, support.unit));
      citations->push_back({chunk, support.share});
    }
    return absl::OkStatus();
  }

  absl::Status AddDisagreements(Work* work) {
    for (const Disagreement& each : work->verdict.disagreements) {
      ClaimDisagreement added;
      added.kind = each.kind;
      const TextOffset base = work->checked.span.start;
      const auto offset_of = [&](uint32_t at) {
        return base + text::MeasureText(work->text.substr(0, at));
      };
      added.span.start = offset_of(each.start);
      added.span.end = offset_of(each.end);
      if (each.source) {
        const Unit& unit = work->texts->evidence().units()[each.source->unit];
        FOOTNOTE_ASSIGN_OR_RETURN(
            added.source,
            Cite(*work->texts, unit.text, unit.start + each.source->start,
                 unit.start + each.source->end));
      }
      work->checked.disagreements.push_back(std::move(added));
    }
    return absl::OkStatus();
  }

  // The words of sentences that were counted.
  struct Heard {
    std::vector<std::set<std::string>> agreeing;
    std::vector<std::set<std::string>> disagreeing;
  };

  // Counts the sources that say a claim, and those that say otherwise.
  absl::Status Corroborate(Work* work) {
    const Evidence& evidence = work->texts->evidence();
    const ClaimAlignment alignment(evidence, work->statement, work->text,
                                   language_);
    Heard heard;
    std::set<uint32_t> seen;
    for (const Alignment& candidate : alignment.candidates()) {
      const uint32_t source =
          work->texts->source_of(alignment.unit_of(candidate).text);
      if (candidate.coverage < request_.citation_threshold ||
          !seen.insert(source).second) {
        continue;
      }
      std::vector<bool> allowed(evidence.texts().size());
      for (uint32_t text = 0; text < allowed.size(); ++text) {
        allowed[text] = evidence.texts()[text].source == source;
      }
      const ClaimVerdict verdict = CheckIn(*work, allowed);
      FOOTNOTE_RETURN_IF_ERROR(Count(verdict, candidate, &heard, work));
    }
    return absl::OkStatus();
  }

  absl::Status Count(const ClaimVerdict& verdict, const Alignment& candidate,
                     Heard* heard, Work* work) {
    const ClaimStatus status = StatusOf(verdict);
    const bool disagrees = status == ClaimStatus::kContradicted &&
                           candidate.coverage >= kSaysOtherwise;
    if (status != ClaimStatus::kSupported && !disagrees) {
      return absl::OkStatus();
    }
    const uint32_t number = verdict.supports.front().unit;
    std::set<std::string> words;
    for (const Word& word :
         work->texts->evidence().units()[number].statement.words) {
      words.insert(word.stem);
    }
    Corroboration& corroboration = work->checked.corroboration;
    std::vector<std::set<std::string>>& before =
        disagrees ? heard->disagreeing : heard->agreeing;
    if (IsNearDuplicate(words, before)) {
      ++corroboration.near_duplicates;
      return absl::OkStatus();
    }
    before.push_back(std::move(words));
    FOOTNOTE_ASSIGN_OR_RETURN(const uint32_t chunk,
                              ChunkOf(*work->texts, number));
    (disagrees ? corroboration.disagreeing : corroboration.agreeing)
        .push_back(chunk);
    return absl::OkStatus();
  }

  static bool IsNearDuplicate(const std::set<std::string>& words,
                              const std::vector<std::set<std::string>>& heard) {
    return std::any_of(
        heard.begin(), heard.end(), [&](const std::set<std::string>& other) {
          const auto shared = static_cast<double>(std::count_if(
              words.begin(), words.end(),
              [&](const std::string& word) { return other.contains(word); }));
          const double all =
              static_cast<double>(words.size() + other.size()) - shared;
          return shared >= kNearDuplicate * all;
        });
  }

  // Looks in the collection for what bears a claim.
  absl::Status Suggest(Work* work) {
    FOOTNOTE_ASSIGN_OR_RETURN(const auto found, Find(*work));
    Work other;
    other.text = work->text;
    other.statement = work->statement;
    other.texts = found.get();
    other.verdict = CheckIn(other, {});
    return StatusOf(other.verdict) == ClaimStatus::kSupported
               ? AddCitations(other, &work->checked.suggestions)
               : absl::OkStatus();
  }

  const search::View& view_;
  const GroundingRequest& request_;
  const search::Deadline& deadline_;
  search::MemoryBudget memory_;
  const std::string language_;
  search::OffsetCursor offsets_;
  search::OffsetCursor mark_offsets_;
  StatementReader reader_;
  std::unique_ptr<SourceTexts> given_;  // null for the whole collection
  std::map<std::tuple<uint32_t, std::string, uint64_t, uint64_t>, uint32_t>
      chunks_;
  GroundingResult result_;
};

}  // namespace

absl::StatusOr<GroundingResult> CheckGrounding(
    const search::View& view, const GroundingRequest& request,
    const search::Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckRequest(request));
  return AnswerChecker(view, request, deadline).Check();
}

}  // namespace footnote::grounding
