// W10: time per parent, for ten thousand to a million of them in one prefetch.

#include "kith/models.hpp"

namespace bench {

namespace {

using namespace kith::literals;

struct Child;

struct Parent {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Child, "parent"> children{};
};

struct Child {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Parent> parent{};
    std::string name{};
};

void load_parents(Run& run, std::int64_t count) {
    const auto db = connect(run.database());
    (void)db.objects<Child>().filter("parent"_f = 0).exists();
    const auto query = db.objects<Parent>().filter("id__lte"_f = count).prefetch_related("children");
    const auto parents = run.measure([&] {
        auto all = query.all();
        run.rows(all.size());
        return all;
    });
    std::uint64_t sum = 0;
    for (const Parent& parent : parents) {
        for (const Child& child : parent.children.all()) {
            sum += number(parent.id) * 3 + number(child.id) * 5 + length(child.name);
        }
    }
    run.checksum(sum);
    run.statements(count_statements(db, [&] { (void)query.all().size(); }));
}

} // namespace

void keys_10k(Run& run) { load_parents(run, 10'000); }
void keys_100k(Run& run) { load_parents(run, 100'000); }
void keys_1m(Run& run) { load_parents(run, 1'000'000); }

} // namespace bench
