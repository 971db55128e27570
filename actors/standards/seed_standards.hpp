#pragma once

#include "storage/home_store.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A document that habitd brings along.
struct shipped_standard {
  std::string_view id;
  std::string_view text;
};

/// habitd's own documents, as in docs/standards.
std::vector<shipped_standard> shipped_standards();

struct seed_report {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t kept = 0;
  std::vector<std::string> problems; // files that were left out, each with the reason
};

/// Brings the stored documents up to what habitd ships and a folder of Markdown holds: new
/// ones are added, changed ones get a new version. The id of a file is its path below the
/// folder without ".md"; hidden files are passed over. One that vanished stays. To be called
/// before the actors start.
/// @param folder  empty = none.
/// @errors        what the store says; a bad file is only reported.
expected<seed_report> seed_standards(home_store& store,
                                     const std::vector<shipped_standard>& shipped,
                                     const std::filesystem::path& folder, wall_time now);

/// The text of a document's file. @errors ec::invalid_input if it is too large or no
/// regular file; ec::unavailable.
expected<std::string> read_document(const std::filesystem::path& file);

} // namespace habitd
