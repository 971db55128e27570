#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

whole_source read(const std::string& content, const std::string& format = {}) {
  const scratch_folder folder;
  const auto source = read_all(folder.write("home.csv", content), format);
  INFO(failure_of(source));
  REQUIRE(source);
  return *source;
}

} // namespace

TEST_CASE("a history downloaded from Home Assistant is read") {
  const auto source = read("entity_id,state,last_changed\r\n"
                           "light.hall,off,2026-11-22T06:05:00.000Z\r\n"
                           "light.hall,on,2026-11-22T06:06:00.123Z\r\n"
                           "light.bath,on,2026-11-22T06:06:01.000Z\r\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].before == previous::unspecified);
  CHECK(source.rows[1].at == "2026-11-22T06:06:00.123Z");
  CHECK(source.rows[1].entity == "light.hall");
  CHECK(source.rows[1].state == "on");
  CHECK(source.rows[1].old_state == "off");
  CHECK(source.rows[1].kind == row_kind::change);
  CHECK(source.rows[1].by == cause::unknown);
  CHECK(source.rows[2].before == previous::unspecified);
  CHECK(source.progress == 1);
}

TEST_CASE("a state that repeats is a row with the same state before") {
  const auto source = read("time,entity,state\n"
                           "2026-11-22 07:00:00,light.hall,on\n"
                           "2026-11-22 07:01:00,light.hall,on\n"
                           "2026-11-22 07:02:00,light.hall,off\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].at == "2026-11-22T06:00:00.000Z"); // local time of the home
  CHECK(source.rows[1].old_state == "on");
  CHECK(source.rows[2].kind == row_kind::change);
  CHECK(source.rows[2].old_state == "on");
}

TEST_CASE("columns are found by name with any delimiter, quoted or not") {
  const auto* const content =
    GENERATE("Date;Time;Sensor;Value\n2026-11-22;07:00:00;light.hall;on\n",
             "\"value\"\t\"timestamp\"\t\"device\"\n\"on\"\t1795327200\t\"light.hall\"\n",
             "state,last_updated,entity_id\non,1795327200000,light.hall\n",
             "extra,state, last_changed ,entity_id\n\"a,b\",on,1795327200.0,light.hall\n",
             "\xEF\xBB\xBFtime,entity_id,state\n2026-11-22T06:00:00Z,light.hall,on\n");

  const auto source = read(content);

  CAPTURE(content);
  REQUIRE(source.rows.size() == 1);
  CHECK(source.rows[0].at == "2026-11-22T06:00:00.000Z");
  CHECK(source.rows[0].entity == "light.hall");
  CHECK(source.rows[0].state == "on");
  CHECK(source.problems.bad_rows == 0);
}

TEST_CASE("quoted fields may hold delimiters, quotes and line ends") {
  const auto source = read("entity_id,state,time\n"
                           "sensor.note,\"a \"\"b\"\", c\",1795327200\n"
                           "sensor.note,\"two\nlines\",1795327201\n"
                           "sensor.note,x,1795327202\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].state == "a \"b\", c");
  CHECK(source.rows[1].state == "two\nlines");
  CHECK(source.rows[2].state == "x");
}

TEST_CASE("a quote that is never closed spoils its own line only") {
  std::string content = "entity_id,state,time\nsensor.note,\"oops,1795327200\n";
  for (int i = 0; i < 50; ++i)
    content += "light.hall," + std::string{i % 2 ? "on" : "off"} + "," +
               std::to_string(1795327201 + i) + "\n";

  const auto source = read(content);

  CHECK(source.rows.size() == 50);
  CHECK(source.problems.bad_rows == 1);
}

TEST_CASE("contexts, old states and both times are used where they are") {
  const auto source =
    read("entity_id,state,last_changed,last_updated,old_state,context_id,context_user_id,"
         "context_parent_id\n"
         "light.a,on,1795327200,1795327200,off,01ARZ3NDEKTSV4RRFFQ69G5FAV,,\n"
         "light.b,on,1795327200,1795327200,,01ARZ3NDEKTSV4RRFFQ69G5FAV,u1,\n"
         "light.c,on,1795320000,1795327200,on,01ARZ3NDEKTSV4RRFFQ69G5FAV,,p1\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].by == cause::physical);
  CHECK(source.rows[0].old_state == "off");
  CHECK(source.rows[1].by == cause::person);
  CHECK(source.rows[1].before == previous::unspecified); // empty says nothing
  CHECK(source.rows[2].by == cause::automation);
  CHECK(source.rows[2].kind == row_kind::attributes);
  CHECK(source.rows[0].act != 0);
  CHECK(source.rows[0].act == source.rows[2].act);
}

TEST_CASE("names that are no entity ids become some, by their first value") {
  const auto source = read("time,device,value\n"
                           "2011-11-28 02:27:59.000,Bedroom Bed Pressure,True\n"
                           "2011-11-28 02:28:59.000,Outside temperature,7.5\n"
                           "2011-11-28 10:18:11.000,Bedroom Bed Pressure,False\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].entity == "binary_sensor.bedroom_bed_pressure");
  CHECK(source.rows[1].entity == "sensor.outside_temperature");
  CHECK(source.rows[2].old_state == "True");
}

TEST_CASE("bad rows are counted with their places, and reading goes on") {
  const auto source = read("entity_id,state,time\n"
                           "light.a,on,2026-11-22T25:61:00Z\n"
                           "light.a\n"
                           ",on,1795327200\n"
                           "light.a,on,1979-01-01T00:00:00Z\n"
                           "light.a,on,4102444800\n"
                           "light.a," +
                           std::string(300, 'x') +
                           ",1795327200\n"
                           "\n"
                           "light.a,on,1795327200\n");

  CHECK(source.rows.size() == 1);
  CHECK(source.problems.bad_rows == 4);
  CHECK(source.problems.out_of_range == 2);
  REQUIRE(source.problems.first.size() == 5);
  CHECK(source.problems.first[0] == "home.csv:2: no such time: 2026-11-22T25:61:00Z");
  CHECK(source.problems.first[1] == "home.csv:3: 1 fields where 3 are needed");
  CHECK(source.problems.first[2] == "home.csv:4: no entity");
  CHECK(source.problems.first[3].find("home.csv:5: time before 1980") == 0);
}

TEST_CASE("a line of ten megabytes is skipped and counted") {
  const auto source = read("entity_id,state,time\n"
                           "light.a,on,1795327200\n"
                           "light.a," +
                           std::string(10 << 20, 'x') +
                           ",1795327201\n"
                           "light.a,off,1795327202\n");

  CHECK(source.rows.size() == 2);
  CHECK(source.problems.bad_rows == 1);
  CHECK(source.problems.first.at(0) == "home.csv:3: line of over 1 MB");
}

TEST_CASE("columns of today's recorder are times, the first that holds one counts") {
  const auto* const content =
    GENERATE("entity_id,state,last_updated_ts\nlight.a,on,1795327200.0\n",
             "entity_id,state,last_changed_ts,last_updated_ts\nlight.a,on,,1795327200\n",
             "entity_id,state,last_changed,last_changed_ts,last_updated,last_updated_ts\n"
             "light.a,on,,,,1795327200\n",
             "entity_id,state,last_changed,last_updated\nlight.a,on,1795327200,\n",
             ",entity_id,state,last_changed,last_updated\n" // as pandas writes it
             "0,light.a,on,NaT,2026-11-22 06:00:00+00:00\n",
             "m.entity_id|s.state|s.last_updated_ts\nlight.a|on|1795327200.0\n",
             "entity_id\tstate\tlast_changed_ts\tlast_updated_ts\n"
             "light.a\ton\tNULL\t1795327200\n");

  const auto source = read(content);

  CAPTURE(content);
  REQUIRE(source.rows.size() == 1);
  CHECK(source.rows[0].at == "2026-11-22T06:00:00.000Z");
  CHECK(source.rows[0].entity == "light.a");
  CHECK(source.rows[0].kind == row_kind::change);
  CHECK(source.problems.bad_rows == 0);
}

TEST_CASE("exports of InfluxDB 1 join domain and object id, also from tags") {
  const auto source =
    read("name,tags,time,domain,entity_id,state,value\n"
         "state,,1795327200000000000,light,kitchen,off,0\n"
         "state,,1795327201000000000,switch,kitchen,on,1\n"
         "name,tags,time,value\n"
         "W,\"domain=light,entity_id=kitchen\",1795327202000000000,1\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].entity == "light.kitchen");
  CHECK(source.rows[0].state == "off");
  CHECK(source.rows[1].entity == "switch.kitchen");
  CHECK(source.rows[2].entity == "light.kitchen");
  CHECK(source.rows[2].state == "1");
  CHECK(source.rows[2].at == "2026-11-22T06:00:02.000Z");
  CHECK(source.problems.bad_rows == 0);
}

TEST_CASE(
  "annotated exports of InfluxDB 2 are read table by table, attributes left out") {
  const std::string table =
    "#group,false,false,true,true,false,false,true,true,true,true\r\n"
    "#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,string,"
    "string,string,string,string\r\n"
    "#default,_result,,,,,,,,,\r\n"
    ",result,table,_start,_stop,_time,_value,_field,_measurement,domain,entity_id\r\n";
  const std::string row = ",,0,2026-11-01T00:00:00Z,2026-11-30T00:00:00Z,";
  const auto source = read(
    table + row + "2026-11-22T06:00:00Z,off,state,light.kitchen,light,kitchen\r\n" + row +
    "2026-11-22T06:01:00Z,on,state,light.kitchen,light,kitchen\r\n\r\n" + table + row +
    "2026-11-22T06:01:00Z,200,brightness,light.kitchen,light,kitchen\r\n" + row +
    "2026-11-22T06:01:00Z,21.5,value,C,sensor,outside\r\n");

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[1].entity == "light.kitchen");
  CHECK(source.rows[1].old_state == "off");
  CHECK(source.rows[2].entity == "sensor.outside");
  CHECK(source.problems.bad_rows == 0);
}

TEST_CASE("a state of 255 characters is legal, whatever their bytes") {
  std::string state;
  for (int i = 0; i < 255; ++i)
    state += "\u0439";

  const auto source = read("entity_id,state,time\nsensor.text," + state +
                           ",1795327200\nsensor.text,x" + state + ",1795327201\n");

  CHECK(source.rows.size() == 1);
  CHECK(source.problems.bad_rows == 1);
}

TEST_CASE("a bad row's words are UTF-8, whatever its bytes") {
  const auto source = read("entity_id,state,time\nlight.a,on,1795327200\n"
                           "light.a,on,sp\xe4ter\n");

  REQUIRE(source.problems.first.size() == 1);
  CHECK(source.problems.first[0] == "home.csv:3: no such time: sp\\xe4ter");
}

} // namespace habitd
