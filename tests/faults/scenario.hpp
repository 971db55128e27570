#pragma once

#include <cstdint>

namespace habitd::faults {

/// How often a scenario is run, each time from a seed of its own.
struct repetition {
  std::uint64_t seed = 1; // the first
  std::uint64_t count = 100;
  std::uint64_t every = 0;  // of a sweep's calls, every so many fail; 0: no sweep, or all
  std::uint64_t days = 365; // of a simulated year
  std::uint64_t seconds = 5; // of a slow disk
  bool repeat = false;       // each year twice, for the same digest
};

// Each prints one line, and one more for every seed that violates what must hold; false if
// there was one.

/// Power cuts at random calls to the disk, up to four in a row; `count` of them in all.
bool power_cuts(const repetition& times);

/// Every n-th write, sync, rename and create of one daily run fails once. `count` homes.
bool call_sweep(const repetition& times);

/// The disk is full for up to an hour of a job.
bool full_disk(const repetition& times);

/// Up to three stored bits turn over between two starts.
bool bit_flips(const repetition& times);

/// The real program is killed, `count` times in all.
bool kills(const repetition& times);

/// The n-th call of the real program to its disk fails, reads included: `count` runs at
/// random, or a sweep; and some on a disk whose syncs are slow.
bool disk_calls(const repetition& times);

/// The real program gets too little memory, `count` times in all.
bool little_memory(const repetition& times);

/// The disk of the real daemon takes seconds for each sync, within `count` jobs.
bool slow_disk(const repetition& times);

/// The real daemon is told to stop within a job, `count` times in all.
bool stops(const repetition& times);

/// All actors through a year of virtual time, with everything that happens to a home.
bool year(const repetition& times);

} // namespace habitd::faults
