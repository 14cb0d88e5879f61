#include "server/service/metadata_conversion.h"

#include <cmath>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace footnote::service {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using nlohmann::json;

constexpr int kMaxDepth = 16;

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void SetObject(const json& object, int depth, Struct* out);

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxDepth deep.
void SetValue(const json& value, int depth, Value* out) {
  if (value.is_structured() && depth >= kMaxDepth) {
    out->set_string_value(Dump(value));
    return;
  }
  switch (value.type()) {
    case json::value_t::object:
      SetObject(value, depth + 1, out->mutable_struct_value());
      return;
    case json::value_t::array:
      out->mutable_list_value();
      for (const json& element : value) {
        SetValue(element, depth + 1, out->mutable_list_value()->add_values());
      }
      return;
    case json::value_t::string:
      out->set_string_value(value.get_ref<const std::string&>());
      return;
    case json::value_t::boolean:
      out->set_bool_value(value.get<bool>());
      return;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      out->set_number_value(value.get<double>());
      return;
    default:
      out->set_null_value(google::protobuf::NULL_VALUE);
      return;
  }
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxDepth deep.
void SetObject(const json& object, int depth, Struct* out) {
  for (const auto& [key, value] : object.items()) {
    SetValue(value, depth, &(*out->mutable_fields())[key]);
  }
}

json ParseNumber(double number) {
  constexpr double kExactBelow = 9007199254740992.0;  // 2^53
  if (!std::isfinite(number)) {
    return nullptr;
  }
  if (std::abs(number) < kExactBelow && std::trunc(number) == number) {
    return static_cast<int64_t>(number);
  }
  return number;
}

}  // namespace

// Protobuf reads no message deeper than 100 levels.
// NOLINTNEXTLINE(misc-no-recursion)
json ParseMetadataValue(const Value& value) {
  switch (value.kind_case()) {
    case Value::kNumberValue:
      return ParseNumber(value.number_value());
    case Value::kStringValue:
      return value.string_value();
    case Value::kBoolValue:
      return value.bool_value();
    case Value::kStructValue:
      return ParseMetadata(value.struct_value());
    case Value::kListValue: {
      json list = json::array();
      for (const Value& element : value.list_value().values()) {
        list.push_back(ParseMetadataValue(element));
      }
      return list;
    }
    default:
      return nullptr;
  }
}

// NOLINTNEXTLINE(misc-no-recursion): see above.
json ParseMetadata(const Struct& metadata) {
  json object = json::object();
  for (const auto& [key, value] : metadata.fields()) {
    object[key] = ParseMetadataValue(value);
  }
  return object;
}

void SetMetadata(std::string_view json_text, Struct* out) {
  out->Clear();
  if (json_text.size() <= 2) {  // "{}", the usual case
    return;
  }
  const json object = json::parse(json_text, nullptr, false);
  if (object.is_object()) {
    SetObject(object, 1, out);
  }
}

}  // namespace footnote::service
