#include "indexer/index/log_record.h"

#include <cstring>

#include "indexer/base/sha256.h"

namespace footnote::index {
namespace {

constexpr size_t kChecksumAt = sizeof(LogRecord::length) +
                               sizeof(LogRecord::sequence) +
                               sizeof(LogRecord::synced);
constexpr size_t kHeaderBytes = kChecksumAt + sizeof(LogRecord::checksum);

template <typename T>
void AppendNumber(std::string* out, T number) {
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

template <typename T>
T TakeNumber(std::string_view* bytes) {
  T number{};
  std::memcpy(&number, bytes->data(), sizeof(number));
  bytes->remove_prefix(sizeof(number));
  return number;
}

uint64_t ChecksumOf(std::string_view header, std::string_view payload) {
  Sha256 sha;
  sha.Update(header);
  sha.Update(payload);
  const Digest digest = sha.Finish();
  uint64_t checksum = 0;
  std::memcpy(&checksum, digest.data(), sizeof(checksum));
  return checksum;
}

}  // namespace

void AppendLogRecord(std::string* out, uint64_t sequence, uint64_t synced,
                     std::string_view payload) {
  std::string header;
  AppendNumber(&header, static_cast<uint32_t>(payload.size()));
  AppendNumber(&header, sequence);
  AppendNumber(&header, synced);
  AppendNumber(&header, ChecksumOf(header, payload));
  *out += header;
  *out += payload;
}

std::optional<LogRecord> ReadLogRecord(std::string_view file, uint64_t at,
                                       uint64_t least, uint64_t most) {
  if (at + kHeaderBytes > file.size()) {
    return std::nullopt;
  }
  std::string_view bytes = file.substr(at, kHeaderBytes);
  LogRecord record;
  record.length = TakeNumber<uint32_t>(&bytes);
  record.sequence = TakeNumber<uint64_t>(&bytes);
  record.synced = TakeNumber<uint64_t>(&bytes);
  record.checksum = TakeNumber<uint64_t>(&bytes);
  record.end = at + kHeaderBytes + record.length;
  if (record.sequence < least || record.sequence > most ||
      record.end > file.size()) {
    return std::nullopt;
  }
  record.payload = file.substr(at + kHeaderBytes, record.length);
  return ChecksumOf(file.substr(at, kChecksumAt), record.payload) ==
                 record.checksum
             ? std::optional<LogRecord>(record)
             : std::nullopt;
}

bool IsKnownDurable(std::string_view file, uint64_t at, uint64_t sequence) {
  const uint64_t most = sequence + file.size() / kHeaderBytes;
  while (at + kHeaderBytes <= file.size()) {
    const auto record = ReadLogRecord(file, at, sequence + 1, most);
    if (record && record->synced >= sequence) {
      return true;
    }
    at = record ? record->end : at + 1;
  }
  return false;
}

}  // namespace footnote::index
