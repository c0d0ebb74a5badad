#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace bench {

/// A copy of a database file, in the same folder, for writing; removed at the end. On a server bench/databases.py has
/// made one.
class ScratchCopy {
public:
    explicit ScratchCopy(const std::string& original) : path_(original) {
        if (original.find("://") != std::string::npos) return;
        path_ += ".copy-" + std::to_string(getpid());
        std::filesystem::copy_file(original, path_);
        is_file_ = true;
    }
    ScratchCopy(const ScratchCopy&) = delete;
    ScratchCopy& operator=(const ScratchCopy&) = delete;
    ~ScratchCopy() {
        if (!is_file_) return;
        std::error_code ignored;
        for (const auto* suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix, ignored);
    }

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
    bool is_file_{false};
};

} // namespace bench
