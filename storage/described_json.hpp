#pragma once

#include "messages/time_text.hpp"
#include "storage/json_time.hpp"

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include <concepts>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace habitd {

// The JSON of records that Boost.Describe knows. Reading ignores unknown fields and gives
// missing or odd ones their default, so that records outlive versions.

template <class T>
concept described_struct =
  std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept described_enum = boost::describe::has_describe_enumerators<T>::value;

inline boost::json::value to_value(const std::string& text) {
  return boost::json::string{text};
}
inline boost::json::value to_value(bool flag) {
  return flag;
}
inline boost::json::value to_value(wall_time at) {
  return instant_json(at);
}
template <std::integral Number>
boost::json::value to_value(Number number) {
  if constexpr (std::is_signed_v<Number>)
    return static_cast<std::int64_t>(number);
  else
    return static_cast<std::uint64_t>(number);
}
inline boost::json::value to_value(double number) {
  return number;
}
template <described_enum Enum>
boost::json::value to_value(Enum word) {
  return boost::json::string{boost::describe::enum_to_string(word, "")};
}
template <described_struct Record>
boost::json::value to_value(const Record& record);
template <class T>
boost::json::value to_value(const std::vector<T>& list) {
  boost::json::array array;
  array.reserve(list.size());
  for (const auto& item : list)
    array.push_back(to_value(item));
  return array;
}
template <described_struct Record>
boost::json::value to_value(const Record& record) {
  boost::json::object object;
  using members = boost::describe::describe_members<Record, boost::describe::mod_public>;
  boost::mp11::mp_for_each<members>(
    [&](auto member) { object[member.name] = to_value(record.*member.pointer); });
  return object;
}

inline void read_value(const boost::json::value& from, std::string& to) {
  if (const auto* text = from.if_string())
    to.assign(text->data(), text->size());
}
inline void read_value(const boost::json::value& from, bool& to) {
  if (const auto* flag = from.if_bool())
    to = *flag;
}
inline void read_value(const boost::json::value& from, wall_time& to) {
  if (const auto* text = from.if_string())
    if (const auto at = parse_utc({text->data(), text->size()}))
      to = *at;
}
inline void read_value(const boost::json::value& from, double& to) {
  boost::system::error_code failed;
  const auto number = from.to_number<double>(failed);
  if (!failed)
    to = number;
}
template <std::integral Number>
void read_value(const boost::json::value& from, Number& to) {
  boost::system::error_code failed;
  const auto number = from.to_number<Number>(failed);
  if (!failed)
    to = number;
}
template <described_enum Enum>
void read_value(const boost::json::value& from, Enum& to) {
  if (const auto* text = from.if_string())
    boost::describe::enum_from_string(std::string{text->data(), text->size()}.c_str(),
                                      to);
}
template <described_struct Record>
void read_value(const boost::json::value& from, Record& to);
template <class T>
void read_value(const boost::json::value& from, std::vector<T>& to) {
  const auto* array = from.if_array();
  if (!array)
    return;
  to.clear();
  for (const auto& item : *array) {
    T value{};
    read_value(item, value);
    to.push_back(std::move(value));
  }
}
template <described_struct Record>
void read_value(const boost::json::value& from, Record& to) {
  const auto* object = from.if_object();
  if (!object)
    return;
  using members = boost::describe::describe_members<Record, boost::describe::mod_public>;
  boost::mp11::mp_for_each<members>([&](auto member) {
    if (const auto* value = object->if_contains(member.name))
      read_value(*value, to.*member.pointer);
  });
}

/// @errors ec::corrupt_data unless `text` is an object.
template <described_struct Record>
expected<Record> read_record(std::string_view text, const char* what) {
  boost::system::error_code failed;
  const auto value = boost::json::parse({text.data(), text.size()}, failed);
  if (failed || !value.is_object())
    return make_error(ec::corrupt_data, std::string{"not a "} + what + " record");
  Record record;
  read_value(value, record);
  return record;
}

} // namespace habitd
