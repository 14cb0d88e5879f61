#include "server/grounding/pack_context.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "indexer/text/quote_words.h"
#include "indexer/text/utf8.h"
#include "server/grounding/context_text.h"
#include "server/grounding/near_duplicates.h"
#include "server/search/assemble.h"
#include "server/search/document_text.h"

namespace footnote::grounding {
namespace {

using search::Passage;
using search::TextBlock;

// What each further passage of a document is worth, of its relevance.
constexpr double kWorthOfNext = 0.7;
// So many passages that do not fit are tried by their sentences.
constexpr int kMaxCuts = 16;

// Sentences [first, end) of a passage.
struct Piece {
  size_t passage = 0;  // index among those given
  size_t first = 0;
  size_t end = 0;
};

bool HasWords(std::string_view text) {
  bool has = false;
  text::ForEachQuoteWord(
      text, [&](std::string_view, uint32_t, uint32_t) { has = true; });
  return has;
}

// Takes the white space at both ends away, on grapheme boundaries.
void Trim(TextBlock* block) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::string_view text = block->text;
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return;
  }
  const size_t start = text::FloorToGrapheme(text, first);
  const size_t end =
      text::CeilToGrapheme(text, text.find_last_not_of(kSpace) + 1);
  block->span.start += text::MeasureText(text.substr(0, start));
  std::string trimmed(text.substr(start, end - start));
  block->span.end = block->span.start + text::MeasureText(trimmed);
  block->text = std::move(trimmed);
}

// Returns the sentence of a passage that holds its first highlight.
size_t FirstMatched(const Passage& passage) {
  if (passage.highlights.empty()) {
    return 0;
  }
  const uint64_t at = passage.provenance.span.start.bytes +
                      passage.highlights.front().span.start.bytes;
  const auto found = std::find_if(
      passage.blocks.begin(), passage.blocks.end(),
      [&](const TextBlock& block) { return at < block.span.end.bytes; });
  return found == passage.blocks.end()
             ? 0
             : static_cast<size_t>(found - passage.blocks.begin());
}

// Packs once.
class Packer {
 public:
  Packer(const std::vector<Passage>& passages, const ContextOptions& options,
         const search::Deadline& deadline)
      : passages_(passages), options_(options), deadline_(deadline) {}

  absl::Status Choose() {
    std::vector<bool> is_done(passages_.size());
    for (size_t left = passages_.size(); left > 0; --left) {
      if (deadline_.Passed()) {
        return search::DeadlineError();
      }
      const size_t next = Worthiest(is_done);
      is_done[next] = true;
      Consider(next);
    }
    std::sort(
        left_out_.begin(), left_out_.end(),
        [](const LeftOut& a, const LeftOut& b) { return a.rank < b.rank; });
    return absl::OkStatus();
  }

  // Returns the context of what was chosen, without provenance.
  PackedContext Take() {
    PackedContext context;
    context.blocks = MakeBlocks(pieces_);
    context.text = RenderContext(options_.format, &context.blocks);
    context.size = MeasureContext(context.text);
    context.left_out = std::move(left_out_);
    return context;
  }

 private:
  double WorthOf(size_t passage) const {
    const double relevance = passages_[passage].relevance;
    const double worth =
        relevance > 0 ? relevance : 1.0 / (1.0 + static_cast<double>(passage));
    const auto taken = taken_of_.find(passages_[passage].document.document_id);
    return taken == taken_of_.end()
               ? worth
               : worth * std::pow(kWorthOfNext, taken->second);
  }

  size_t Worthiest(const std::vector<bool>& is_done) const {
    std::optional<size_t> best;
    double most = 0;
    for (size_t i = 0; i < passages_.size(); ++i) {
      const double worth = is_done[i] ? 0 : WorthOf(i);
      if (!is_done[i] && (!best || worth > most)) {
        best = i;
        most = worth;
      }
    }
    return *best;
  }

  void Consider(size_t index) {
    const Passage& passage = passages_[index];
    if (!HasWords(passage.text)) {
      LeaveOut(index, LeftOutReason::kNoWords);
      return;
    }
    if (const auto same = duplicates_.Find(passage.text)) {
      LeaveOut(index, LeftOutReason::kDuplicate);
      left_out_.back().duplicate_of = passages_[added_[*same]].passage_id;
      return;
    }
    if (TryTake({index, 0, passage.blocks.size()})) {
      return;
    }
    const bool is_cut = cuts_ < kMaxCuts && TakeSome(index);
    LeaveOut(index, is_cut ? LeftOutReason::kCut : LeftOutReason::kBudget);
  }

  // Takes as many sentences around the first highlight as fit.
  bool TakeSome(size_t index) {
    ++cuts_;
    const Passage& passage = passages_[index];
    const size_t sentences = passage.blocks.size();
    const size_t matched = FirstMatched(passage);
    const auto piece_of = [&](size_t count) {
      const size_t first = std::min(matched, sentences - count);
      return Piece{index, first, first + count};
    };
    size_t fits = 0;
    size_t too_many = sentences;
    while (fits + 1 < too_many) {
      const size_t count = (fits + too_many) / 2;
      (Fits(piece_of(count)) ? fits : too_many) = count;
    }
    return fits > 0 && TryTake(piece_of(fits));
  }

  bool Fits(const Piece& piece) const {
    std::vector<Piece> pieces = pieces_;
    pieces.push_back(piece);
    std::vector<ContextBlock> blocks = MakeBlocks(std::move(pieces));
    return MeasureContext(RenderContext(options_.format, &blocks))
               .In(options_.unit) <= options_.budget;
  }

  bool TryTake(const Piece& piece) {
    const Passage& passage = passages_[piece.passage];
    const bool has_words = std::any_of(
        passage.blocks.begin() + static_cast<ptrdiff_t>(piece.first),
        passage.blocks.begin() + static_cast<ptrdiff_t>(piece.end),
        [](const TextBlock& block) { return HasWords(block.text); });
    if (!has_words || !Fits(piece)) {
      return false;
    }
    pieces_.push_back(piece);
    ++taken_of_[passage.document.document_id];
    duplicates_.Add(passage.text);
    added_.push_back(piece.passage);
    return true;
  }

  void LeaveOut(size_t index, LeftOutReason reason) {
    const Passage& passage = passages_[index];
    left_out_.push_back({passage.passage_id, passage.document.document_id,
                         static_cast<uint32_t>(index + 1), reason, ""});
  }

  // Returns the blocks of pieces in their order, with their keys.
  std::vector<ContextBlock> MakeBlocks(std::vector<Piece> pieces) const {
    std::sort(pieces.begin(), pieces.end(),
              [&](const Piece& a, const Piece& b) {
                return PlaceOf(a) < PlaceOf(b);
              });
    std::vector<ContextBlock> blocks;
    for (const Piece& piece : pieces) {
      AddPiece(piece, &blocks);
    }
    for (ContextBlock& block : blocks) {
      Trim(&block.content);
    }
    PutInOrder(&blocks);
    for (size_t i = 0; i < blocks.size(); ++i) {
      blocks[i].key = std::to_string(i + 1);
    }
    return blocks;
  }

  std::pair<std::string_view, uint64_t> PlaceOf(const Piece& piece) const {
    const Passage& passage = passages_[piece.passage];
    return {passage.document.document_id,
            passage.blocks[piece.first].span.start.bytes};
  }

  // Adds a piece that comes after those before it, to the last block where it
  // goes on there.
  void AddPiece(const Piece& piece, std::vector<ContextBlock>* blocks) const {
    const Passage& passage = passages_[piece.passage];
    const auto rank = static_cast<uint32_t>(piece.passage + 1);
    const Span& start = passage.blocks[piece.first].span;
    const bool goes_on =
        !blocks->empty() &&
        blocks->back().document.document_id == passage.document.document_id &&
        blocks->back().content.span.end == start.start;
    if (!goes_on) {
      ContextBlock& added = blocks->emplace_back();
      added.rank = rank;
      added.document = passage.document;
      added.content.span = start;
    }
    ContextBlock& block = blocks->back();
    for (size_t i = piece.first; i < piece.end; ++i) {
      block.content.text += passage.blocks[i].text;
    }
    block.content.span.end = passage.blocks[piece.end - 1].span.end;
    block.rank = std::min(block.rank, rank);
    block.passage_ids.push_back(passage.passage_id);
  }

  // Blocks come in the order of their documents and places.
  void PutInOrder(std::vector<ContextBlock>* blocks) const {
    std::map<std::string_view, uint32_t> best;  // rank, by document
    for (const ContextBlock& block : *blocks) {
      const auto [at, is_new] =
          best.try_emplace(block.document.document_id, block.rank);
      at->second = std::min(at->second, block.rank);
    }
    const auto key_of = [&](const ContextBlock& block) {
      const uint32_t of_document = best[block.document.document_id];
      return std::tuple(
          DateKeyOf(block),
          options_.order == ContextOrder::kRank ? block.rank : of_document,
          block.content.span.start.bytes);
    };
    std::vector<std::pair<decltype(key_of(blocks->front())), size_t>> keys;
    keys.reserve(blocks->size());
    for (size_t i = 0; i < blocks->size(); ++i) {
      keys.emplace_back(key_of((*blocks)[i]), i);
    }
    std::sort(keys.begin(), keys.end());
    std::vector<ContextBlock> sorted;
    sorted.reserve(keys.size());
    for (const auto& [key, i] : keys) {
      sorted.push_back(std::move((*blocks)[i]));
    }
    *blocks = std::move(sorted);
  }

  // Documents without a date come last.
  int64_t DateKeyOf(const ContextBlock& block) const {
    const std::optional<int64_t>& time = block.document.create_time;
    if (options_.order == ContextOrder::kOldest) {
      return time.value_or(INT64_MAX);
    }
    if (options_.order == ContextOrder::kNewest) {
      return time ? -std::max(*time, -INT64_MAX) : INT64_MAX;
    }
    return 0;
  }

  const std::vector<Passage>& passages_;
  const ContextOptions& options_;
  const search::Deadline& deadline_;
  std::vector<Piece> pieces_;
  std::map<std::string, int> taken_of_;  // pieces, by document
  NearDuplicates duplicates_;
  std::vector<size_t> added_;  // passages, as duplicates_ has them
  std::vector<LeftOut> left_out_;
  int cuts_ = 0;
};

}  // namespace

absl::StatusOr<PackedContext> PackContext(
    const search::View& view, const std::vector<search::Passage>& passages,
    const ContextOptions& options, const search::Deadline& deadline) {
  Packer packer(passages, options, deadline);
  FOOTNOTE_RETURN_IF_ERROR(packer.Choose());
  PackedContext context = packer.Take();
  for (ContextBlock& block : context.blocks) {
    FOOTNOTE_ASSIGN_OR_RETURN(
        const search::Place place,
        search::FindDocument(view, block.document.document_id));
    FOOTNOTE_ASSIGN_OR_RETURN(
        block.provenance,
        search::AssembleProvenance(*place.segment, place.document,
                                   block.document, block.content.span));
  }
  return context;
}

}  // namespace footnote::grounding
