// EXPECT: kith::EnumNames gives every enumerator one name, and each name to one
#include <kith/kith.hpp>

using namespace kith::literals;

enum class Mood { calm, merry };
template <>
struct kith::EnumNames<Mood> {
    static constexpr kith::EnumName<Mood> names[]{{Mood::calm, "calm"}, {Mood::merry, "calm"}};
};

struct Note {
    kith::PrimaryKey<> id{};
    Mood mood{};
};

void use(const kith::Database& db) { db.objects<Note>(); }
