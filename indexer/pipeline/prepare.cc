#include "indexer/pipeline/prepare.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "indexer/text/language.h"
#include "indexer/text/quantities.h"
#include "indexer/text/sentences.h"
#include "indexer/text/utf8.h"

namespace footnote::pipeline {
namespace {

constexpr std::string_view kPassageVersion = "passages-1";

// A character of a script written without spaces counts as half a word: Chinese
// and Japanese words have about two.
constexpr double kCharacterWords = 0.5;

constexpr size_t kMaxTitleBytes = 1000;

// Lexemes are remembered from document to document while they take no more.
constexpr uint64_t kMaxLexemeBytes = 6 << 20;

// Cuts text to at most `max_bytes` on a grapheme boundary.
std::string Shorten(const std::string& text, size_t max_bytes) {
  return text.size() <= max_bytes
             ? text
             : text.substr(0, text::FloorToGrapheme(text, max_bytes));
}

std::string TitleOf(const sources::SourceDocument& document) {
  for (const std::string* title : {&document.title, &document.filename}) {
    if (!title->empty()) {
      return Shorten(*title, kMaxTitleBytes);
    }
  }
  return document.document_id;
}

index::DocumentRecord RecordOf(const sources::SourceDocument& document) {
  index::DocumentRecord record;
  FillMetadata(document, &record);
  record.language = document.language.empty()
                        ? text::DetectLanguage(document.text)
                        : document.language;
  record.revision = Sha256Of(document.text);
  for (const sources::Heading& heading : document.headings) {
    record.headings.push_back({heading.start,
                               static_cast<uint32_t>(heading.level),
                               Shorten(heading.text, kMaxTitleBytes)});
  }
  return record;
}

// Returns the headings above a place, outermost first: as a stack, each level
// replaces what was at its depth or deeper.
class HeadingPath {
 public:
  explicit HeadingPath(const std::vector<sources::Heading>& headings)
      : headings_(headings) {}

  // Moves on to byte `at`, not before the last one.
  const std::vector<const sources::Heading*>& At(uint32_t at) {
    for (; next_ < headings_.size() && headings_[next_].start <= at; ++next_) {
      const sources::Heading& heading = headings_[next_];
      while (!path_.empty() && path_.back()->level >= heading.level) {
        path_.pop_back();
      }
      path_.push_back(&heading);
    }
    return path_;
  }

 private:
  const std::vector<sources::Heading>& headings_;
  size_t next_ = 0;
  std::vector<const sources::Heading*> path_;
};

Border BorderOf(text::BreakKind kind) {
  switch (kind) {
    case text::BreakKind::kSentence:
      return Border::kSentence;
    case text::BreakKind::kLine:
      return Border::kLine;
    case text::BreakKind::kParagraph:
      return Border::kParagraph;
  }
  return Border::kSentence;
}

// Returns where the line after byte `at`, the end of one, and the blank lines
// that follow starts.
uint32_t SkipBlankLines(std::string_view text, uint32_t at) {
  const std::string_view rest = text.substr(at);
  const std::string_view blank =
      rest.substr(0, rest.find_first_not_of(" \t\r\n"));
  const size_t last_break = blank.find_last_of("\r\n");
  return last_break == std::string_view::npos
             ? at
             : at + static_cast<uint32_t>(last_break) + 1;
}

// Cuts sentences where a heading begins or, with the blank lines after it,
// ends, and marks those borders: a heading is never in one sentence with other
// text.
std::vector<text::Sentence> CutAtHeadings(
    std::string_view text, const std::vector<text::Sentence>& sentences,
    const std::vector<sources::Heading>& headings) {
  std::vector<uint32_t> cuts;
  for (const sources::Heading& heading : headings) {
    cuts.push_back(heading.start);
    cuts.push_back(SkipBlankLines(text, heading.end));
  }
  std::vector<text::Sentence> cut;
  auto next = cuts.begin();
  for (text::Sentence sentence : sentences) {
    next = std::upper_bound(next, cuts.end(), sentence.start);
    for (; next != cuts.end() && *next < sentence.end; ++next) {
      if (*next == sentence.start) {
        continue;  // one heading right after another
      }
      cut.push_back({sentence.start, *next, text::BreakKind::kParagraph});
      sentence.start = *next;
    }
    cut.push_back(sentence);
  }
  return cut;
}

}  // namespace

// A sentence with its tokens as lexemes; spans relative to the sentence.
struct Preparer::Sentence {
  text::Sentence span;
  SentenceSize size;
  std::vector<index::PassageToken> tokens;
};

void FillMetadata(const sources::SourceDocument& document,
                  index::DocumentRecord* record) {
  record->document_id = document.document_id;
  record->title = TitleOf(document);
  record->uri =
      document.uri.empty() ? "footnote:" + document.document_id : document.uri;
  record->filename = document.filename;
  record->media_type = document.media_type;
  record->source_type = document.source_type;
  record->create_time = document.create_time;
  record->update_time = document.update_time;
  record->embargo_time = document.embargo_time;
  record->expire_time = document.expire_time;
  record->access_labels = document.access_labels;
  record->title_given = !document.title.empty();
  record->uri_given = !document.uri.empty();
  record->language_given = !document.language.empty();
  record->metadata_json = document.metadata.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Digest EtagOf(const sources::SourceDocument& document,
              std::string_view analyzer_stamp,
              std::string_view entities_stamp) {
  return EtagOf(document, Sha256Of(document.text), analyzer_stamp,
                entities_stamp);
}

Digest EtagOf(const sources::SourceDocument& document, const Digest& revision,
              std::string_view analyzer_stamp,
              std::string_view entities_stamp) {
  Sha256 sha;
  const std::string title = Shorten(document.title, kMaxTitleBytes);
  const std::string revision_bytes = ToBytes(revision);
  for (const std::string_view field :
       {analyzer_stamp, entities_stamp, std::string_view(document.document_id),
        std::string_view(revision_bytes), std::string_view(title),
        std::string_view(document.uri), std::string_view(document.filename),
        std::string_view(document.media_type),
        std::string_view(document.source_type),
        std::string_view(document.language)}) {
    sha.UpdateField(field);
  }
  for (const auto& time : {document.create_time, document.update_time,
                           document.embargo_time, document.expire_time}) {
    sha.UpdateField(time ? std::to_string(*time) : "");
  }
  sha.UpdateField(std::to_string(document.access_labels.size()));
  for (const std::string& label : document.access_labels) {
    sha.UpdateField(label);
  }
  sha.UpdateField(document.metadata.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace));
  return sha.Finish();
}

std::string PassageStamp() {
  return text::Analyzer::Stamp() + " " + std::string(kPassageVersion);
}

Preparer::Preparer(const entities::Gazetteer& gazetteer)
    : gazetteer_(gazetteer) {}

Preparer::~Preparer() = default;

uint32_t Preparer::NumberOf(const text::Token& token,
                            const std::string& language) {
  entry_.clear();
  stem_key_.clear();
  index::AppendStemKey(language, token.stem, &stem_key_);
  index::AppendLexeme({token.word, token.spelling, stem_key_}, &entry_);
  const uint32_t lexeme = lexemes_.Intern(entry_);
  if (lexeme == named_.size()) {
    named_.emplace_back();
  }
  Named& named = named_[lexeme];
  if (named.document != document_) {
    named = {document_, names_.AddLexeme(lexemes_.entry(lexeme))};
  }
  return named.number;
}

std::vector<Preparer::Sentence> Preparer::Analyze(
    const sources::SourceDocument& document, const std::string& language) {
  const std::string_view text = document.text;
  std::vector<Sentence> sentences;
  size_t heading = 0;
  for (const text::Sentence& span : CutAtHeadings(
           text, text::SplitSentences(text, language), document.headings)) {
    Sentence sentence{span, {}, {}};
    for (const text::Token& token : analyzer_.Analyze(
             text.substr(span.start, span.end - span.start), language)) {
      sentence.size.words += token.joins_next ? kCharacterWords : 1;
      sentence.tokens.push_back(
          {NumberOf(token, language), token.start, token.end});
    }
    while (heading < document.headings.size() &&
           document.headings[heading].end <= span.start) {
      ++heading;
    }
    const bool more = heading < document.headings.size();
    sentence.size.bytes = span.end - span.start;
    sentence.size.is_heading =
        more && document.headings[heading].start <= span.start;
    sentence.size.after = more && document.headings[heading].start == span.end
                              ? Border::kHeading
                              : BorderOf(span.after);
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

std::vector<uint32_t> Preparer::ContextLexemes(std::string_view text,
                                               const std::string& language) {
  std::vector<uint32_t> lexemes;
  for (const text::Token& token : analyzer_.Analyze(text, language)) {
    lexemes.push_back(NumberOf(token, language));
  }
  return lexemes;
}

void Preparer::AddContext(const sources::SourceDocument& document,
                          const std::string& language,
                          index::PreparedDocument* prepared) {
  prepared->title =
      ContextLexemes(Shorten(document.title, kMaxTitleBytes), language);
  HeadingPath path(document.headings);
  for (index::PreparedPassage& passage : prepared->passages) {
    for (const sources::Heading* heading :
         path.At(static_cast<uint32_t>(passage.span.start.bytes))) {
      const std::vector<uint32_t> lexemes =
          ContextLexemes(heading->text, language);
      passage.headings.insert(passage.headings.end(), lexemes.begin(),
                              lexemes.end());
    }
  }
}

void Preparer::AddMentions(index::PreparedDocument* prepared) {
  std::map<uint32_t, uint32_t> numbers;  // by entity of the gazetteer
  auto passage = prepared->passages.begin();
  for (const entities::Mention& mention : gazetteer_.Find(prepared->text)) {
    while (mention.start >= passage->span.end.bytes) {
      ++passage;
    }
    if (mention.end > passage->span.end.bytes) {
      continue;  // a name across a border belongs to neither side
    }
    auto number = numbers.find(mention.entity);
    if (number == numbers.end()) {
      const entities::Entity& entity = gazetteer_.entities()[mention.entity];
      number = numbers
                   .emplace(mention.entity,
                            names_.AddEntity(index::EncodeEntity(
                                entity.type, entity.id, entity.name)))
                   .first;
    }
    const auto start = static_cast<uint32_t>(passage->span.start.bytes);
    passage->mentions.push_back(
        {number->second, mention.start - start, mention.end - start});
  }
}

void Preparer::AddQuantities(index::PreparedDocument* prepared) {
  std::map<std::string, uint32_t> numbers;  // by key
  for (index::PreparedPassage& passage : prepared->passages) {
    const std::string_view text =
        std::string_view(prepared->text)
            .substr(passage.span.start.bytes,
                    passage.span.end.bytes - passage.span.start.bytes);
    for (const text::Quantity& quantity :
         text::FindQuantities(text, prepared->record.language)) {
      auto number = numbers.find(quantity.key);
      if (number == numbers.end()) {
        number = numbers.emplace(quantity.key, names_.AddQuantity(quantity.key))
                     .first;
      }
      passage.quantities.push_back(
          {number->second, quantity.start, quantity.end});
    }
  }
}

index::PreparedDocument Preparer::Prepare(sources::SourceDocument document,
                                          const Digest& etag,
                                          int64_t index_time) {
  if (lexemes_.memory_bytes() > kMaxLexemeBytes) {
    lexemes_ = index::LexemeTable();
    named_.clear();
  }
  ++document_;
  names_ = index::DocumentNames();
  index::PreparedDocument prepared;
  prepared.record = RecordOf(document);
  prepared.record.etag = etag;
  prepared.record.index_time = index_time;
  const std::string language = prepared.record.language;
  const std::vector<Sentence> sentences = Analyze(document, language);
  std::vector<SentenceSize> sizes;
  sizes.reserve(sentences.size());
  for (const Sentence& sentence : sentences) {
    sizes.push_back(sentence.size);
  }
  const std::vector<uint32_t> ends = SplitPassages(sizes, PassageLimits());
  TextOffset at;
  uint32_t line = 1;
  uint32_t next = 0;
  for (const uint32_t end : ends) {
    index::PreparedPassage passage;
    passage.span.start = at;
    passage.line = line;
    const auto passage_start = static_cast<uint32_t>(at.bytes);
    for (; next < end; ++next) {
      const text::Sentence& span = sentences[next].span;
      for (index::PassageToken token : sentences[next].tokens) {
        token.start += span.start - passage_start;
        token.end += span.start - passage_start;
        passage.tokens.push_back(token);
      }
      passage.sentence_bytes.push_back(span.end - span.start);
    }
    const std::string_view text =
        std::string_view(document.text)
            .substr(passage_start, sentences[end - 1].span.end - passage_start);
    at += text::MeasureText(text);
    line += static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n'));
    passage.span.end = at;
    prepared.passages.push_back(std::move(passage));
  }
  prepared.record.size = at;
  AddContext(document, language, &prepared);
  prepared.text = std::move(document.text);
  AddMentions(&prepared);
  AddQuantities(&prepared);
  prepared.names = std::move(names_);
  return prepared;
}

}  // namespace footnote::pipeline
