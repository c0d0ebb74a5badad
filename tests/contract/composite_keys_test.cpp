#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>

/// Primary keys of several columns, and foreign keys to them.

namespace composite_keys_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

struct Ticket;
struct Reservation;
struct Badge;

struct Hall {
    kith::PrimaryKey<> id{};
    std::string name{};
};

/// A key of a number and a text, of which the first refers to another table by itself.
struct Seat {
    kith::ForeignKey<Hall> hall{};
    kith::Field<std::string, kith::primary_key, kith::max_length<20>> place{};
    std::string colour{};
    kith::ReverseSet<Ticket, "seat"> tickets{};
    kith::ReverseSet<Reservation, "seat"> reservations{};
    kith::ReverseOne<Badge, "seat"> badge{};
    kith::PrefetchedSet<Ticket> some_tickets{};

    static constexpr kith::Table table{.ordering = {"hall", "place"}, .primary_key = {"hall", "place"}};
};

/// Its hall serves two relations.
struct Ticket {
    kith::PrimaryKey<> id{};
    std::string guest{};
    kith::ForeignKey<Hall> hall{};
    kith::Field<std::string, kith::max_length<20>> place{};
    kith::ForeignKey<Seat, kith::from_fields<"hall", "place">> seat{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Reservation {
    kith::PrimaryKey<> id{};
    std::string guest{};
    std::optional<std::int64_t> hall_number{};
    std::optional<std::string> seat_place{};
    kith::ForeignKey<Seat, kith::from_fields<"hall_number", "seat_place">, kith::on_delete<kith::OnDelete::set_null>>
        seat{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Badge {
    kith::PrimaryKey<> id{};
    std::int64_t hall{};
    std::string place{};
    kith::OneToOne<Seat, kith::from_fields<"hall", "place">> seat{};
};

/// Whole numbers alone, in a circle of tables.
struct Leg;
struct Flight {
    kith::Field<std::int32_t, kith::primary_key> line{};
    kith::Field<std::int16_t, kith::primary_key> day{};
    std::optional<std::int32_t> last_line{};
    std::optional<std::int16_t> last_day{};
    std::optional<std::int64_t> last_number{};
    kith::ForeignKey<Leg, kith::from_fields<"last_line", "last_day", "last_number">> last{};
    kith::ReverseSet<Leg, "flight"> legs{};

    static constexpr kith::Table table{.ordering = {"line", "day"}};
};
struct Leg {
    kith::Field<std::int32_t, kith::primary_key> line{};
    kith::Field<std::int16_t, kith::primary_key> day{};
    kith::Field<std::int64_t, kith::primary_key> number{};
    kith::ForeignKey<Flight, kith::from_fields<"line", "day">> flight{};

    static constexpr kith::Table table{.ordering = {"number"}};
};

class CompositeKeys : public FileTest {
protected:
    CompositeKeys() {
        db_.create_tables<Ticket, Reservation, Badge, Seat, Hall>();
        red_ = db_.objects<Hall>().create({.name = "Red"});
        blue_ = db_.objects<Hall>().create({.name = "Blue"});
        a1_ = db_.objects<Seat>().create({.hall = red_, .place = "A1", .colour = "gold"});
        a2_ = db_.objects<Seat>().create({.hall = red_, .place = "A2", .colour = "grey"});
        b1_ = db_.objects<Seat>().create({.hall = blue_, .place = "A1", .colour = "grey"});
        db_.objects<Ticket>().create({.guest = "Li", .seat = a1_});
        db_.objects<Ticket>().create({.guest = "Mo", .seat = b1_});
        db_.objects<Ticket>().create({.guest = "Yu", .seat = a1_});
        db_.objects<Reservation>().create({.guest = "Wu", .seat = a2_});
        db_.objects<Reservation>().create({.guest = "Xi"});
        db_.objects<Badge>().create({.seat = b1_});
        log_.clear();
    }
    template <class Work>
    std::size_t statements(Work&& work) const {
        const auto before = log_.size();
        work();
        return log_.size() - before;
    }
    template <class Rows>
    static Texts guests(const Rows& rows) {
        Texts names;
        for (const auto& row : rows) names.push_back(row.guest);
        return names;
    }

    kith::Ref<Hall> red_{};
    kith::Ref<Hall> blue_{};
    kith::Ref<Seat> a1_{};
    kith::Ref<Seat> a2_{};
    kith::Ref<Seat> b1_{};
    kith::QueryLog log_{db_};
};

} // namespace

TEST_F(CompositeKeys, Rule079_AForwardKeyIsPrefetchedInOneStatement) {
    const auto tickets = db_.objects<Ticket>().prefetch_related("seat__hall");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(tickets[0].seat->colour, "gold");
                  EXPECT_EQ(tickets[1].seat->hall->name, "Blue");
                  EXPECT_EQ(&*tickets[0].seat, &*tickets[2].seat) << "one seat, one row";
              }),
              3u);
    const auto reservations = db_.objects<Reservation>().prefetch_related("seat");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(reservations[0].seat->place, "A2");
                  EXPECT_TRUE(reservations[1].seat == nullptr);
                  EXPECT_TRUE(reservations[1].seat.is_null());
                  EXPECT_THROW((void)reservations[1].seat->place, kith::DoesNotExist);
              }),
              2u);
}

TEST_F(CompositeKeys, ASetIsPrefetchedInOneStatementAndLeadsBack) {
    const auto seats = db_.objects<Seat>().prefetch_related("tickets", "reservations", "badge");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(guests(seats[0].tickets.all()), (Texts{"Li", "Yu"}));
                  EXPECT_EQ(guests(seats[1].tickets.all()), Texts{});
                  EXPECT_EQ(guests(seats[2].tickets.all()), Texts{"Mo"});
                  EXPECT_EQ(guests(seats[1].reservations.all()), Texts{"Wu"});
                  EXPECT_EQ(&*seats[0].tickets.all()[1]->seat, &seats[0]);
                  EXPECT_TRUE(seats[0].badge == nullptr);
                  EXPECT_EQ(seats[2].badge->hall, 2);
                  EXPECT_EQ(&*seats[2].badge->seat, &seats[2]);
              }),
              4u);
}

TEST_F(CompositeKeys, APrefetchMayFilterAndSlice) {
    const auto last = db_.objects<Ticket>().order_by("-id").slice(0, 1);
    const auto seats = db_.objects<Seat>().prefetch_related(kith::Prefetch("tickets"_f, last, "some_tickets"_f));
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(guests(seats[0].some_tickets), Texts{"Yu"});
                  EXPECT_EQ(guests(seats[2].some_tickets), Texts{"Mo"});
              }),
              2u);
    const auto few = db_.objects<Seat>().prefetch_related(
        kith::Prefetch("tickets"_f, db_.objects<Ticket>().filter("guest__lt"_f = "Mz")));
    EXPECT_EQ(guests(few[0].tickets.all()), Texts{"Li"});
    EXPECT_EQ(statements([&] { EXPECT_EQ(guests(few[0].tickets.filter("id__gt"_f = 0)), Texts{"Li"}); }), 1u);
}

TEST_F(CompositeKeys, WhatWasNotLoadedIsLoadedWhenItIsRead) {
    const auto ticket = db_.objects<Ticket>().get("guest"_f = "Mo");
    EXPECT_FALSE(ticket->seat.is_null());
    EXPECT_FALSE(ticket->seat.is_loaded());
    EXPECT_EQ(statements([&] { EXPECT_EQ(ticket->seat->colour, "grey"); }), 1u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(guests(ticket->seat->tickets.all()), Texts{"Mo"}); }), 1u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(a1_->tickets.count(), 2); }), 1u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(b1_->badge->place, "A1"); }), 1u);
    const auto all = db_.objects<Ticket>().fetch_mode(kith::FetchMode::peers);
    EXPECT_EQ(statements([&] {
                  for (const Ticket& each : all) EXPECT_EQ(each.seat->place, each.place.value);
              }),
              2u);
    const Ticket copy = *ticket;
    EXPECT_EQ(statements([&] { EXPECT_EQ(copy.seat->colour, "grey"); }), 0u);
}

TEST_F(CompositeKeys, SelectRelatedJoinsOnAllColumns) {
    const auto tickets = db_.objects<Ticket>().select_related("seat__hall");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(tickets.size(), 3u);
                  EXPECT_EQ(tickets[0].seat->colour, "gold");
                  EXPECT_EQ(tickets[1].seat->hall->name, "Blue");
                  EXPECT_EQ(&*tickets[0].seat, &*tickets[2].seat) << "shared rows are read once";
              }),
              1u);
    EXPECT_NE(log_[0].sql.find("INNER JOIN"), std::string::npos) << log_[0].sql;
    EXPECT_EQ(statements([&] {
                  const auto reservations = db_.objects<Reservation>().select_related("seat");
                  EXPECT_EQ(reservations.size(), 2u);
                  EXPECT_EQ(reservations[0].seat->place, "A2");
                  EXPECT_TRUE(reservations[1].seat == nullptr);
              }),
              1u);
    EXPECT_EQ(statements([&] {
                  const auto badges = db_.objects<Seat>().select_related("badge").filter("colour"_f = "grey");
                  EXPECT_TRUE(badges[0].badge == nullptr);
                  EXPECT_EQ(badges[1].badge->place, "A1");
              }),
              1u);
}

TEST_F(CompositeKeys, ConditionsGoAcrossThem) {
    const auto tickets = db_.objects<Ticket>();
    EXPECT_EQ(guests(tickets.filter("seat__colour"_f = "gold")), (Texts{"Li", "Yu"}));
    EXPECT_EQ(guests(tickets.exclude("seat__colour"_f = "gold")), Texts{"Mo"});
    EXPECT_EQ(guests(tickets.filter("seat__hall__name"_f = "Blue")), Texts{"Mo"});
    EXPECT_EQ(guests(tickets.order_by("-seat__colour", "-id")), (Texts{"Mo", "Yu", "Li"}));
    const auto seats = db_.objects<Seat>();
    EXPECT_EQ(seats.filter("tickets__guest"_f = "Yu").size(), 1u);
    EXPECT_EQ(seats.exclude("tickets__guest"_f = "Yu").size(), 2u);
    EXPECT_EQ(seats.filter("tickets__isnull"_f = true).get()->place, "A2");
    EXPECT_EQ(seats.filter("badge__isnull"_f = false).get()->hall->name, "Blue");
    EXPECT_EQ((seats.filter("badge__hall"_f = 2).values_list<"place", "tickets__guest">()),
              (std::vector<std::tuple<std::string, std::optional<std::string>>>{{"A1", "Mo"}}));
}

TEST_F(CompositeKeys, TheRelationItselfIsComparedWithRows) {
    const auto tickets = db_.objects<Ticket>();
    EXPECT_EQ(guests(tickets.filter("seat"_f = a1_)), (Texts{"Li", "Yu"}));
    EXPECT_EQ(guests(tickets.filter("seat"_f = *b1_)), Texts{"Mo"});
    EXPECT_EQ(guests(tickets.exclude("seat"_f = a1_)), Texts{"Mo"});
    EXPECT_EQ(guests(tickets.filter("seat__in"_f = std::vector{a1_, b1_})), (Texts{"Li", "Mo", "Yu"}));
    EXPECT_EQ(guests(tickets.filter("seat__in"_f = std::vector{a2_})), Texts{});
    EXPECT_EQ(guests(tickets.filter("seat__in"_f = std::vector<kith::Ref<Seat>>{})), Texts{});
    const auto reservations = db_.objects<Reservation>();
    EXPECT_EQ(guests(reservations.filter("seat"_f = nullptr)), Texts{"Xi"});
    EXPECT_EQ(guests(reservations.filter("seat__isnull"_f = false)), Texts{"Wu"});
    EXPECT_EQ(guests(reservations.exclude("seat"_f = a2_)), Texts{"Xi"});
    EXPECT_THROW((void)tickets.filter(kith::runtime("seat") = 1), kith::ValueError);
    EXPECT_THROW((void)tickets.order_by(kith::runtime("seat")), kith::FieldError);
}

TEST_F(CompositeKeys, AssigningARowSetsTheMembers) {
    auto ticket = db_.objects<Ticket>().get("guest"_f = "Mo");
    ticket->seat = a2_;
    EXPECT_EQ(ticket->hall.key(), red_->id);
    EXPECT_EQ(ticket->place, "A2");
    EXPECT_EQ(statements([&] { EXPECT_EQ(ticket->seat->colour, "grey"); }), 0u);
    db_.save(*ticket);
    EXPECT_EQ(guests(a2_->tickets.all()), Texts{"Mo"});

    Ticket fresh{.guest = "Su"}; // an object of one's own: its members follow when it is saved
    fresh.seat = b1_;
    EXPECT_EQ(statements([&] { EXPECT_EQ(fresh.seat->colour, "grey"); }), 0u);
    db_.save(fresh);
    EXPECT_EQ(fresh.hall.key(), blue_->id);
    EXPECT_EQ(fresh.place, "A1");
    fresh.place = "A1";
    fresh.hall = red_;
    db_.save(fresh); // the members count again
    EXPECT_EQ(db_.objects<Ticket>().get("guest"_f = "Su")->seat->colour, "gold");

    Ticket by_copy{.guest = "Tu"};
    by_copy.seat = *a2_;
    db_.save(by_copy);
    EXPECT_EQ(by_copy.place, "A2");
    Ticket by_key{.guest = "Zu"};
    by_key.seat = ticket->seat;
    db_.save(by_key);
    EXPECT_EQ(by_key.place, "A2");
    EXPECT_EQ(by_key.seat->colour, "grey");

    auto other = db_.objects<Ticket>().get("guest"_f = "Li");
    other->seat = ticket->seat;
    EXPECT_EQ(other->place, "A2");
    EXPECT_EQ(&*other->seat, &*a2_);
    const auto alone = kith::detached(*other);
    EXPECT_THROW((void)alone.seat->colour, kith::NotLoaded);
    EXPECT_EQ(alone.place, "A2");
    EXPECT_THROW(other->seat = nullptr, kith::ValueError) << "its members are never NULL";
    EXPECT_THROW(other->seat = Seat{}, kith::ValueError) << "never saved";
}

TEST_F(CompositeKeys, AKeyOfOptionalMembersCanBeNull) {
    auto reservation = db_.objects<Reservation>().get("guest"_f = "Wu");
    reservation->seat = nullptr;
    EXPECT_TRUE(reservation->seat.is_null());
    EXPECT_FALSE(reservation->seat_place.has_value());
    db_.save(*reservation);
    EXPECT_EQ(db_.objects<Reservation>().filter("seat"_f = nullptr).count(), 2);
    Reservation fresh{.guest = "Ye", .hall_number = 1, .seat_place = "A1"};
    db_.save(fresh);
    EXPECT_FALSE(fresh.seat.is_null());
    EXPECT_EQ(fresh.seat->colour, "gold");
    fresh.seat = nullptr;
    EXPECT_TRUE(fresh.seat.is_null());
    db_.save(fresh);
    EXPECT_FALSE(fresh.seat_place.has_value());
}

TEST_F(CompositeKeys, SetsAreWrittenThrough) {
    const auto xi = db_.objects<Reservation>().get("guest"_f = "Xi");
    EXPECT_EQ(statements([&] { a1_->reservations.add(xi); }), 1u);
    EXPECT_EQ(xi->seat_place, "A1") << "the object that was given sees it";
    a1_->reservations.create({.guest = "Yi"});
    EXPECT_EQ(guests(a1_->reservations.all()), (Texts{"Xi", "Yi"}));
    a1_->reservations.remove(xi);
    EXPECT_TRUE(xi->seat.is_null());
    EXPECT_EQ(guests(a1_->reservations.all()), Texts{"Yi"});
    a1_->reservations.set(std::vector{xi});
    EXPECT_EQ(guests(a1_->reservations.all()), Texts{"Xi"});
    a1_->reservations.clear();
    EXPECT_EQ(a1_->reservations.count(), 0);
    EXPECT_EQ(db_.objects<Reservation>().filter("seat"_f = nullptr).count(), 2);
    a1_->tickets.all().bulk_create(std::vector<Ticket>{{.guest = "Ba"}, {.guest = "Bo"}});
    EXPECT_EQ(guests(a1_->tickets.all()), (Texts{"Li", "Yu", "Ba", "Bo"}));
}

TEST_F(CompositeKeys, TheDatabaseKnowsTheForeignKeys) {
    Ticket nowhere{.guest = "No", .place = "Z9"};
    nowhere.hall = red_;
    EXPECT_THROW(db_.save(nowhere), kith::IntegrityError);
    EXPECT_THROW(db_.objects<Badge>().create({.seat = b1_}), kith::IntegrityError) << "one badge for each seat";
    db_.remove(*a2_);
    EXPECT_TRUE(db_.objects<Reservation>().get("guest"_f = "Wu")->seat.is_null());
    db_.objects<Seat>().filter("colour"_f = "gold").remove();
    EXPECT_EQ(guests(db_.objects<Ticket>().all()), Texts{"Mo"});
    EXPECT_NO_THROW((db_.create_tables<Ticket, Reservation, Badge, Seat, Hall>())) << "once more";
    EXPECT_NO_THROW((db_.drop_tables<Ticket, Reservation, Badge, Seat, Hall>()));
}

TEST_F(CompositeKeys, TablesMayReferToEachOther) {
    db_.create_tables<Flight, Leg>();
    const auto flight = db_.objects<Flight>().create({.line = 0, .day = 7});
    db_.objects<Flight>().create({.line = 1, .day = 7});
    const auto leg = db_.objects<Leg>().create({.number = 1, .flight = flight});
    db_.objects<Leg>().create({.number = 2, .flight = flight});
    flight->last = leg;
    db_.save(*flight);
    const auto flights = db_.objects<Flight>().prefetch_related("last", "legs__flight");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(flights[0].last->number, 1);
                  EXPECT_EQ(flights[0].legs.count(), 2);
                  EXPECT_TRUE(flights[1].last == nullptr);
                  EXPECT_TRUE(flights[1].legs.all().empty());
              }),
              3u);
    db_.refresh(*flight);
    EXPECT_EQ(flight->last->number, 1);
    EXPECT_NO_THROW(db_.remove(*flight)) << "0 can be a part of a key";
    EXPECT_EQ(db_.objects<Leg>().count(), 0);
    EXPECT_NO_THROW((db_.drop_tables<Flight, Leg>()));
}

TEST_F(CompositeKeys, AnyNumberOfKeysTravelsInOneStatement) {
    std::vector<Seat> seats;
    std::vector<Ticket> tickets;
    for (int i = 0; i < 3000; ++i) {
        seats.push_back({.hall = blue_, .place = "N" + std::to_string(i)});
        tickets.push_back({.guest = "g" + std::to_string(i), .hall = blue_, .place = "N" + std::to_string(i)});
    }
    db_.objects<Seat>().bulk_create(seats);
    db_.objects<Ticket>().bulk_create(tickets);
    const auto all = db_.objects<Seat>().prefetch_related("tickets__seat");
    EXPECT_EQ(statements([&] {
                  std::size_t count = 0;
                  for (const Seat& seat : all) count += seat.tickets.all().size();
                  EXPECT_EQ(count, 3003u);
              }),
              2u)
        << "the way back is known";
    const auto streamed = db_.objects<Ticket>().prefetch_related("seat");
    std::size_t count = 0;
    for (const Ticket& ticket : streamed.iterator({.chunk_size = 1000}))
        count += ticket.seat->place->size() > 1 ? 1 : 0;
    EXPECT_EQ(count, 3003u);
}

} // namespace composite_keys_test
