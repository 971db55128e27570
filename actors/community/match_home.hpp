#pragma once

#include "actors/community/home_registry.hpp"
#include "messages/blueprint.hpp"

#include <string>
#include <vector>

namespace habitd {

/// Whether a home has what an input wants.
enum class input_fit : std::uint8_t {
  found,     // and here it is
  free,      // a number, a time, an action …: nothing a home has or lacks
  unknown,   // it has no selector: only its description says what it takes
  creatable, // no device is wanting, but a helper that a person makes in a minute
  missing,
};

struct input_match {
  std::string key;
  std::string name;     // of the input, else its key
  std::string selector; // "entity", …
  input_fit fit{};
  bool is_needed = true;               // neither optional nor hidden
  std::string wants{};                 // "binary_sensor (motion)", for people
  std::vector<std::string> candidates; // ids of entities, devices, areas; the best first
  bool operator==(const input_match&) const = default;
};

/// How a blueprint fits a home.
struct home_match {
  std::vector<input_match> inputs; // those that want something of the home, or a person
  std::size_t missing = 0;         // needed inputs that are not there
  std::size_t creatable = 0;       // needed helpers that are to be made first
  std::size_t open = 0;            // needed inputs that a person fills
  bool is_runnable() const { return missing == 0; }
  bool operator==(const home_match&) const = default;
};

constexpr std::size_t most_candidates = 10; // told per input

/// Fits the inputs of a blueprint to what a home has. Of several candidates those come first
/// that are in the area where most inputs find something.
home_match match_home(const std::vector<blueprint_input>& inputs,
                      const home_registry& home);

/// Whether an entity is what one of the wishes asks for; without wishes any entity is.
bool fits(const home_registry& home, const home_entity& entity,
          const blueprint_input& input);

/// What an input wants, for people: "binary_sensor (motion)", "device of zha".
std::string wish_words(const blueprint_input& input);

/// "found", …
std::string_view fit_word(input_fit fit);

} // namespace habitd
