#include "geonames.hpp"

#include "models.hpp"

#include <zlib.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace travel {

namespace {

constexpr std::size_t batch_size = 5'000;

/// The lines of a compressed text.
class Lines {
public:
    explicit Lines(const char* path) : file_(gzopen(path, "rb")), path_(path) {
        if (file_ == nullptr) fail();
    }

    /// The next line, without its end; empty after the last one.
    std::optional<std::string_view> next() {
        if (gzgets(file_.get(), buffer_.data(), static_cast<int>(buffer_.size())) == nullptr) {
            if (!gzeof(file_.get())) fail();
            return std::nullopt;
        }
        std::string_view line(buffer_.data());
        if (line.ends_with('\n')) line.remove_suffix(1);
        return line;
    }

private:
    [[noreturn]] void fail() const {
        throw std::runtime_error("the GeoNames extract cannot be read: " + path_);
    }
    struct Close {
        void operator()(gzFile file) const { gzclose(file); }
    };

    std::unique_ptr<std::remove_pointer_t<gzFile>, Close> file_;
    std::string path_;
    std::array<char, 1024> buffer_{};
};

/// Collects rows and writes them batch by batch. A province is written before its cities, for
/// they need its key.
class WorldWriter {
public:
    WorldWriter(const kith::Database& db, const std::function<void(std::size_t)>& loaded)
        : db_(db), loaded_(loaded) {}

    void add_province(std::string_view name) {
        province_ = db_.objects<Province>().create({.name = std::string(name)});
        ++size_.provinces;
    }
    void add_city(std::string_view name) {
        batch_.push_back({.name = std::string(name), .province = *province_});
        ++size_.cities;
        if (batch_.size() == batch_size) write_batch();
    }
    WorldSize finish() {
        write_batch();
        return size_;
    }

private:
    void write_batch() {
        db_.objects<City>().bulk_create(batch_);
        loaded_(batch_.size());
        batch_.clear();
    }

    const kith::Database& db_;
    const std::function<void(std::size_t)>& loaded_;
    kith::Ref<Province> province_;
    std::vector<City> batch_;
    WorldSize size_;
};

} // namespace

WorldSize load_world(const kith::Database& db, const std::function<void(std::size_t)>& loaded) {
    db.create_tables<Province, City, Person>();
    Lines lines(TRAVEL_DATA_FILE);
    return db.atomic([&] {
        WorldWriter writer(db, loaded);
        while (const auto line = lines.next()) {
            const auto name = line->substr(2, line->find('\t', 2) - 2);
            if (line->starts_with("P\t")) {
                writer.add_province(name);
            } else {
                writer.add_city(name);
            }
        }
        return writer.finish();
    });
}

} // namespace travel
