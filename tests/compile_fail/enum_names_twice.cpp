// EXPECT: kith::EnumNames must give each enumerator one name, and each name to one enumerator
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
