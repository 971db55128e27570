#pragma once

#include "messages/error.hpp"

#include <string>
#include <string_view>

namespace habitd {

/// What a `db_url` of Home Assistant names, or another address: the file of one for SQLite;
/// nothing for what is no address.
/// @errors ec::invalid_input: a database server or a web address; says what to do, and shows
///         no password.
expected<std::string> file_of_url(const std::string& url);

/// The address without what stands before its host: "mysql://core-mariadb/homeassistant".
std::string without_secrets(const std::string& url);

/// What a file is that habitd knows and can't read, with what to do, judged by its beginning;
/// empty if it is none of them.
std::string known_unreadable(std::string_view head);

} // namespace habitd
