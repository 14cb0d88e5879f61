#include "server/search/counting.h"

namespace footnote::search {
namespace {

// Waking another thread takes some 50 us; counting so many some 200.
constexpr uint64_t kPostingsThatPay = 10'000;

}  // namespace

Counting::Counting(const View& view, const Statistics& statistics,
                   const std::vector<PassageSet>& allowed,
                   const SearchOptions& options, const Deadline& deadline)
    : view_(view),
      statistics_(statistics),
      allowed_(allowed),
      options_(options),
      deadline_(deadline) {}

Counting::~Counting() {
  if (handed_over_ && !handed_over_->Take()) {
    handed_over_->task.get_future().wait();
  }
}

void Counting::Begin(const RunAside& run_aside) {
  if (!run_aside || !Pays()) {
    return;
  }
  const auto handed_over =
      std::make_shared<HandedOver>(Task([this] { return Count(); }));
  const bool is_taken = run_aside([handed_over] {
    if (handed_over->Take()) {
      handed_over->task();
    }
  });
  if (is_taken) {
    handed_over_ = handed_over;
  }
}

absl::StatusOr<Counts> Counting::Finish() {
  const std::shared_ptr<HandedOver> handed_over = std::move(handed_over_);
  return handed_over && !handed_over->Take()
             ? handed_over->task.get_future().get()
             : Count();
}

bool Counting::Pays() const {
  if (!options_.count && options_.facets.empty()) {
    return false;
  }
  uint64_t postings = 0;
  for (const WordTerms& word : statistics_.words) {
    postings += word.frequency;
  }
  return postings >= kPostingsThatPay;
}

absl::StatusOr<Counts> Counting::Count() const {
  return CountMatches(view_, statistics_, allowed_, options_, deadline_);
}

}  // namespace footnote::search
