// EXPECT-GCC: {"kith: Versions::second is a second kith::row_version: a model has one"}
// EXPECT-CLANG: {"kith: Versions::second is a "}
// EXPECT-CLANG: {"second kith::row_version: a "}
// EXPECT-CLANG: {"model has one"}
// EXPECT-GCC: {"kith: SmallVersion::version is a kith::row_version, which is an integer of 32 or 64 bits that is never NULL"}
// EXPECT-CLANG: {"kith: SmallVersion::version is "}
// EXPECT-CLANG: {"a kith::row_version, which is "}
// EXPECT-CLANG: {"an integer of 32 or 64 bits "}
// EXPECT-CLANG: {"that is never NULL"}
// EXPECT-GCC: {"kith: LocalTime::changed is set to the time, for which it has to be a kith::Timestamp or a kith::Date"}
// EXPECT-CLANG: {"kith: LocalTime::changed is set "}
// EXPECT-CLANG: {"to the time, for which it has "}
// EXPECT-CLANG: {"to be a kith::Timestamp or a "}
// EXPECT-CLANG: {"kith::Date"}
// EXPECT-GCC: {"kith: TwoTimes::changed is set to the time, and takes no other option that gives it a value"}
// EXPECT-CLANG: {"kith: TwoTimes::changed is set "}
// EXPECT-CLANG: {"to the time, and takes no other "}
// EXPECT-CLANG: {"option that gives it a value"}
// EXPECT-GCC: {"kith: WrongDefault::mood has a kith::default_value that it cannot hold"}
// EXPECT-CLANG: {"kith: WrongDefault::mood has a "}
// EXPECT-CLANG: {"kith::default_value that it "}
// EXPECT-CLANG: {"cannot hold"}
// EXPECT-GCC: {"kith: LargeDefault::number has a kith::default_value that it cannot hold"}
// EXPECT-CLANG: {"kith: LargeDefault::number has "}
// EXPECT-CLANG: {"a kith::default_value that it "}
// EXPECT-GCC: {"kith: NoDecimal::price has a kith::default_value that it cannot hold"}
// EXPECT-CLANG: {"kith: NoDecimal::price has a "}
// EXPECT-GCC: {"kith: TwoDefaults::number has a kith::default_value, and takes no other option that gives it a value"}
// EXPECT-CLANG: {"kith: TwoDefaults::number has a "}
// EXPECT-CLANG: {"kith::default_value, and takes "}
// EXPECT-CLANG: {"no other option that gives it a "}
// EXPECT-CLANG: {"value"}
// EXPECT-GCC: {"kith: TwoChecks::number has several kith::check: join them with AND"}
// EXPECT-CLANG: {"kith: TwoChecks::number has "}
// EXPECT-CLANG: {"several kith::check: join them "}
// EXPECT-CLANG: {"with AND"}
// EXPECT-GCC: {"kith: NoDefault::city is set to its default when the row that it refers to is deleted, and has none: add a kith::default_value"}
// EXPECT-CLANG: {"kith: NoDefault::city is set to "}
// EXPECT-CLANG: {"its default when the row that "}
// EXPECT-CLANG: {"it refers to is deleted, and "}
// EXPECT-CLANG: {"has none: add a "}
// EXPECT-CLANG: {"kith::default_value"}
// EXPECT: kith: a write sets a kith::row_version, kith::auto_now or kith::auto_now_add in the row, so that it is no Lazy column: make it a Field
#include "models.hpp"

enum class Mood : int { calm, merry };
struct Versions {
    kith::PrimaryKey<> id{};
    kith::Field<std::int32_t, kith::row_version> first{};
    kith::Field<std::int32_t, kith::row_version> second{};
};
struct SmallVersion {
    kith::PrimaryKey<> id{};
    kith::Field<std::int16_t, kith::row_version> version{};
};
struct LocalTime {
    kith::PrimaryKey<> id{};
    kith::Field<kith::LocalTimestamp, kith::auto_now> changed{};
};
struct TwoTimes {
    kith::PrimaryKey<> id{};
    kith::Field<kith::Timestamp, kith::auto_now, kith::auto_now_add> changed{};
};
struct WrongDefault {
    kith::PrimaryKey<> id{};
    kith::Field<Mood, kith::default_value<1>> mood{};
};
struct LargeDefault {
    kith::PrimaryKey<> id{};
    kith::Field<std::uint8_t, kith::default_value<256>> number{};
};
struct NoDecimal {
    kith::PrimaryKey<> id{};
    kith::Field<kith::Decimal, kith::default_value<"1.">> price{};
};
struct TwoDefaults {
    kith::PrimaryKey<> id{};
    kith::Field<std::int32_t, kith::default_value<1>, kith::server_default> number{};
};
struct TwoChecks {
    kith::PrimaryKey<> id{};
    kith::Field<std::int32_t, kith::check<"number > 0">, kith::check<"number < 9">> number{};
};
struct NoDefault {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<City, kith::on_delete<kith::OnDelete::set_default>> city{};
};
struct LazyVersion {
    kith::PrimaryKey<> id{};
    kith::Lazy<std::int32_t, kith::row_version> version{};
};

void use(const kith::Database& db) {
    db.create_tables<Versions>();
    db.create_tables<SmallVersion>();
    db.create_tables<LocalTime>();
    db.create_tables<TwoTimes>();
    db.create_tables<WrongDefault>();
    db.create_tables<LargeDefault>();
    db.create_tables<NoDecimal>();
    db.create_tables<TwoDefaults>();
    db.create_tables<TwoChecks>();
    db.create_tables<NoDefault>();
    db.create_tables<LazyVersion>();
}
