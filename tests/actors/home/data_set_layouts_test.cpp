#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

std::string second(const std::string& sensors) {
  std::string line;
  for (const char c : sensors)
    line += std::string{c} + " ";
  return line + "12 17\r\n";
}

const std::string all_off(20, '0');

std::string with(std::size_t sensor) {
  auto result = all_off;
  result[sensor - 1] = '1';
  return result;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a matrix of seconds becomes the changes in it, day after day") {
  const scratch_folder folder;
  const auto file =
    write_archive(folder.path() / "aras.tar.gz",
                  {{"README", "Each file contains 86400 lines\n"},
                   {"DAY_10.txt", second(with(3))},
                   {"DAY_2.txt", second(with(3)) + second(all_off)},
                   {"DAY_1.txt", second(all_off) + second(with(3)) + second(with(3))}});

  const auto source = read_all(file);

  REQUIRE(source);
  CHECK(states_of(*source, "binary_sensor.sensor_3") ==
        texts{"2012-01-01T23:00:00.000Z off", "2012-01-01T23:00:01.000Z on",
              "2012-01-02T23:00:01.000Z off", "2012-01-10T23:00:00.000Z on"});
  CHECK(source->rows.size() == 20 + 3);
}

TEST_CASE("a bad second of a matrix takes its second all the same") {
  const scratch_folder folder;
  const auto file =
    folder.write("DAY_1.txt", second(all_off) + "0 0 7\n" + second(with(1)));

  const auto source = read_all(file);

  REQUIRE(source);
  CHECK(source->problems.bad_rows == 1);
  CHECK(states_of(*source, "binary_sensor.sensor_1").back() ==
        "2012-01-01T23:00:02.000Z on");
}

TEST_CASE("impulses are on and off at once, windows are open or closed") {
  const scratch_folder folder;
  const auto file =
    folder.write("week.csv", "date,time,node,room,type,value\n"
                             "2020.07.20.,00:00:30,node06,nappali,co2,421.0\n"
                             "2020.07.20.,00:00:31,node06,nappali,mot,1.0\n"
                             "2020.07.20.,00:00:32,node06,nappali,mot,1.0\n"
                             "2020.07.20.,00:00:33,node11,nappali,win,0.0\n"
                             "2020.07.20.,00:00:34,node11,nappali,win,2.0\n"
                             "2020.07.20.,00:00:99,node11,nappali,win,0.0\n");

  const auto source = read_all(file);

  REQUIRE(source);
  CHECK(source->rows.at(0).entity == "sensor.node06_nappali_co2");
  CHECK(states_of(*source, "binary_sensor.node06_nappali_mot") ==
        texts{"2020-07-19T22:00:31.000Z on", "2020-07-19T22:00:31.001Z off",
              "2020-07-19T22:00:32.000Z on", "2020-07-19T22:00:32.001Z off"});
  CHECK(states_of(*source, "binary_sensor.node11_nappali_win") ==
        texts{"2020-07-19T22:00:33.000Z off", "2020-07-19T22:00:34.000Z on"});
  CHECK(source->problems.bad_rows == 1);
}

TEST_CASE("every interval is an on row and an off row with known old states") {
  const scratch_folder folder;
  const auto file =
    folder.write("sense.txt", "Start time: when it fired\r\n"
                              "Start time\tEnd time\tID\tVal\r\n"
                              "----------\t--------\t--\t---\r\n"
                              "25-Feb-2008 00:20:14\t25-Feb-2008 00:22:57\t24\t1\t\r\n"
                              "25-Feb-2008 00:30:00\t25-Feb-2008 00:30:00\t5\t1\r\n"
                              "25-Feb-2008 00:40:00\t25-Feb-2008 00:39:00\t5\t1\r\n"
                              "Length: 3");

  const auto source = read_all(file);

  REQUIRE(source);
  REQUIRE(source->rows.size() == 4);
  CHECK(states_of(*source, "binary_sensor.sensor_24") ==
        texts{"2008-02-24T23:20:14.000Z on", "2008-02-24T23:22:57.000Z off"});
  CHECK(source->rows[0].old_state == "off");
  CHECK(source->rows[1].old_state == "on");
  CHECK(source->rows[3].ms == source->rows[2].ms + 1); // an end after its beginning
  CHECK(source->problems.first == texts{"sense.txt:6: ends before it begins"});
}

TEST_CASE("intervals of what people did are not taken for sensors") {
  const scratch_folder folder;
  const auto file = write_archive(
    folder.path() / "home.zip",
    {{"houseD-as.txt", "27-Mar-2003 06:42:04\t27-Mar-2003 06:45:55\t15\n"},
     {"houseD-ss.txt", "27-Mar-2003 06:43:40\t27-Mar-2003 06:43:43\t114\n"}});

  const auto source = read_all(file);

  REQUIRE(source);
  REQUIRE(source->rows.size() == 2);
  CHECK(source->rows[0].entity == "binary_sensor.sensor_114");
}

} // namespace habitd
