#include "actors/standards/folder_source.hpp"

#include "actors/standards/seed_standards.hpp"

namespace habitd {

fetch_document folder_source(std::filesystem::path folder) {
  return [folder = std::move(folder)](const fetch_task& task) {
    auto text = read_document(folder / task.document.path);
    if (!text)
      return fetch_failed(describe(text.error()));
    fetched_text result;
    result.what = fetched_text::kind::text;
    result.text = std::move(*text);
    result.origin = "folder";
    return result;
  };
}

fetch_document source_by_record(fetch_document http, fetch_document folder,
                                fetch_document research) {
  return [=](const fetch_task& task) {
    const auto& source = task.document.source;
    const auto& fetch = source == "folder"     ? folder
                        : source == "research" ? research
                                               : http;
    return fetch ? fetch(task)
                 : fetch_failed("its source (" + source + ") is not set up");
  };
}

} // namespace habitd
