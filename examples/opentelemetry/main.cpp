#include "otlp_file.hpp"

#include <kith/kith.hpp>

#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <string>

/// Asks a small database some questions, and writes a trace of them: `opentelemetry trace.jsonl`.
using namespace kith::literals;

struct City;
struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{};
};
struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
};
struct Person {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<City> visitation{};
};

namespace {

void fill(const kith::Database& db) {
    db.create_tables<Province, City, Person>();
    const auto hubei = db.objects<Province>().create({.name = "Hubei"});
    const auto wuhan = db.objects<City>().create({.name = "Wuhan", .province = hubei});
    const auto shiyan = db.objects<City>().create({.name = "Shiyan", .province = hubei});
    db.objects<Person>().create({.name = "Zhang San"})->visitation.add(wuhan, shiyan);
    db.objects<Person>().create({.name = "Li Si"})->visitation.add(wuhan);
}

void work(const kith::Database& db) {
    for (const Person& person : db.objects<Person>().prefetch_related("visitation__province")) {
        for (const City& city : person.visitation.all()) {
            fmt::print("{} was in {}, {}\n", person.name, city.name, city.province->name);
        }
    }
    db.atomic([&] {
        db.objects<City>().filter("name"_f = "Shiyan").update("name"_f = "Shiyan City");
        (void)db.objects<City>().count();
    });
    try {
        City nowhere{.name = "Atlantis"};
        nowhere.province.set_key(99);
        db.save(nowhere);
    } catch (const kith::IntegrityError&) {
        fmt::print("there is no province 99\n"); // and the trace shows the statement that failed
    }
}

} // namespace

int main(int argc, char** argv) try {
    const std::string path = argc > 1 ? argv[1] : "trace.jsonl";
    const auto db = kith::connect("sqlite::memory:");
    fill(db);
    OtlpFile file(path, "kith-example");
    const auto tracing = db.on_trace(file.tracer());
    work(db);
    fmt::print("the trace is in {}\n", path);
} catch (const std::exception& error) {
    std::fputs((std::string("opentelemetry: ") + error.what() + "\n").c_str(), stderr);
    return 1;
}
