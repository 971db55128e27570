#include "actors/detector/time_of_day/place.hpp"

namespace habitd {

void put_place(byte_writer& out, const clock_place& of) {
  out.number(of.item);
  out.number(0); // all detectors once shared one layout, in which this is the response
  out.number(of.begin);
  out.number(of.width);
  out.number(of.centre);
  out.number(static_cast<std::uint64_t>(of.days));
}

void read_place(byte_reader& in, clock_place& of) {
  of.item = in.number_up_to(book_format::any_number);
  in.number_up_to(0);
  of.begin = static_cast<std::uint16_t>(in.number_up_to(bins_per_day - 1));
  of.width = static_cast<std::uint16_t>(in.number_up_to(bins_per_day));
  of.centre = in.number_up_to(86'399);
  of.days = static_cast<day_type>(in.number_up_to(2));
}

} // namespace habitd
