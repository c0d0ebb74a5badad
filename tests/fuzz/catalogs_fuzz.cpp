#include "fuzz/fuzz.hpp"
#include "inspect/models.hpp"
#include "inspect/schema.hpp"

#include <kith/database.hpp>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

/// Files of SQLite from strangers, damaged ones among them: their catalogue is read and becomes models, or there is an
/// error.

using namespace fuzz;

namespace {

/// A file that is removed when the program ends.
class File {
public:
    File() {
        const int file = mkstemp(name_.data());
        require(file >= 0, "there is room for a file");
        close(file);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { std::remove(name_.c_str()); }

    void write(const std::uint8_t* data, std::size_t size) const {
        auto* const file = std::fopen(name_.c_str(), "wb");
        require(file != nullptr && std::fwrite(data, 1, size, file) == size, "there is room for the data");
        (void)std::fclose(file);
    }
    std::string url() const { return "sqlite:" + name_ + "?read_only=1&untrusted=1"; }

private:
    static std::string folder() {
        const auto* const given = std::getenv("TMPDIR");
        return given != nullptr ? given : "/tmp";
    }
    std::string name_{folder() + "/kith-fuzz-XXXXXX"};
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const File file;
    file.write(data, size);
    (void)answered([&] {
        const auto db = kith::connect(file.url());
        const auto schema = kith::inspect::read_schema(db);
        const kith::inspect::Models models(schema);
        for (const auto& table : schema.tables) {
            (void)answered([&] { (void)models.of(table.name); });
        }
    });
    return 0;
}
