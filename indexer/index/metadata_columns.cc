#include "indexer/index/metadata_columns.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "indexer/base/time.h"
#include "indexer/index/schema.h"

namespace footnote::index {
namespace {

using nlohmann::json;

constexpr uint64_t kSign = uint64_t{1} << 63;
constexpr size_t kNumberBytes = sizeof(uint64_t);

std::string Tagged(MetadataType type) { return {static_cast<char>(type)}; }

void AppendBigEndian(uint64_t value, std::string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    *out += static_cast<char>(value >> shift);
  }
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes.substr(0, kNumberBytes)) {
    value = value << 8 | static_cast<unsigned char>(c);
  }
  return value;
}

// Adds the entries of a value that stands under `field`.
// NOLINTNEXTLINE(misc-no-recursion): sources take JSON of 64 levels.
void AddEntries(const std::string& field, const json& value,
                std::vector<std::string>* entries) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      std::string name = field;
      name += field.empty() ? "" : ".";
      name += key;
      AddEntries(name, member, entries);
    }
    return;
  }
  if (value.is_array()) {
    for (const json& item : value) {
      AddEntries(field, item, entries);
    }
    return;
  }
  std::string bytes;
  if (value.is_boolean()) {
    bytes = EncodeBool(value.get<bool>());
  } else if (value.is_number()) {
    bytes = EncodeNumber(value.get<double>());
  } else if (value.is_string()) {
    bytes = EncodeText(value.get_ref<const std::string&>());
  }
  if (!bytes.empty() && field.find(kEntrySeparator) == std::string::npos) {
    entries->push_back(field + kEntrySeparator + bytes);
  }
}

std::string PathIn(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
}

}  // namespace

std::string EncodeBool(bool value) {
  return Tagged(MetadataType::kBool) + static_cast<char>(value ? 1 : 0);
}

std::string EncodeNumber(double value) {
  const auto bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  std::string bytes = Tagged(MetadataType::kNumber);
  AppendBigEndian((bits & kSign) != 0 ? ~bits : bits | kSign, &bytes);
  return bytes;
}

std::string EncodeString(std::string_view value) {
  return Tagged(MetadataType::kString).append(value);
}

std::string EncodeTime(int64_t time, std::string_view text) {
  std::string bytes = Tagged(MetadataType::kTime);
  AppendBigEndian(static_cast<uint64_t>(time) ^ kSign, &bytes);
  return bytes.append(text);
}

std::string EncodeText(std::string_view text) {
  const auto time = ParseMetadataTime(text);
  return time ? EncodeTime(*time, text) : EncodeString(text);
}

std::optional<int64_t> ParseMetadataTime(std::string_view text) {
  constexpr size_t kDay = 10;  // "2026-04-21"; a year alone may be any number
  if (text.size() < kDay) {
    return std::nullopt;
  }
  const auto time = ParseTime(text);
  return time ? time : ParseTime(std::string(text) + "Z");
}

MetadataValue DecodeValue(std::string_view bytes) {
  MetadataValue value;
  if (bytes.empty()) {
    return value;
  }
  value.type = static_cast<MetadataType>(bytes.front());
  bytes.remove_prefix(1);
  const uint64_t bits = ReadBigEndian(bytes);
  switch (value.type) {
    case MetadataType::kBool:
      value.number = static_cast<double>(bits & 1);
      break;
    case MetadataType::kNumber:
      value.number =
          std::bit_cast<double>((bits & kSign) != 0 ? bits ^ kSign : ~bits);
      break;
    case MetadataType::kTime:
      value.time = static_cast<int64_t>(bits ^ kSign);
      value.text = bytes.substr(std::min(kNumberBytes, bytes.size()));
      break;
    case MetadataType::kString:
      value.text = bytes;
      break;
  }
  return value;
}

std::string TextOf(const MetadataValue& value) {
  // Where numbers are written out, as JavaScript has it.
  constexpr double kLeast = 1e-6;
  constexpr double kMost = 1e21;
  switch (value.type) {
    case MetadataType::kBool:
      return value.number != 0 ? "true" : "false";
    case MetadataType::kNumber: {
      const double size = std::fabs(value.number);
      const bool is_plain = size == 0 || (size >= kLeast && size < kMost);
      std::array<char, 64> text{};
      const auto written = std::to_chars(
          text.data(), text.data() + text.size(), value.number,
          is_plain ? std::chars_format::fixed : std::chars_format::scientific);
      return {text.data(), written.ptr};
    }
    case MetadataType::kString:
    case MetadataType::kTime:
      break;
  }
  return std::string(value.text);
}

std::vector<std::string> MetadataEntries(const std::string& metadata_json) {
  std::vector<std::string> entries;
  const json metadata =
      json::parse(metadata_json, nullptr, /*allow_exceptions=*/false);
  if (metadata.is_object()) {
    AddEntries("", metadata, &entries);
  }
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  return entries;
}

absl::StatusOr<MetadataColumns> MetadataColumns::Open(const std::string& folder,
                                                      uint32_t documents) {
  MetadataColumns columns;
  columns.document_count_ = documents;
  FOOTNOTE_ASSIGN_OR_RETURN(
      columns.values_, BlobColumn::Open(PathIn(folder, kMetadataValuesFile)));
  FOOTNOTE_ASSIGN_OR_RETURN(
      columns.documents_,
      BlobColumn::Open(PathIn(folder, kDocumentMetadataFile)));
  FOOTNOTE_ASSIGN_OR_RETURN(
      columns.places_,
      BlobColumn::Open(PathIn(folder, kMetadataDocumentsFile)));
  if (columns.documents_.size() != documents ||
      columns.places_.size() != columns.values_.size()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     folder + ": columns of metadata differ in length",
                     {{"path", folder}});
  }
  return columns;
}

MetadataColumns::Range MetadataColumns::ValuesOf(std::string_view field) const {
  std::string key(field);
  key += kEntrySeparator;
  const Range all{0, value_count()};
  const auto first_from = [&](const std::string& begin) {
    uint32_t low = all.first;
    uint32_t high = all.end;
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (values_[middle] < begin) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  Range range;
  range.first = first_from(key);
  key.back() = kEntrySeparator + 1;
  range.end = first_from(key);
  return range;
}

uint32_t MetadataColumns::LowerBound(const Range& range,
                                     std::string_view bytes) const {
  uint32_t low = range.first;
  uint32_t high = range.end;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (value(middle) < bytes) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::string_view MetadataColumns::value(uint32_t number) const {
  const std::string_view entry = values_[number];
  const size_t at = entry.find(kEntrySeparator);
  return at == std::string_view::npos ? std::string_view()
                                      : entry.substr(at + 1);
}

std::string EncodeAscending(const std::vector<uint32_t>& numbers) {
  std::string bytes;
  uint32_t last = 0;
  for (const uint32_t number : numbers) {
    AppendVarint(&bytes, number - last);
    last = number;
  }
  return bytes;
}

void MetadataWriter::Add(const std::string& metadata_json) {
  for (std::string& entry : MetadataEntries(metadata_json)) {
    const uint64_t bytes = entry.size();
    const auto next = static_cast<uint32_t>(numbers_.size());
    const auto [at, inserted] = numbers_.try_emplace(std::move(entry), next);
    entry_bytes_ += inserted ? bytes : 0;
    values_.push_back(at->second);
  }
  ends_.push_back(values_.size());
}

absl::Status MetadataWriter::Finish(const std::string& folder) const {
  std::vector<std::pair<std::string_view, uint32_t>> order;
  order.reserve(numbers_.size());
  for (const auto& [entry, number] : numbers_) {
    order.emplace_back(entry, number);
  }
  std::sort(order.begin(), order.end());
  ColumnWriter values(PathIn(folder, kMetadataValuesFile), 0);
  std::vector<uint32_t> numbers(order.size());  // final, by the first ones
  for (uint32_t i = 0; i < order.size(); ++i) {
    values.Append(order[i].first);
    numbers[order[i].second] = i;
  }
  ColumnWriter documents(PathIn(folder, kDocumentMetadataFile), 0);
  std::vector<std::vector<uint32_t>> places(order.size());
  for (uint32_t i = 0; i + 1 < ends_.size(); ++i) {
    std::vector<uint32_t> of_document;
    for (uint64_t k = ends_[i]; k < ends_[i + 1]; ++k) {
      of_document.push_back(numbers[values_[k]]);
      places[numbers[values_[k]]].push_back(i);
    }
    std::sort(of_document.begin(), of_document.end());
    documents.Append(EncodeAscending(of_document));
  }
  ColumnWriter documents_of_values(PathIn(folder, kMetadataDocumentsFile), 0);
  for (const std::vector<uint32_t>& place : places) {
    documents_of_values.Append(EncodeAscending(place));
  }
  for (ColumnWriter* column : {&values, &documents, &documents_of_values}) {
    FOOTNOTE_RETURN_IF_ERROR(column->Finish());
  }
  return absl::OkStatus();
}

uint64_t MetadataWriter::memory_bytes() const {
  // A node of the map with its string; to finish, a view, a number and a list.
  constexpr uint64_t kBytesPerEntry = 140;
  constexpr uint64_t kBytesPerValue = 3 * sizeof(uint32_t);
  return entry_bytes_ + numbers_.size() * kBytesPerEntry +
         values_.size() * kBytesPerValue + ends_.size() * sizeof(uint64_t);
}

}  // namespace footnote::index
