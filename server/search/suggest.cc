#include "server/search/suggest.h"

#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <utility>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "indexer/index/xapian_errors.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/fold.h"
#include "indexer/text/utf8.h"
#include "server/search/facet_values.h"
#include "server/search/postings.h"
#include "server/search/word_completion.h"

namespace footnote::search {
namespace {

constexpr size_t kMostWordsOfName = 4;
constexpr uint32_t kNamesPerLook = 1024;

absl::Status CheckText(const std::string& text) {
  if (text.size() > kMaxSuggestBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_TOO_LONG",
                     "the text has " + std::to_string(text.size()) +
                         " bytes; at most " + std::to_string(kMaxSuggestBytes) +
                         " are completed",
                     {{"field", "text"}});
  }
  const size_t invalid = text::FindInvalidUtf8(text);
  if (invalid != std::string::npos) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "QUERY_NOT_UTF8",
        "the text is not valid UTF-8 at byte " + std::to_string(invalid),
        {{"field", "text"}, {"offset", std::to_string(invalid)}});
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUERY_EMPTY",
                     "the text is empty; there is nothing to complete",
                     {{"field", "text"}});
  }
  return absl::OkStatus();
}

// Returns a name as names are compared: case and accents gone.
std::string FoldName(std::string_view name) {
  const bool is_ascii = std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<signed char>(c) >= 0;
  });
  if (is_ascii) {
    return index::TitleKey(name);
  }
  std::string folded;  // word by word: folding takes spaces out
  for (size_t at = 0; at <= name.size();) {
    const size_t end = std::min(name.find(' ', at), name.size());
    folded += text::FoldWord(name.substr(at, end - at));
    folded += end < name.size() ? " " : "";
    at = end + 1;
  }
  return folded;
}

// Completes one text.
class Suggester {
 public:
  Suggester(const View& view, const SuggestOptions& options,
            const Deadline& deadline)
      : view_(view), options_(options), deadline_(deadline) {}

  // Throws what Xapian throws.
  absl::StatusOr<Suggestions> Run() {
    text::Analyzer analyzer;
    tokens_ = analyzer.Analyze(options_.text, "und");
    Suggestions suggestions;
    FOOTNOTE_ASSIGN_OR_RETURN(suggestions.words, CompleteLastWord());
    FOOTNOTE_ASSIGN_OR_RETURN(suggestions.entities, CompleteEntities());
    FOOTNOTE_ASSIGN_OR_RETURN(suggestions.titles, CompleteTitles());
    FOOTNOTE_ASSIGN_OR_RETURN(suggestions.spelling,
                              Respell(!suggestions.words.empty()));
    return suggestions;
  }

 private:
  // Whether the last word may go on.
  bool IsLastOpen() const {
    return !tokens_.empty() && tokens_.back().end == options_.text.size();
  }

  absl::StatusOr<std::vector<Completion>> CompleteLastWord() {
    std::vector<Completion> completions;
    if (!IsLastOpen() || tokens_.back().is_emoji) {
      return completions;
    }
    const text::Token& last = tokens_.back();
    FOOTNOTE_ASSIGN_OR_RETURN(
        const std::vector<CompletedWord> words,
        CompleteWord(view_, last.word, options_.limit, deadline_));
    for (const CompletedWord& word : words) {
      completions.push_back({options_.text.substr(0, last.start) + word.word,
                             word.word, "", word.passages});
    }
    return completions;
  }

  // The ends of the text that may begin a name, the longest first: where each
  // starts, and how names would have it.
  std::vector<std::pair<size_t, std::string>> Beginnings() const {
    std::vector<std::pair<size_t, std::string>> beginnings;
    const size_t count = std::min(tokens_.size(), kMostWordsOfName);
    for (size_t i = tokens_.size() - count; i < tokens_.size(); ++i) {
      beginnings.emplace_back(
          tokens_[i].start,
          FoldName(std::string_view(options_.text).substr(tokens_[i].start)));
    }
    return beginnings;
  }

  // Whether a name may have one of these beginnings, by its first byte: folding
  // is not free, and names may be many.
  static bool MayBegin(
      std::string_view name,
      const std::vector<std::pair<size_t, std::string>>& beginnings) {
    if (name.empty() || static_cast<signed char>(name.front()) < 0) {
      return !name.empty();
    }
    const char first = index::TitleKey(name.substr(0, 1)).front();
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [first](const auto& beginning) {
                         return beginning.second.starts_with(first);
                       });
  }

  // Returns where the text begins a name that goes on, by its first beginning.
  static std::optional<size_t> StartOf(
      std::string_view name,
      const std::vector<std::pair<size_t, std::string>>& beginnings) {
    if (!MayBegin(name, beginnings)) {
      return std::nullopt;
    }
    const std::string folded = FoldName(name);
    for (const auto& [start, beginning] : beginnings) {
      if (folded.size() > beginning.size() && folded.starts_with(beginning)) {
        return start;
      }
    }
    return std::nullopt;
  }

  // An entity whose name goes on.
  struct NamedEntity {
    std::string name;
    size_t start = 0;  // in the text
    uint64_t postings = 0;
  };

  absl::StatusOr<std::map<std::string, NamedEntity>> FindEntities() {
    const auto beginnings = Beginnings();
    std::map<std::string, NamedEntity> found;  // by key
    uint32_t seen = 0;
    for (const auto& segment : view_.generation().segments()) {
      index::DatabasePool::Lease database = segment->databases().Get();
      for (uint32_t i = 0; i < segment->entity_count(); ++i) {
        if (++seen % kNamesPerLook == 0 && deadline_.Passed()) {
          return DeadlineError();
        }
        const EntityValue entity = EntityValueOf(*segment, i);
        const auto start = StartOf(entity.name, beginnings);
        if (!start) {
          continue;
        }
        NamedEntity& named = found[entity.Key()];
        // Of several names the first in order, whatever the segments.
        if (named.name.empty() || entity.name < named.name) {
          named.name = entity.name;
          named.start = *start;
        }
        named.postings += database->get_termfreq(
            MakeTerm(index::TermField::kEntity, entity.Key()));
      }
    }
    return found;
  }

  // Returns how many passages of the view mention an entity.
  absl::StatusOr<uint64_t> CountMentions(const std::string& key) {
    uint64_t count = 0;
    const auto& segments = view_.generation().segments();
    for (size_t i = 0; i < segments.size(); ++i) {
      PassageSet set(segments[i]->passage_count());
      index::DatabasePool::Lease database = segments[i]->databases().Get();
      FOOTNOTE_RETURN_IF_ERROR(AddPostings(
          *segments[i], *database, MakeTerm(index::TermField::kEntity, key),
          deadline_, &set));
      set.RemoveAll(view_.hidden(i));
      count += set.Count();
    }
    return count;
  }

  absl::StatusOr<std::vector<Completion>> CompleteEntities() {
    FOOTNOTE_ASSIGN_OR_RETURN(const auto found, FindEntities());
    std::vector<std::pair<std::string, NamedEntity>> order(found.begin(),
                                                           found.end());
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.second.postings > b.second.postings;
    });
    const auto is_before = [](const Completion& a, const Completion& b) {
      return a.passages != b.passages ? a.passages > b.passages
             : a.value != b.value     ? a.value < b.value
                                      : a.entity < b.entity;
    };
    std::vector<Completion> best;
    for (const auto& [key, named] : order) {
      if (best.size() == options_.limit &&
          named.postings < best.back().passages) {
        break;  // no more can come before the last
      }
      FOOTNOTE_ASSIGN_OR_RETURN(const uint64_t passages, CountMentions(key));
      if (passages == 0) {
        continue;
      }
      Completion completion{options_.text.substr(0, named.start) + named.name,
                            named.name, key, passages};
      best.insert(
          std::lower_bound(best.begin(), best.end(), completion, is_before),
          std::move(completion));
      if (best.size() > options_.limit) {
        best.pop_back();
      }
    }
    return best;
  }

  // The titles of one segment that begin as the text does.
  struct TitleRun {
    uint32_t segment = 0;
    uint64_t next = 0;  // in the order of titles
    std::string key;
  };

  absl::StatusOr<std::vector<Completion>> CompleteTitles() {
    const size_t start = options_.text.find_first_not_of(" \t\r\n");
    const std::string beginning =
        index::TitleKey(std::string_view(options_.text).substr(start));
    const auto& segments = view_.generation().segments();
    const auto key_at = [&](const TitleRun& run) {
      const index::Segment& segment = *segments[run.segment];
      return run.next < segment.title_order().size()
                 ? index::TitleKey(
                       segment.document_title(segment.title_order()[run.next]))
                 : std::string();
    };
    const auto is_later = [](const TitleRun& a, const TitleRun& b) {
      return a.key > b.key;
    };
    std::priority_queue<TitleRun, std::vector<TitleRun>, decltype(is_later)>
        runs(is_later);
    for (uint32_t i = 0; i < segments.size(); ++i) {
      const index::Segment& segment = *segments[i];
      const auto& order = segment.title_order();
      const auto* const at = std::lower_bound(
          order.begin(), order.end(), beginning,
          [&](uint32_t document, const std::string& text) {
            return index::TitleKey(segment.document_title(document)) < text;
          });
      TitleRun run{i, static_cast<uint64_t>(at - order.begin()), {}};
      run.key = key_at(run);
      runs.push(std::move(run));
    }
    std::vector<Completion> titles;
    std::string last_key;
    uint32_t seen = 0;
    while (!runs.empty()) {
      TitleRun run = runs.top();
      runs.pop();
      if (++seen % kNamesPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      if (!run.key.starts_with(beginning) ||
          (titles.size() == options_.limit && run.key != last_key)) {
        continue;
      }
      AddTitle(run, &last_key, &titles);
      ++run.next;
      run.key = key_at(run);
      runs.push(std::move(run));
    }
    return titles;
  }

  // Adds the document that a run is at to those of its title.
  void AddTitle(const TitleRun& run, std::string* last_key,
                std::vector<Completion>* titles) const {
    const index::Segment& segment = *view_.generation().segments()[run.segment];
    const uint32_t document = segment.title_order()[run.next];
    if (view_.hidden_documents(run.segment).contains(document)) {
      return;
    }
    const std::string title(segment.document_title(document));
    if (titles->empty() || run.key != *last_key) {
      titles->push_back({title, title, "", 0});
      *last_key = run.key;
    }
    Completion& completion = titles->back();
    completion.passages += segment.document_place(document).passage_count;
    if (title < completion.value) {  // whatever the segments
      completion.value = title;
      completion.text = title;
    }
  }

  // A last word that others begin with is not finished, rather than wrong.
  absl::StatusOr<std::optional<SpellingProposal>> Respell(bool last_goes_on) {
    const std::string text = last_goes_on ? options_.text + "*" : options_.text;
    FOOTNOTE_ASSIGN_OR_RETURN(std::optional<SpellingProposal> proposal,
                              ProposeSpelling(view_, text, deadline_));
    if (proposal && last_goes_on) {
      proposal->text.pop_back();
    }
    return proposal;
  }

  const View& view_;
  const SuggestOptions& options_;
  const Deadline& deadline_;
  std::vector<text::Token> tokens_;
};

}  // namespace

absl::StatusOr<Suggestions> Suggest(const View& view,
                                    const SuggestOptions& options,
                                    const Deadline& deadline) {
  FOOTNOTE_RETURN_IF_ERROR(CheckText(options.text));
  return index::CatchXapian(
      [&] { return Suggester(view, options, deadline).Run(); });
}

}  // namespace footnote::search
