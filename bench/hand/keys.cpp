// W10: time per parent, for ten thousand to a million of them in one prefetch.

#include "hand/database.hpp"
#include "hand/models.hpp"

namespace bench::hand {

namespace {

struct Parent;

struct Child {
    std::int64_t id{0};
    std::int64_t parent_id{0};
    std::string name;
    Parent* parent{nullptr};
};

struct Parent {
    std::int64_t id{0};
    std::span<Child* const> children;
};

struct Family {
    Blocks<Parent> parents;
    Blocks<Child> children;
    std::vector<Child*> places;
};

Family load_family(Database& db, std::int64_t last) {
    const Snapshot snapshot(db);
    Family family;
    std::vector<std::int64_t> ids;
    Statement select(db, "SELECT id FROM parent WHERE id <= ?");
    select.bind(1, last);
    select.start();
    while (select.next()) {
        family.parents.append().id = select.integer(0);
        ids.push_back(select.integer(0));
    }
    Statement related(db, "SELECT c.id, c.parent_id, c.name FROM keys(?) k CROSS JOIN child c ON c.parent_id = k.key");
    const Keys keys(ids);
    related.bind(1, keys);
    related.start();
    while (related.next()) {
        auto& child = family.children.append();
        child.id = related.integer(0);
        child.parent_id = related.integer(1);
        related.text(2, child.name);
        family.places.push_back(&child);
    }
    auto* next = family.places.data();
    auto* const end = next + family.places.size();
    family.parents.each([&](Parent& parent) { // both in the order of the parents
        auto* const first = next;
        for (; next != end && (*next)->parent_id == parent.id; ++next) (*next)->parent = &parent;
        parent.children = {first, next};
    });
    return family;
}

void load_parents(Run& run, std::int64_t count) {
    Database db(run.database());
    auto family = run.measure([&] { return load_family(db, count); });
    std::uint64_t sum = 0;
    family.parents.each([&](const Parent& parent) {
        for (const auto* child : parent.children) {
            sum += number(parent.id) * 3 + number(child->id) * 5 + length(child->name);
        }
    });
    run.checksum(sum);
    run.rows(family.parents.size());
    run.statements(db.statements);
}

} // namespace

void keys_10k(Run& run) { load_parents(run, 10'000); }
void keys_100k(Run& run) { load_parents(run, 100'000); }
void keys_1m(Run& run) { load_parents(run, 1'000'000); }

} // namespace bench::hand
