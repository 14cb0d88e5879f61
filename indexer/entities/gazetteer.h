// Finds the names of a list in texts.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/entities/gazetteer_file.h"
#include "indexer/entities/mention.h"

namespace footnote::entities {

// A list of entities with their names and aliases, ready to be searched for.
// Immutable and thread-safe once made.
//
// The file is UTF-8, tab-separated: type, id, name, aliases ('|' between
// them; the column may be missing or empty). '#' starts a comment line; a
// first line "type<TAB>id…" is a header.
class Gazetteer {
 public:
  // Reads the text of such a file. Lines of one (type, id) with the same name
  // are one entity. Two entities may share an alias: the first in the file has
  // it; as written in the list goes before wholly in capitals.
  // Passes over bad lines and adds them to *bad_lines (kInvalidArgument
  // GAZETTEER_SYNTAX, naming the piece): fewer than three columns or more than
  // four, an empty or ill-formed type or id, an empty name or one over 512
  // bytes, another name for a (type, id), bytes that are no UTF-8.
  static Gazetteer Parse(std::string_view tsv, std::vector<BadLine>* bad_lines);

  Gazetteer();  // without entities: finds nothing
  ~Gazetteer();
  Gazetteer(Gazetteer&&) noexcept;
  Gazetteer& operator=(Gazetteer&&) noexcept;

  // Adds the entities of `other`; those of the same (type, id) gain its
  // aliases (and its name as one) and keep their name.
  void Merge(const Gazetteer& other);

  // Returns the mentions in valid UTF-8 `text`, by start, without overlap: at
  // each place the longest name, at word boundaries only ("Amazonia" holds no
  // "Amazon"; "Amazon's" and "Amazon-backed" do). Apart from accents, width,
  // kinds of white space, dashes and quotes, a name must be written as in the
  // list or wholly in capitals.
  std::vector<Mention> Find(std::string_view text) const;

  const std::vector<Entity>& entities() const;

  // Returns a digest of everything that decides what Find() returns.
  std::string Stamp() const;

  // Returns the bytes of the gazetteer, and the gazetteer of such bytes, with
  // the same stamp. The bytes are varints and length-prefixed fields: for each
  // entity type, id, name, the number of its names, and these.
  // Errors: kDataLoss INDEX_CORRUPT for other bytes.
  std::string Encode() const;
  static absl::StatusOr<Gazetteer> Decode(std::string_view bytes);

  // Returns the text of a file that Parse() reads as a gazetteer with the same
  // stamp. Errors: kUnimplemented GAZETTEER_SYNTAX where a name that was merged
  // in holds a '|', which no file can say.
  absl::StatusOr<std::string> ToFile() const;

 private:
  struct Trie;
  std::unique_ptr<Trie> trie_;
};

}  // namespace footnote::entities
