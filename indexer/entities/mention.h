// Entities and their mentions in a text.

#pragma once

#include <cstdint>
#include <string>

namespace footnote::entities {

// A normalised thing that mentions point to.
struct Entity {
  std::string type;  // "ORG"; upper-case letters, digits, '_', at most 32
  std::string id;    // stable within its type, "anthropic"; at most 128 bytes
  std::string name;  // for people, "Anthropic"
};

// One occurrence of an entity: a span of bytes in the text it was found in.
struct Mention {
  uint32_t start = 0;
  uint32_t end = 0;     // exclusive
  uint32_t entity = 0;  // index into the recogniser's entities()
};

}  // namespace footnote::entities
