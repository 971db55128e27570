#include "messages/error.hpp"

#include "messages/utf8.hpp"

#include <array>

namespace habitd {

ec code_of(const error& err) {
  return err && err.category() == caf::atom("habitd") ? static_cast<ec>(err.code())
                                                      : ec::unexpected;
}

std::string describe(const error& err) {
  if (!err)
    return "ok";
  if (err.category() != caf::atom("habitd"))
    return valid_utf8(to_string(err));
  constexpr auto names =
    std::array{"ok",           "not found",  "invalid input", "unavailable",
               "corrupt data", "unexpected", "busy"};
  std::string text = names.at(err.code());
  const auto& context = err.context();
  for (std::size_t i = 0; i < context.size(); ++i)
    if (context.match_element<std::string>(i))
      text += ": " + context.get_as<std::string>(i);
  return valid_utf8(text); // file names are what bytes they like
}

} // namespace habitd
