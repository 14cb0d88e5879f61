#include "server/search/counting.h"

namespace footnote::search {
namespace {

// Waking another thread takes some 50 us; counting so many some 200.
constexpr uint64_t kPostingsThatPay = 10'000;

}  // namespace

Counting::~Counting() {
  if (handed_over_ && !handed_over_->Take()) {
    handed_over_->task.get_future().wait();
  }
}

void Counting::Begin(const RunAside& run_aside) {
  if (!run_aside || !Pays()) {
    return;
  }
  const auto handed_over = std::make_shared<HandedOver>(
      Task([this] { return CountMatches(request_, deadline_); }));
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
             : CountMatches(request_, deadline_);
}

bool Counting::Pays() const {
  if (!request_.options.count && request_.options.facets.empty()) {
    return false;
  }
  uint64_t postings = 0;
  for (const WordTerms& word : request_.statistics.words) {
    postings += word.frequency;
  }
  return postings >= kPostingsThatPay;
}

}  // namespace footnote::search
