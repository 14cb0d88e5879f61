#include "client/ranking_flags.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include <google/protobuf/util/json_util.h>

namespace footnote::client {
namespace {

constexpr std::string_view kPassages = "passages/";
constexpr double kMostBoost = 100;

// Reads FIELD=NUMBER into `boosts`; returns whether it is that.
bool ParseBoost(const std::string& text, v1::FieldBoosts* boosts) {
  const size_t field_end = text.find('=');
  if (field_end == std::string::npos) {
    return false;
  }
  double value = 0;
  const auto* field =
      v1::FieldBoosts::descriptor()->FindFieldByName(text.substr(0, field_end));
  if (field == nullptr ||
      !CLI::detail::lexical_cast(text.substr(field_end + 1), value) ||
      !(value >= 0 && value <= kMostBoost)) {
    return false;
  }
  v1::FieldBoosts::GetReflection()->SetDouble(boosts, field, value);
  return true;
}

void SetId(const std::string& text, v1::ResultId* id) {
  if (text.starts_with(kPassages)) {
    id->set_passage_id(text.substr(kPassages.size()));
  } else {
    id->set_document_id(text);
  }
}

std::optional<v1::ExternalResults> ParseExternal(const std::string& json) {
  v1::ExternalResults external;
  if (!google::protobuf::util::JsonStringToMessage(json, &external).ok()) {
    return std::nullopt;
  }
  return external;
}

v1::Collapse ParseCollapse(const std::string& text) {
  return text == "exact"  ? v1::COLLAPSE_EXACT
         : text == "near" ? v1::COLLAPSE_NEAR
                          : v1::COLLAPSE_UNSPECIFIED;
}

void AddSpread(CLI::App* app, RankingFlags* flags) {
  app->add_option("--per-document", flags->per_document,
                  "The most passages of one document. Default: any number.")
      ->check(CLI::Range(1, INT32_MAX));
  app->add_option("--collapse", flags->collapse,
                  "Hides what repeats a result above it, and names it there: "
                  "exact (the same words) or near (four fifths of the runs of "
                  "three words). Default: none.")
      ->check(CLI::IsMember({"none", "exact", "near"}));
  app->add_option("--diversity", flags->diversity,
                  "Puts the first 100 results in an order in which each tells "
                  "something new, 0 to 1: how much that counts against the "
                  "score. Not with --order-by. Default: 0.")
      ->check(CLI::Range(0.0, 1.0));
}

void AddIds(CLI::App* app, RankingFlags* flags) {
  app->add_option("--pin", flags->pinned,
                  "Puts a document (by its id) or a passage (passages/ID) "
                  "first, whether it matches or not. May be given several "
                  "times.")
      ->allow_extra_args(false);
  app->add_option("--exclude", flags->excluded,
                  "Leaves a document or a passage out. May be given several "
                  "times.")
      ->allow_extra_args(false);
  app->add_option("--fuse-json", flags->external_json,
                  "Fuses the results of another system with ours: a "
                  "footnote.v1.ExternalResults in protobuf's JSON mapping, "
                  R"({"results": [{"id": {"documentId": "a"}, "score": 1}]}.)")
      ->check([](const std::string& json) {
        return ParseExternal(json)
                   ? std::string()
                   : "it is not a footnote.v1.ExternalResults in JSON";
      });
}

}  // namespace

void AddRankingFlags(CLI::App* app, RankingFlags* flags) {
  app->add_option("--order-by", flags->order_by,
                  R"(Orders by a field, as "date desc": "date" or one of )"
                  "metadata. Default: by score.");
  app->add_option("--min-relevance", flags->minimum_relevance,
                  "Leaves out passages of less relevance, 0 to 1; they are "
                  "still counted. Default: 0.")
      ->check(CLI::Range(0.0, 1.0));
  AddSpread(app, flags);
  app->add_flag("--explain", flags->explain,
                "Says what each score is made of.");
  constexpr double kMostDays = 36500;
  app->add_option("--half-life", flags->half_life_days,
                  "Makes older documents count for less: the age in days that "
                  "halves what age can take away. Default: none.")
      ->check(CLI::Range(0.001, kMostDays));
  app->add_option("--boost", flags->boosts,
                  "What words are worth by where they stand, FIELD=NUMBER, 0 "
                  "to 100: text, title, heading, neighbours, document. May be "
                  "given several times.")
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        v1::FieldBoosts boosts;
        return ParseBoost(text, &boosts)
                   ? std::string()
                   : "\"" + text + "\" is not FIELD=NUMBER";
      });
  AddIds(app, flags);
}

void SetRanking(const RankingFlags& flags, v1::SearchRequest* request) {
  request->set_order_by(flags.order_by);
  request->set_minimum_relevance(flags.minimum_relevance);
  request->set_max_passages_per_document(flags.per_document);
  request->set_collapse(ParseCollapse(flags.collapse));
  request->set_diversity(flags.diversity);
  request->set_explain(flags.explain);
  if (flags.half_life_days > 0) {
    constexpr double kSecondsOfDay = 86400;
    request->mutable_recency()->mutable_half_life()->set_seconds(
        static_cast<int64_t>(flags.half_life_days * kSecondsOfDay));
  }
  for (const std::string& text : flags.boosts) {
    ParseBoost(text, request->mutable_boosts());
  }
  for (const std::string& text : flags.pinned) {
    SetId(text, request->add_pinned());
  }
  for (const std::string& text : flags.excluded) {
    SetId(text, request->add_excluded());
  }
  if (!flags.external_json.empty()) {
    *request->mutable_external() =
        ParseExternal(flags.external_json).value_or(v1::ExternalResults());
  }
}

}  // namespace footnote::client
