#include "tests/faults/fault_fs.hpp"

#include <cstring>

namespace habitd::faults {

namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus to_status(disk_result result, const std::string& path) {
  switch (result) {
  case disk_result::ok:
    return IOStatus::OK();
  case disk_result::io_error:
    return IOStatus::IOError(path, "Input/output error");
  case disk_result::no_space: {
    auto full = IOStatus::NoSpace(path, "No space left on device");
    full.SetRetryable(true); // as the real file system says
    return full;
  }
  case disk_result::exists:
    return IOStatus::IOError(path, "File exists");
  case disk_result::not_found:
    break;
  }
  return IOStatus::PathNotFound(path, "No such file or directory");
}

class sequential_file final : public rocksdb::FSSequentialFile {
public:
  sequential_file(std::shared_ptr<disk> on, disk_node_ptr file)
      : on_{std::move(on)}, file_{std::move(file)} {}

  IOStatus Read(std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    *result = Slice{scratch, on_->read(*file_, at_, n, scratch)};
    at_ += result->size();
    return IOStatus::OK();
  }
  IOStatus Skip(std::uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

private:
  std::shared_ptr<disk> on_;
  disk_node_ptr file_;
  std::uint64_t at_ = 0;
};

class random_access_file final : public rocksdb::FSRandomAccessFile {
public:
  random_access_file(std::shared_ptr<disk> on, disk_node_ptr file)
      : on_{std::move(on)}, file_{std::move(file)} {}

  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result,
                char* scratch, IODebugContext*) const override {
    *result = Slice{scratch, on_->read(*file_, offset, n, scratch)};
    return IOStatus::OK();
  }

private:
  std::shared_ptr<disk> on_;
  disk_node_ptr file_;
};

class writable_file final : public rocksdb::FSWritableFile {
public:
  writable_file(std::shared_ptr<disk> on, disk_node_ptr file, std::string path)
      : on_{std::move(on)}, file_{std::move(file)}, path_{std::move(path)} {}

  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return to_status(on_->append(*file_, path_, {data.data(), data.size()}), path_);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    return to_status(on_->truncate(*file_, size), path_);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return to_status(on_->sync(*file_, path_), path_);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    return on_->size(*file_);
  }

private:
  std::shared_ptr<disk> on_;
  disk_node_ptr file_;
  std::string path_;
};

class directory final : public rocksdb::FSDirectory {
public:
  directory(std::shared_ptr<disk> on, disk_node_ptr node, std::string path)
      : on_{std::move(on)}, node_{std::move(node)}, path_{std::move(path)} {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return to_status(on_->sync(*node_, path_), path_);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

private:
  std::shared_ptr<disk> on_;
  disk_node_ptr node_;
  std::string path_;
};

struct file_lock final : rocksdb::FileLock {
  explicit file_lock(std::string path) : path{std::move(path)} {}
  std::string path;
};

/// "/home/store", whatever slashes it came with.
std::string normal(const std::string& path) {
  std::string result;
  for (const char c : path)
    if (c != '/' || result.empty() || result.back() != '/')
      result += c;
  if (result.size() > 1 && result.back() == '/')
    result.pop_back();
  return result;
}

class fault_fs final : public rocksdb::FileSystem {
public:
  explicit fault_fs(std::shared_ptr<disk> on) : on_{std::move(on)} {}

  static const char* kClassName() { return "FaultFS"; }
  const char* Name() const override { return kClassName(); }

  IOStatus NewSequentialFile(const std::string& name, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext*) override {
    return open<sequential_file>(name, *result);
  }
  IOStatus NewRandomAccessFile(const std::string& name, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                               IODebugContext*) override {
    return open<random_access_file>(name, *result);
  }
  IOStatus NewWritableFile(const std::string& name, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext*) override {
    disk_node_ptr file;
    const auto path = normal(name);
    const auto made = on_->create(path, file);
    if (made == disk_result::ok)
      *result = std::make_unique<writable_file>(on_, file, path);
    return to_status(made, path);
  }
  IOStatus ReopenWritableFile(const std::string& name, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              IODebugContext*) override {
    disk_node_ptr file;
    const auto path = normal(name);
    const auto made = on_->reopen(path, file);
    if (made == disk_result::ok)
      *result = std::make_unique<writable_file>(on_, file, path);
    return to_status(made, path);
  }
  IOStatus NewDirectory(const std::string& name, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* result,
                        IODebugContext*) override {
    const auto path = normal(name);
    const auto node = on_->find(path);
    if (!node || !node->is_directory)
      return to_status(disk_result::not_found, path);
    *result = std::make_unique<directory>(on_, node, path);
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& name, const IOOptions&,
                      IODebugContext*) override {
    return on_->find(normal(name)) ? IOStatus::OK() : IOStatus::NotFound(name);
  }
  IOStatus GetChildren(const std::string& name, const IOOptions&,
                       std::vector<std::string>* result, IODebugContext*) override {
    const auto node = on_->find(normal(name));
    if (!node || !node->is_directory)
      return IOStatus::NotFound(name, "No such directory");
    *result = on_->children(*node);
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions&,
                      IODebugContext*) override {
    return to_status(on_->remove(normal(name)), name);
  }
  IOStatus Truncate(const std::string& name, std::size_t size, const IOOptions&,
                    IODebugContext*) override {
    const auto node = on_->find(normal(name));
    return to_status(node ? on_->truncate(*node, size) : disk_result::not_found, name);
  }
  IOStatus CreateDir(const std::string& name, const IOOptions&,
                     IODebugContext*) override {
    return to_status(on_->make_directory(normal(name)), name);
  }
  IOStatus CreateDirIfMissing(const std::string& name, const IOOptions&,
                              IODebugContext*) override {
    const auto made = on_->make_directory(normal(name));
    return made == disk_result::exists ? IOStatus::OK() : to_status(made, name);
  }
  IOStatus DeleteDir(const std::string& name, const IOOptions&,
                     IODebugContext*) override {
    return to_status(on_->remove(normal(name)), name);
  }
  IOStatus GetFileSize(const std::string& name, const IOOptions&, std::uint64_t* size,
                       IODebugContext*) override {
    const auto node = on_->find(normal(name));
    *size = node ? on_->size(*node) : 0;
    return to_status(node ? disk_result::ok : disk_result::not_found, name);
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&,
                                   std::uint64_t* time, IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return to_status(on_->rename(normal(from), normal(to)), to);
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions&,
                    IODebugContext*) override {
    return to_status(on_->link(normal(from), normal(to)), to);
  }
  IOStatus LockFile(const std::string& name, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    const auto path = normal(name);
    if (!on_->lock(path))
      return IOStatus::IOError("lock " + path, "Resource temporarily unavailable");
    *lock = new file_lock{path};
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&,
                      IODebugContext*) override {
    const std::unique_ptr<file_lock> held{static_cast<file_lock*>(lock)};
    on_->unlock(held->path);
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path,
                            IODebugContext*) override {
    *path = "/";
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& name, const IOOptions&, std::string* path,
                           IODebugContext*) override {
    *path = normal(name);
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& name, const IOOptions&, bool* is_directory,
                       IODebugContext*) override {
    const auto node = on_->find(normal(name));
    *is_directory = node && node->is_directory;
    return to_status(node ? disk_result::ok : disk_result::not_found, name);
  }

private:
  template <class File, class Interface>
  IOStatus open(const std::string& name, std::unique_ptr<Interface>& result) {
    const auto node = on_->find(normal(name));
    if (!node || node->is_directory)
      return to_status(disk_result::not_found, name);
    result = std::make_unique<File>(on_, node);
    return IOStatus::OK();
  }

  std::shared_ptr<disk> on_;
};

} // namespace

std::shared_ptr<rocksdb::FileSystem> make_fault_fs(std::shared_ptr<disk> on) {
  return std::make_shared<fault_fs>(std::move(on));
}

} // namespace habitd::faults
