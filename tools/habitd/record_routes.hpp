#pragma once

#include "http/message.hpp"
#include "storage/record_store.hpp"

#include <string>
#include <utility>
#include <vector>

namespace habitd {

using record_list = std::vector<std::pair<std::string, std::string>>; // id, JSON

/// A page of records.
/// @param found  one more than `limit`, if there are as many.
http_response records_response(const expected<record_list>& found, std::size_t limit);

/// Pages through the records of a family, ascending by id.
http_handler list_records(const record_store& records);

/// One record by the `id` in the path.
/// @param what  names the kind in "no pattern with id …".
http_handler one_record(const record_store& records, const char* what);

} // namespace habitd
