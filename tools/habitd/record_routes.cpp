#include "tools/habitd/record_routes.hpp"

#include "http/page.hpp"
#include "tools/habitd/route_answers.hpp"

namespace habitd {

http_response records_response(const expected<record_list>& found, std::size_t limit) {
  if (!found)
    return to_problem(found.error());
  std::vector<std::string> items;
  std::optional<std::string> next;
  for (const auto& [id, text] : *found) {
    if (items.size() == limit) {
      next = (*found)[limit - 1].first;
      break;
    }
    items.push_back(text);
  }
  return ok(list_body(items, next));
}

http_handler list_records(const record_store& records) {
  return [&records](const http_request& request, const respond& answer) {
    const auto part = parse_page(request.query);
    if (!part)
      return answer(to_problem(part.error()));
    answer(records_response(records.list(part->after, part->limit + 1), part->limit));
  };
}

http_handler one_record(const record_store& records, const char* what) {
  return [&records, what](const http_request& request, const respond& answer) {
    const auto& id = request.path_parameters.at("id");
    const auto found = records.get(id);
    if (found)
      return answer(ok(*found));
    if (code_of(found.error()) == ec::not_found)
      return answer(problem(404, std::string{"no "} + what + " with id " + id));
    answer(to_problem(found.error()));
  };
}

} // namespace habitd
