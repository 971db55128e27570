#include "tests/faults/disk.hpp"

#include "tests/faults/power_cut.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace habitd::faults {

namespace {

std::pair<std::string, std::string> split(const std::string& path) {
  const auto slash = path.rfind('/');
  return {path.substr(0, slash), path.substr(slash + 1)};
}

disk_node_ptr copy_of(const disk_node_ptr& node,
                      std::map<disk_node_ptr, disk_node_ptr>& copies) {
  if (!node)
    return nullptr;
  auto& copy = copies[node];
  if (copy)
    return copy;
  copy = std::make_shared<disk_node>(*node);
  const auto result = copy; // `copies` may grow
  for (auto* names : {&result->names, &result->durable})
    for (auto& [name, child] : *names)
      child = copy_of(child, copies);
  for (auto& change : result->pending)
    for (auto& [name, child] : change)
      child = copy_of(child, copies);
  return result;
}

void change_names(const name_change& change,
                  std::map<std::string, disk_node_ptr>& names) {
  for (const auto& [name, node] : change)
    if (node)
      names[name] = node;
    else
      names.erase(name);
}

} // namespace

disk::disk(std::uint64_t seed) : root_{std::make_shared<disk_node>()}, random_{seed} {
  root_->is_directory = true;
}

std::shared_ptr<disk> disk::copy(std::uint64_t seed) const {
  const std::scoped_lock lock{mutex_};
  auto result = std::make_shared<disk>(seed);
  std::map<disk_node_ptr, disk_node_ptr> copies;
  result->root_ = copy_of(root_, copies);
  return result;
}

void disk::fail(disk_call kind, std::uint64_t n) {
  disarm();
  const std::scoped_lock lock{mutex_};
  failing_ = {kind, n};
}

void disk::cut_power_at(std::uint64_t n) {
  disarm();
  const std::scoped_lock lock{mutex_};
  last_call_ = n;
}

void disk::spare_background() {
  const std::scoped_lock lock{mutex_};
  cut_in_ = std::this_thread::get_id();
}

void disk::cut_power() {
  const std::scoped_lock lock{mutex_};
  power_off_ = true;
}

void disk::disarm() {
  const std::scoped_lock lock{mutex_};
  counts_ = {};
  failing_.reset();
  last_call_.reset();
  failed_call_.clear();
}

void disk::fill() {
  const std::scoped_lock lock{mutex_};
  full_ = true;
}

void disk::free() {
  const std::scoped_lock lock{mutex_};
  full_ = false;
}

bool disk::power_is_off() const {
  const std::scoped_lock lock{mutex_};
  return power_off_;
}

std::uint64_t disk::calls() const {
  const std::scoped_lock lock{mutex_};
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t disk::calls(disk_call kind) const {
  const std::scoped_lock lock{mutex_};
  return counts_[static_cast<std::size_t>(kind)];
}

std::string disk::failed_call() const {
  const std::scoped_lock lock{mutex_};
  return failed_call_;
}

void disk::cut(std::uint64_t seed) {
  const std::scoped_lock lock{mutex_};
  std::mt19937_64 random{seed};
  leave_durable(*root_, random);
  full_ = false;
  let_go();
}

void disk::release() {
  const std::scoped_lock lock{mutex_};
  let_go();
}

void disk::let_go() {
  power_off_ = false;
  locked_.clear();
  counts_ = {};
  failing_.reset();
  last_call_.reset();
  failed_call_.clear();
}

disk::memory disk::memory_taken() const {
  const std::scoped_lock lock{mutex_};
  memory taken;
  for (const auto& made : files_)
    if (const auto file = made.lock()) {
      taken.written += file->bytes.size();
      taken.allocated += file->bytes.capacity();
    }
  return taken;
}

std::string disk::flip(std::mt19937_64& random) {
  const std::scoped_lock lock{mutex_};
  std::vector<std::pair<std::string, disk_node_ptr>> files;
  std::uint64_t stored = 0;
  const std::function<void(const std::string&, const disk_node_ptr&)> collect =
    [&](const std::string& path, const disk_node_ptr& node) {
      for (const auto& [name, child] : node->names)
        collect(path + "/" + name, child);
      stored += node->bytes.size();
      if (!node->bytes.empty())
        files.emplace_back(path, node);
    };
  collect("", root_);
  // Every file is as likely as any other: CURRENT has 16 bytes, tables have most.
  auto& [path, file] = files.at(random() % files.size());
  const auto byte = random() % file->bytes.size();
  const auto bit = random() % 8;
  file->bytes[byte] = static_cast<char>(file->bytes[byte] ^ (1 << bit));
  return "bit " + std::to_string(bit) + " of byte " + std::to_string(byte) + " of " +
         path + " (" + std::to_string(file->bytes.size()) + " bytes)";
}

disk_result disk::begin_call(disk_call kind, const std::string& path) {
  if (power_off_)
    return disk_result::io_error;
  const auto n = ++counts_[static_cast<std::size_t>(kind)];
  const auto all = std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  const auto name_it = [&] {
    failed_call_ = std::string{disk_call_names[static_cast<std::size_t>(kind)]} + " " +
                   std::to_string(n) + " (" + path + ")";
  };
  if (last_call_ && all >= *last_call_ &&
      (!cut_in_ || *cut_in_ == std::this_thread::get_id())) {
    power_off_ = true;
    name_it();
    return disk_result::io_error;
  }
  if (failing_ && failing_->first == kind && failing_->second == n) {
    failing_.reset();
    name_it();
    return disk_result::io_error;
  }
  if (full_ && (kind == disk_call::write || kind == disk_call::create))
    return disk_result::no_space;
  return disk_result::ok;
}

disk_node_ptr disk::at(const std::string& path) const {
  auto node = root_;
  for (std::size_t begin = 1; node && begin < path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto child = node->names.find(path.substr(begin, end - begin));
    node = child == node->names.end() ? nullptr : child->second;
    begin = end + 1;
  }
  return node;
}

/// The power may go in the midst of a call: then the change is there and not yet durable.
disk_result disk::change_name(disk_call kind, const std::string& path,
                              const disk_node_ptr& to) {
  const auto [parent_path, name] = split(path);
  const auto parent = at(parent_path);
  if (!parent)
    return disk_result::not_found;
  const bool was_on = !power_off_;
  const auto result = begin_call(kind, path);
  if (result == disk_result::ok || (was_on && power_off_)) {
    parent->pending.push_back({{name, to}});
    change_names(parent->pending.back(), parent->names);
  }
  return result;
}

disk_node_ptr disk::new_file() {
  auto file = std::make_shared<disk_node>();
  std::erase_if(files_, [](const auto& made) { return made.expired(); });
  files_.push_back(file);
  return file;
}

disk_result disk::create(const std::string& path, disk_node_ptr& file) {
  const std::scoped_lock lock{mutex_};
  file = new_file();
  return change_name(disk_call::create, path, file);
}

disk_result disk::reopen(const std::string& path, disk_node_ptr& file) {
  const std::scoped_lock lock{mutex_};
  file = at(path);
  if (file)
    return begin_call(disk_call::create, path);
  file = new_file();
  return change_name(disk_call::create, path, file);
}

disk_result disk::make_directory(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  if (at(path))
    return disk_result::exists;
  auto directory = std::make_shared<disk_node>();
  directory->is_directory = true;
  return change_name(disk_call::create, path, directory);
}

disk_result disk::remove(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  return at(path) ? change_name(disk_call::remove, path, nullptr)
                  : disk_result::not_found;
}

disk_result disk::rename(const std::string& from, const std::string& to) {
  const std::scoped_lock lock{mutex_};
  const auto [from_parent, from_name] = split(from);
  const auto [to_parent, to_name] = split(to);
  const auto source = at(from_parent), target = at(to_parent), node = at(from);
  if (!source || !target || !node)
    return disk_result::not_found;
  const bool was_on = !power_off_;
  const auto result = begin_call(disk_call::rename, to);
  if (result != disk_result::ok && !(was_on && power_off_))
    return result; // a cut in the midst of it: done, and not yet durable
  if (source == target) {
    source->pending.push_back({{from_name, nullptr}, {to_name, node}});
    change_names(source->pending.back(), source->names);
  } else {
    target->pending.push_back({{to_name, node}});
    change_names(target->pending.back(), target->names);
    source->pending.push_back({{from_name, nullptr}});
    change_names(source->pending.back(), source->names);
  }
  return result;
}

disk_result disk::link(const std::string& from, const std::string& to) {
  const std::scoped_lock lock{mutex_};
  const auto node = at(from);
  return node ? change_name(disk_call::create, to, node) : disk_result::not_found;
}

disk_result disk::append(disk_node& file, const std::string& path,
                         std::string_view bytes) {
  const std::scoped_lock lock{mutex_};
  const bool was_on = !power_off_;
  const auto result = begin_call(disk_call::write, path);
  if (result != disk_result::ok) {
    if (!was_on)
      return result;
    if (!power_off_) // some of it got through
      bytes = bytes.substr(0, random_() % (bytes.size() + 1));
  }
  if (bytes.empty())
    return result;
  file.unsynced.push_back({file.bytes.size(), file.bytes.size() + bytes.size()});
  file.bytes += bytes;
  return result;
}

disk_result disk::truncate(disk_node& file, std::size_t size) {
  const std::scoped_lock lock{mutex_};
  file.bytes.resize(size);
  for (auto& piece : file.unsynced)
    piece.end = std::min(piece.end, size);
  std::erase_if(file.unsynced,
                [](const unsynced_piece& piece) { return piece.begin >= piece.end; });
  return disk_result::ok;
}

disk_result disk::sync(disk_node& node, const std::string& path) {
  const std::scoped_lock lock{mutex_};
  const auto result = begin_call(disk_call::sync, path);
  if (result != disk_result::ok) {
    if (!power_off_)
      for (auto& piece : node.unsynced)
        piece.sync_failed = true;
    return result;
  }
  std::erase_if(node.unsynced,
                [](const unsynced_piece& piece) { return !piece.sync_failed; });
  for (const auto& change : node.pending)
    change_names(change, node.durable);
  node.pending.clear();
  return result;
}

disk_node_ptr disk::find(const std::string& path) const {
  const std::scoped_lock lock{mutex_};
  return at(path);
}

std::size_t disk::read(const disk_node& file, std::uint64_t from, std::size_t most,
                       char* to) const {
  const std::scoped_lock lock{mutex_};
  return from < file.bytes.size() ? file.bytes.copy(to, most, from) : 0;
}

std::size_t disk::size(const disk_node& file) const {
  const std::scoped_lock lock{mutex_};
  return file.bytes.size();
}

std::vector<std::string> disk::children(const disk_node& directory) const {
  const std::scoped_lock lock{mutex_};
  std::vector<std::string> result;
  for (const auto& [name, node] : directory.names)
    result.push_back(name);
  return result;
}

bool disk::lock(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  if (std::find(locked_.begin(), locked_.end(), path) != locked_.end())
    return false;
  locked_.push_back(path);
  return true;
}

void disk::unlock(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  std::erase(locked_, path);
}

} // namespace habitd::faults
