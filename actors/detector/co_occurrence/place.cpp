#include "actors/detector/co_occurrence/place.hpp"

namespace habitd {

void put_place(byte_writer& out, const pair_place& of) {
  out.number(of.trigger);
  out.number(of.response);
  out.number(0); // all detectors once shared one layout: these were a time of day's
  out.number(of.window);
  out.number(0);
  out.number(0);
}

void read_place(byte_reader& in, pair_place& of) {
  of.trigger = in.number_up_to(book_format::any_number);
  of.response = in.number_up_to(book_format::any_number);
  in.number_up_to(0);
  of.window = static_cast<std::uint16_t>(in.number_up_to(3600));
  in.number_up_to(0);
  in.number_up_to(0);
}

} // namespace habitd
