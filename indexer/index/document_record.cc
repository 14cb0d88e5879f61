#include "indexer/index/document_record.h"

#include <algorithm>

#include "indexer/base/varint.h"
#include "indexer/index/schema.h"

namespace footnote::index {
namespace {

// Signed numbers as varints: 0, -1, 1, -2, … become 0, 1, 2, 3, …
uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^
         static_cast<uint64_t>(value >> 63);
}

int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

void AppendTime(std::string* out, const std::optional<int64_t>& time) {
  AppendVarint(out, time ? 1 : 0);
  if (time) {
    AppendVarint(out, ZigZag(*time));
  }
}

std::optional<int64_t> ReadTime(FieldReader* reader) {
  if (reader->Varint() == 0) {
    return std::nullopt;
  }
  return UnZigZag(reader->Varint());
}

Digest ReadDigest(FieldReader* reader) {
  Digest digest{};
  const std::string_view bytes = reader->Bytes(digest.size());
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

// Yes-or-no members as the bits of a number, the first lowest.
uint64_t PackGiven(const DocumentRecord& record) {
  constexpr uint64_t kTitle = 1;
  constexpr uint64_t kUri = 2;
  constexpr uint64_t kLanguage = 4;
  return (record.title_given ? kTitle : 0) | (record.uri_given ? kUri : 0) |
         (record.language_given ? kLanguage : 0);
}

void UnpackGiven(uint64_t given, DocumentRecord* record) {
  record->title_given = (given & 1) != 0;
  record->uri_given = (given & 2) != 0;
  record->language_given = (given & 4) != 0;
}

}  // namespace

int32_t DayOf(const DocumentRecord& record) {
  constexpr int64_t kSecondsPerDay = 86400;
  if (!record.create_time) {
    return kNoDay;
  }
  const int64_t time = *record.create_time;
  return static_cast<int32_t>((time >= 0 ? time : time - kSecondsPerDay + 1) /
                              kSecondsPerDay);
}

std::string TitleKey(std::string_view title) {
  std::string key(title);
  for (char& c : key) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return key;
}

// document_id stands first, then the title: a lookup reads only these.
std::string EncodeDocumentRecord(const DocumentRecord& record) {
  std::string out;
  for (const std::string* field :
       {&record.document_id, &record.title, &record.uri, &record.filename,
        &record.media_type, &record.language, &record.source_type,
        &record.metadata_json}) {
    AppendField(&out, *field);
  }
  AppendTime(&out, record.create_time);
  AppendTime(&out, record.update_time);
  AppendTime(&out, record.embargo_time);
  AppendTime(&out, record.expire_time);
  AppendVarint(&out, record.access_labels.size());
  for (const std::string& label : record.access_labels) {
    AppendField(&out, label);
  }
  AppendVarint(&out, PackGiven(record));
  AppendVarint(&out, ZigZag(record.index_time));
  out += ToBytes(record.revision);
  out += ToBytes(record.etag);
  AppendVarint(&out, record.size.bytes);
  AppendVarint(&out, record.size.chars);
  AppendVarint(&out, record.size.utf16);
  AppendVarint(&out, record.first_passage);
  AppendVarint(&out, record.passage_count);
  AppendVarint(&out, record.headings.size());
  for (const HeadingRecord& heading : record.headings) {
    AppendVarint(&out, heading.start);
    AppendVarint(&out, heading.level);
    AppendField(&out, heading.text);
  }
  return out;
}

absl::StatusOr<DocumentRecord> DecodeDocumentRecord(std::string_view bytes) {
  FieldReader reader(bytes);
  DocumentRecord record;
  for (std::string* field :
       {&record.document_id, &record.title, &record.uri, &record.filename,
        &record.media_type, &record.language, &record.source_type,
        &record.metadata_json}) {
    *field = reader.Field();
  }
  record.create_time = ReadTime(&reader);
  record.update_time = ReadTime(&reader);
  record.embargo_time = ReadTime(&reader);
  record.expire_time = ReadTime(&reader);
  const uint64_t labels = reader.Varint();
  for (uint64_t i = 0; i < labels && reader.ok(); ++i) {
    record.access_labels.emplace_back(reader.Field());
  }
  UnpackGiven(reader.Varint(), &record);
  record.index_time = UnZigZag(reader.Varint());
  record.revision = ReadDigest(&reader);
  record.etag = ReadDigest(&reader);
  record.size.bytes = reader.Varint();
  record.size.chars = reader.Varint();
  record.size.utf16 = reader.Varint();
  record.first_passage = static_cast<uint32_t>(reader.Varint());
  record.passage_count = static_cast<uint32_t>(reader.Varint());
  const uint64_t headings = reader.Varint();
  for (uint64_t i = 0; i < headings && reader.ok(); ++i) {
    HeadingRecord heading;
    heading.start = static_cast<uint32_t>(reader.Varint());
    heading.level = static_cast<uint32_t>(reader.Varint());
    heading.text = reader.Field();
    record.headings.push_back(std::move(heading));
  }
  if (!reader.ok() || !reader.AtEnd()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "a document record is damaged");
  }
  return record;
}

}  // namespace footnote::index
