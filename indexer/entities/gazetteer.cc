#include "indexer/entities/gazetteer.h"

#include <cstddef>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "indexer/base/sha256.h"
#include "indexer/base/varint.h"
#include "indexer/entities/name_trie.h"
#include "indexer/text/code_points.h"
#include "indexer/text/names.h"

namespace footnote::entities {
namespace {

// Raise it when the rules of Find() change.
constexpr std::string_view kVersion = "gazetteer1";

using FoldedNames = std::unordered_map<std::string, uint32_t>;

bool IsAsciiWord(unsigned char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_';
}

// The code points that a table is made for: beyond are rare ones.
constexpr char32_t kPlaneSize = 0x10000;

bool IsSurrogate(char32_t code_point) { return code_point >> 11 == 0x1B; }

bool IsPlainAscii(unsigned char byte) { return byte > ' ' && byte < 0x80; }

}  // namespace

struct Gazetteer::Trie {
  std::vector<Entity> entities;
  std::vector<std::vector<std::string>> names;  // by entity; its own first
  NameTrie trie;
  // Whether a name may start with a code point, for those below kPlaneSize.
  std::vector<bool> starts;

  // Makes `trie` and `starts` from the names.
  void Build();
  void FillStarts();
  // Returns the mention that starts at `at`; one that ends at 0 if there is
  // none. *folded is scratch space.
  Mention LongestAt(std::string_view text, size_t at,
                    std::string* folded) const;
  NameTrie::Node StepCharacter(NameTrie::Node node, std::string_view text,
                               size_t* at, std::string* folded) const;
  size_t NextStart(std::string_view text, size_t at) const;
};

void Gazetteer::Trie::Build() {
  FoldedNames values;  // the first to come has a name
  for (uint32_t i = 0; i < names.size(); ++i) {
    for (const std::string& name : names[i]) {
      values.try_emplace(text::FoldName(name), i);
    }
  }
  for (uint32_t i = 0; i < names.size(); ++i) {
    for (const std::string& name : names[i]) {
      values.try_emplace(text::FoldName(text::ToCapitals(name)), i);
    }
  }
  values.erase("");
  trie = NameTrie(NameTrie::Names(values.begin(), values.end()));
  FillStarts();
}

void Gazetteer::Trie::FillStarts() {
  starts.assign(kPlaneSize, false);
  std::string character;
  std::string folded;
  for (char32_t code_point = 0; code_point < kPlaneSize; ++code_point) {
    if (IsSurrogate(code_point)) {
      continue;
    }
    character.clear();
    text::AppendCodePoint(code_point, &character);
    size_t end = 0;
    const NameTrie::Node node =
        StepCharacter(NameTrie::kRoot, character, &end, &folded);
    starts[code_point] = node != NameTrie::kNoNode && node != NameTrie::kRoot;
  }
}

// Moves from `node` by the character at text[*at], and *at past it.
NameTrie::Node Gazetteer::Trie::StepCharacter(NameTrie::Node node,
                                              std::string_view text, size_t* at,
                                              std::string* folded) const {
  const auto byte = static_cast<unsigned char>(text[*at]);
  if (IsPlainAscii(byte)) {
    ++*at;
    return trie.Step(node, byte);
  }
  folded->clear();
  *at = text::FoldNameCharacter(text, *at, folded);
  for (const char c : *folded) {
    if (node == NameTrie::kNoNode) {
      break;
    }
    node = trie.Step(node, static_cast<unsigned char>(c));
  }
  return node;
}

Mention Gazetteer::Trie::LongestAt(std::string_view text, size_t at,
                                   std::string* folded) const {
  Mention longest;
  NameTrie::Node longest_node = NameTrie::kRoot;
  size_t end = at;
  NameTrie::Node node = StepCharacter(NameTrie::kRoot, text, &end, folded);
  while (node != NameTrie::kNoNode && node != NameTrie::kRoot) {
    if (trie.value(node) != NameTrie::kNoValue && node != longest_node &&
        text::IsNameEnd(text, end)) {
      longest = {static_cast<uint32_t>(at), static_cast<uint32_t>(end),
                 trie.value(node)};
      longest_node = node;
    }
    if (end >= text.size()) {
      break;
    }
    node = StepCharacter(node, text, &end, folded);
  }
  return longest.end > 0 && text::IsNameStart(text, at) ? longest : Mention();
}

// Returns the first place from `at` on, on a code point boundary, where a name
// may start, or the end.
size_t Gazetteer::Trie::NextStart(std::string_view text, size_t at) const {
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      const bool in_word =
          at > 0 && IsAsciiWord(byte) &&
          IsAsciiWord(static_cast<unsigned char>(text[at - 1]));
      if (trie.HasStart(byte) && !in_word) {
        return at;
      }
      ++at;
      continue;
    }
    const text::CodePoint current = text::DecodeAt(text, at);
    if (current.value >= kPlaneSize || starts[current.value]) {
      return at;
    }
    at = current.end;
  }
  return at;
}

Gazetteer::Gazetteer() : trie_(std::make_unique<Trie>()) {}
Gazetteer::~Gazetteer() = default;
Gazetteer::Gazetteer(Gazetteer&&) noexcept = default;
Gazetteer& Gazetteer::operator=(Gazetteer&&) noexcept = default;

Gazetteer Gazetteer::Parse(std::string_view tsv,
                           std::vector<BadLine>* bad_lines) {
  Gazetteer gazetteer;
  for (NamedEntity& named : ParseGazetteerFile(tsv, bad_lines)) {
    gazetteer.trie_->entities.push_back(std::move(named.entity));
    gazetteer.trie_->names.push_back(std::move(named.names));
  }
  gazetteer.trie_->Build();
  return gazetteer;
}

void Gazetteer::Merge(const Gazetteer& other) {
  std::map<std::pair<std::string, std::string>, size_t> places;
  for (size_t i = 0; i < trie_->entities.size(); ++i) {
    places[{trie_->entities[i].type, trie_->entities[i].id}] = i;
  }
  const Trie& added = *other.trie_;
  for (size_t i = 0; i < added.entities.size(); ++i) {
    const Entity entity = added.entities[i];
    const std::vector<std::string> names = added.names[i];
    const auto [found, is_new] =
        places.try_emplace({entity.type, entity.id}, trie_->entities.size());
    if (is_new) {
      trie_->entities.push_back(entity);
      trie_->names.push_back(names);
    } else {
      auto& known = trie_->names[found->second];
      known.insert(known.end(), names.begin(), names.end());
    }
  }
  trie_->Build();
}

std::vector<Mention> Gazetteer::Find(std::string_view text) const {
  std::vector<Mention> mentions;
  if (trie_->entities.empty()) {
    return mentions;
  }
  std::string folded;
  size_t at = trie_->NextStart(text, 0);
  while (at < text.size()) {
    const Mention mention = trie_->LongestAt(text, at, &folded);
    if (mention.end > 0) {
      mentions.push_back(mention);
      at = trie_->NextStart(text, mention.end);
    } else {
      at = trie_->NextStart(text, text::DecodeAt(text, at).end);
    }
  }
  return mentions;
}

const std::vector<Entity>& Gazetteer::entities() const {
  return trie_->entities;
}

std::string Gazetteer::Stamp() const {
  Sha256 digest;
  digest.UpdateField(kVersion);
  digest.UpdateField(text::NameFoldingStamp());
  for (size_t i = 0; i < trie_->entities.size(); ++i) {
    digest.UpdateField(trie_->entities[i].type);
    digest.UpdateField(trie_->entities[i].id);
    digest.UpdateField(std::to_string(trie_->names[i].size()));
    for (const std::string& name : trie_->names[i]) {
      digest.UpdateField(name);
    }
  }
  return ToHex(digest.Finish());
}

absl::StatusOr<std::string> Gazetteer::ToFile() const {
  std::string file;
  for (size_t i = 0; i < trie_->entities.size(); ++i) {
    const Entity& entity = trie_->entities[i];
    file += entity.type + '\t' + entity.id + '\t' + entity.name;
    for (size_t k = 1; k < trie_->names[i].size(); ++k) {
      const std::string& name = trie_->names[i][k];
      if (name.find('|') != std::string::npos) {
        return MakeError(absl::StatusCode::kUnimplemented, "GAZETTEER_SYNTAX",
                         "the name \"" + name + "\" of " + entity.id +
                             " cannot be written to a file of entities");
      }
      file += (k == 1 ? '\t' : '|') + name;
    }
    file += '\n';
  }
  return file;
}

std::string Gazetteer::Encode() const {
  std::string bytes;
  for (size_t i = 0; i < trie_->entities.size(); ++i) {
    const Entity& entity = trie_->entities[i];
    AppendField(&bytes, entity.type);
    AppendField(&bytes, entity.id);
    AppendField(&bytes, entity.name);
    AppendVarint(&bytes, trie_->names[i].size());
    for (const std::string& name : trie_->names[i]) {
      AppendField(&bytes, name);
    }
  }
  return bytes;
}

absl::StatusOr<Gazetteer> Gazetteer::Decode(std::string_view bytes) {
  Gazetteer gazetteer;
  FieldReader reader(bytes);
  while (reader.ok() && !reader.AtEnd()) {
    Entity& entity = gazetteer.trie_->entities.emplace_back();
    entity.type = reader.Field();
    entity.id = reader.Field();
    entity.name = reader.Field();
    std::vector<std::string>& names = gazetteer.trie_->names.emplace_back();
    const uint64_t count = reader.Varint();
    for (uint64_t i = 0; i < count && reader.ok(); ++i) {
      names.emplace_back(reader.Field());
    }
  }
  if (!reader.ok()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     "a list of entities is damaged");
  }
  gazetteer.trie_->Build();
  return gazetteer;
}

}  // namespace footnote::entities
