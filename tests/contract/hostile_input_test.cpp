#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Texts made to become SQL, given to everything that takes a name or a value at run time. A name that is none of the
/// model's is refused before a statement is sent; a value is stored, found and returned as it is.

namespace hostile_input_test {

using namespace kith::literals;
using namespace travel;

namespace {

const std::vector<std::string>& payloads() {
    static const std::vector<std::string> texts{
        "'",
        "\"",
        "`",
        "[name]",
        ";",
        "%",
        "_",
        "%s%d%n",
        "$1",
        "?",
        ":name",
        "#",
        "--",
        "/*",
        "*/",
        "\\",
        "\\'",
        "\\\"",
        "'; DROP TABLE \"province\"; --",
        "\" = \"\" OR \"1\" = \"1",
        "` OR 1=1 #",
        "1) OR (1=1",
        "1 UNION SELECT 1, 2 --",
        "name' AS x",
        "\n",
        "\r\nname",
        "\t ",
        "\x1b[31mred",
        "\xe2\x80\xae"
        "eman",             // U+202E: right to left
        "\xef\xbb\xbfname", // a byte order mark
        "_connector",
        "_negated",
        "pk",
        "__",
        "name__exact__",
        "province.name",
        "sqlite_master",
        "information_schema.tables",
        "NULL",
        "DEFAULT",
        "{}",
        "{0}",
        "\xca\xbc", // a letter that some character sets make a quote of
        "99999999999999999999999999",
        std::string(3000, 'a'),
        std::string(1, '\0') + "name",
        std::string("name\0", 5),
    };
    return texts;
}

using Give = std::function<void(const std::string& name)>;

class HostileInput : public TravelTest {
protected:
    /// Everything that takes a name at run time.
    std::vector<std::pair<std::string, Give>> takers() const {
        const auto cities = objects<City>();
        const auto people = objects<Person>();
        return {
            {"filter", [=](const auto& name) { (void)cities.filter(kith::runtime(name) = "x").size(); }},
            {"filter by a lookup",
             [=](const auto& name) { (void)cities.filter(kith::runtime("name__" + name) = 1).size(); }},
            {"filter across",
             [=](const auto& name) { (void)cities.filter(kith::runtime("province__" + name) = 1).size(); }},
            {"filter by another column",
             [=](const auto& name) { (void)cities.filter("name"_f = kith::runtime(name)).size(); }},
            {"exclude", [=](const auto& name) { (void)cities.exclude(kith::runtime(name) = 1).size(); }},
            {"get", [=](const auto& name) { (void)cities.get(kith::runtime(name) = 1); }},
            {"order_by", [=](const auto& name) { (void)cities.order_by(kith::runtime(name)).size(); }},
            {"order_by, descending",
             [=](const auto& name) { (void)cities.order_by(kith::runtime("-" + name)).size(); }},
            {"select_related", [=](const auto& name) { (void)cities.select_related(kith::runtime(name)).size(); }},
            {"prefetch_related", [=](const auto& name) { (void)cities.prefetch_related(kith::runtime(name)).size(); }},
            {"prefetch_related, two steps",
             [=](const auto& name) { (void)cities.prefetch_related(kith::runtime("province__" + name)).size(); }},
            {"the slot of a Prefetch",
             [=, this](const auto& name) {
                 (void)people.prefetch_related(kith::Prefetch("visitation"_f, objects<City>(), kith::runtime(name)))
                     .size();
             }},
            {"annotate",
             [=](const auto& name) { (void)cities.annotate(kith::runtime(name) = kith::Count("visitors"_f)).size(); }},
            {"an aggregate", [=](const auto& name) { (void)cities.aggregate(kith::Count(kith::runtime(name))); }},
            {"update", [=](const auto& name) { (void)cities.update(kith::runtime(name) = "x"); }},
        };
    }
};

/// Whether a terminal or a log shows the text as one line, from left to right.
bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }) &&
           text.find("\xe2\x80\xae") == std::string_view::npos;
}

} // namespace

TEST_F(HostileInput, NamesAreRefusedBeforeAnythingIsSent) {
    const auto rows = objects<City>().count() + objects<Person>().count() + objects<Province>().count();
    for (const auto& [api, give] : takers()) {
        for (const auto& payload : payloads()) {
            // What every model has, and the random order.
            if (payload == "pk" || (payload == "?" && api.starts_with("order_by"))) continue;
            const auto place = api + " given " + payload.substr(0, 40);
            log_.clear();
            try {
                give(payload);
                ADD_FAILURE() << place << ": nothing was thrown";
            } catch (const kith::FieldError& error) {
                EXPECT_TRUE(is_plain(error.what())) << place << ": " << error.what();
                EXPECT_LE(std::string(error.what()).size(), 4000u) << place;
            } catch (const kith::ValueError& error) {
                EXPECT_TRUE(is_plain(error.what())) << place << ": " << error.what();
                EXPECT_LE(std::string(error.what()).size(), 4000u) << place;
            }
            EXPECT_EQ(log_.size(), 0u) << place << ": " << (log_.size() > 0 ? log_[0].sql : "");
        }
    }
    EXPECT_EQ(objects<City>().count() + objects<Person>().count() + objects<Province>().count(), rows);
}

TEST_F(HostileInput, ValuesStayValues) {
    const auto provinces = objects<Province>();
    const auto before = provinces.count();
    for (const auto& payload : payloads()) {
        SCOPED_TRACE(payload.substr(0, 40));
        kith::Ref<Province> row;
        try {
            row = provinces.create({.name = payload});
        } catch (const kith::ValueError&) {
            EXPECT_NE(payload.find('\0'), std::string::npos) << "only NUL may be refused";
            continue;
        }
        EXPECT_EQ(provinces.get("id"_f = row->id)->name, payload);
        const auto only = [&](const auto& condition) {
            const auto found = provinces.filter(condition);
            EXPECT_EQ(found.size(), 1u);
            EXPECT_EQ(found.empty() ? 0 : std::int64_t(found[0].id), std::int64_t(row->id));
        };
        only("name"_f = payload);
        only("name__in"_f = std::vector{payload, payload + "x"});
        only(kith::runtime("name") = payload);
        const auto matches = [&](const auto& condition) {
            EXPECT_TRUE(provinces.filter(condition).filter("id"_f = row->id).exists());
            EXPECT_FALSE(provinces.filter(condition).filter("name"_f = "Hubei Province").exists()) << "no wildcard";
        };
        if (payload != "a" && std::string("Hubei Province").find(payload) == std::string::npos) {
            if (on_sqlite() && payload.find('\0') != std::string::npos) {
                EXPECT_THROW(matches("name__contains"_f = payload), kith::ValueError);
            } else {
                matches("name__contains"_f = payload);
                matches("name__startswith"_f = payload);
                matches("name__endswith"_f = payload);
                matches("name__icontains"_f = payload);
                matches("name__iexact"_f = payload);
            }
        }
        EXPECT_EQ(provinces.filter("id"_f = row->id).update("name"_f = payload + payload), 1);
        EXPECT_EQ(provinces.get("id"_f = row->id)->name, payload + payload);
        EXPECT_EQ(provinces.filter("name"_f = payload + payload).remove(), 1);
    }
    EXPECT_EQ(provinces.count(), before);
}

TEST_F(HostileInput, AValueThatIsNotThereNeverRemovesTheCondition) {
    const std::optional<std::string> absent;
    EXPECT_EQ(objects<Province>().filter("name"_f = absent).count(), 0);
    EXPECT_EQ(objects<Province>().filter(kith::runtime("name") = absent).count(), 0);
    EXPECT_EQ(objects<Province>().filter("name__in"_f = std::vector<std::string>{}).count(), 0);
    EXPECT_EQ(objects<Province>().filter("name__in"_f = std::vector<std::string>{}).update("name"_f = "x"), 0);
    EXPECT_EQ(objects<Province>().filter("name__in"_f = std::vector<std::string>{}).remove(), 0);
    EXPECT_EQ(objects<Province>().count(), 2);
}

} // namespace hostile_input_test
