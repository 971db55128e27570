#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <string>

namespace habitd {

/// A range to draw from, both ends included.
struct drawn_range {
  double low = 0;
  double high = 0;
};

/// Habits that a simulated home has (detectors.md E13, "default habits").
struct habit_options {
  int clock = 8;              // turned on or off at a time of day
  int shared_clock_pairs = 1; // two more each: same time, independent of one another
  int stopping = 0;           // of `clock`: end two thirds through the span
  int drifting = 0;           // of `clock`: one minute later every day
  drawn_range clock_sd{6, 6}; // minutes
  drawn_range clock_adherence{0.85, 0.85};
  double workday_share = 0.2; // of `clock`: Monday to Friday only
  double weekend_share = 0;   // of `clock`: Saturday and Sunday only
  double off_share = 0.2;     // of `clock`: turned off at the time, not on

  int triggers = 4; // one entity follows another
  int chains = 1;   // A, B, C: two triggers each
  int forks = 1;    // one trigger with two responses: two triggers each
  drawn_range trigger_probability{0.6, 0.9};
  drawn_range trigger_lag{5, 40};     // median, seconds
  drawn_range trigger_per_day{4, 10}; // how often the first entity is turned on
  double lag_sigma = 0.4;             // of the lag's logarithm

  int durations = 0;  // things that stay on for about as long each time
  int programmes = 0; // machines with two lengths, run 0.8 times a day
  drawn_range uses_per_day{1, 4};
  drawn_range length_sigma{0.08, 0.25}; // of the lengths' logarithms

  double noise_per_day = 2; // unrelated activations of each entity with a clock habit
};

/// What a simulated home has besides: none of it is a habit.
struct distractor_options {
  int noise = 20; // entities turned on at random, morning and evening
  drawn_range noise_per_day{1, 12};
  double together =
    0;               // share of noise in the home's few busy half hours of a day: all its
                     // entities are then active at once, in no order
  int bursty = 2;    // 25 activations within ten minutes, now and then
  int reporters = 1; // flip every 60 seconds
  int periodic = 1;  // turn on every 37 minutes
  int automation_pairs = 2;  // one entity switched by an automation on another
  int timed_automations = 1; // switched by an automation at a fixed time
  int groups = 1;            // a light group and its three members
  int flaky = 2;             // of the noise entities: unavailable at times
  int climate = 2;           // attribute updates only
  int restarts = 2;          // of Home Assistant, a minute or two
  int outages = 1;           // hours without a row, then a restart
  int guest_days = 0;        // three times the noise
};

struct simulation_options {
  std::uint64_t seed = 1;
  int days = 30;
  local_day first_date{20'514}; // 2026-03-02, a Monday
  std::string time_zone = "Europe/Berlin";
  int entities = 120;             // those left over are numeric sensors
  double events_per_day = 20'000; // rows of numeric sensors together
  habit_options habits;
  distractor_options distractors;
  double duplicate_share = 0.0005; // of NDJSON lines: written twice
  double disorder_share = 0.0005;  // of NDJSON lines: written up to 20 lines late
};

} // namespace habitd
