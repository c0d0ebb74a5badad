// EXPECT-GCC: {"kith: Note::mood is a column of type an enum; `mood` cannot be compared with text"}
// EXPECT-CLANG: {"kith: Note::mood is a column of "}
#include <kith/kith.hpp>

using namespace kith::literals;

enum class Mood { calm, merry };
template <>
struct kith::EnumNames<Mood> {
    static constexpr kith::EnumName<Mood> names[]{{Mood::calm, "calm"}, {Mood::merry, "merry"}};
};

struct Note {
    kith::PrimaryKey<> id{};
    Mood mood{};
};

void use(const kith::Database& db) { (void)db.objects<Note>().filter("mood"_f = "calm"); }
