#include "travel.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace kith::literals;

// [snippet enum_names]
enum class Weather : std::uint8_t { sunny, rainy };

template <>
struct kith::EnumNames<Weather> {
    static constexpr kith::EnumName<Weather> names[]{{Weather::sunny, "sunny"}, {Weather::rainy, "rainy"}};
};
// [/snippet]

namespace models_guide {

// [snippet columns]
enum class Mood : std::uint8_t { calm, merry };

struct Note {
    kith::PrimaryKey<> id{}; // the database counts: 1, 2, 3, …
    kith::Field<std::string, kith::unique, kith::max_length<50>> title{};
    std::string text{};            // a column NOT NULL
    std::optional<double> price{}; // a column that may be NULL
    bool is_public{};
    Mood mood{};               // stored as its number
    kith::Date day{};          // std::chrono::sys_days
    kith::Timestamp written{}; // microseconds, UTC
    kith::Uuid token{};
    kith::Decimal amount{}; // exact digits, no double
    kith::Json details{};   // text that Kith does not parse
    std::vector<std::byte> picture{};
};
// [/snippet]

// [snippet validate]
struct Booking {
    kith::PrimaryKey<> id{};
    std::string guest{};
    kith::Date arrival{};
    kith::Date departure{};

    kith::Faults<Booking> validate() const {
        kith::Faults<Booking> faults;
        if (guest.empty()) faults.add("guest", "must be given");
        if (departure <= arrival) faults.add("departure", "must be after the arrival");
        return faults;
    }
};
// [/snippet]

// [snippet enum_names]

struct Report {
    kith::PrimaryKey<> id{};
    Weather weather{};           // a text column: 'sunny'
    kith::LocalTimestamp made{}; // what the clock on the wall said
};
// [/snippet]

// [snippet symmetrical]
struct Visitor {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Visitor, kith::symmetrical> friends{};
};
// [/snippet]

// [snippet field]
struct Invoice {
    kith::PrimaryKey<std::string> number{};
    kith::Field<std::string, kith::column<"cust">, kith::indexed> customer{};
    kith::Field<std::int32_t, kith::server_default> state{}; // left out of INSERT until it is assigned
    kith::Field<std::int64_t, kith::generated> total{};      // computed by the database: read, never written
};
// [/snippet]

// [snippet relations]
struct Author;
struct Book;

struct Publisher {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique> name{};
    kith::ReverseSet<Book, "publisher"> books{};
};

struct Biography {
    kith::OneToOne<Author, kith::primary_key> author{}; // shares the author's key
    std::string text{};
};

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Author, kith::null> mentor{}; // a relation to itself
    kith::ReverseSet<Author, "mentor"> pupils{};
    kith::ReverseSet<Book, "authors"> books{};
    kith::ReverseOne<Biography, "author"> biography{};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ForeignKey<Publisher, kith::to_field<"name">, kith::on_delete<kith::OnDelete::restrict>> publisher{};
    kith::ManyToMany<Author> authors{};
};
// [/snippet]

// [snippet generic]
struct Remark;

struct Song {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ReverseGeneric<Remark, "about"> remarks{};
};

struct Singer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseGeneric<Remark, "about"> remarks{};
};

struct Remark {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::GenericForeignKey<std::monostate, Song, Singer> about{};
};
// [/snippet]

struct Naming {
    std::string operator()(const Song& song) const { return song.title; }
    std::string operator()(const Singer& singer) const { return singer.name; }
    std::string operator()(std::monostate) const { return "nothing"; }
};

// [snippet through]
struct Group;

struct Player {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Group, "members"> groups{};
};

struct Membership {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Group> group{};
    kith::ForeignKey<Player> player{};
    std::int32_t since{};
};

struct Group {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Player, kith::through<Membership, "group", "player">> members{};
};
// [/snippet]

// [snippet table]
struct Event {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Date day{};
    std::int32_t room{};

    static constexpr kith::Table table{
        .name = "calendar_event",
        .ordering = {"-day", "name"},
        .unique = {kith::NameList{"day", "room"}},
        .indexes = {kith::NameList{"name", "day"}},
    };
};
// [/snippet]

// [snippet composite]
struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
    std::string guest{};
};
// [/snippet]

// [snippet from_fields]
struct SeatTicket {
    kith::PrimaryKey<> id{};
    std::int32_t seat_row{};
    std::int32_t seat_number{};
    kith::ForeignKey<Seat, kith::from_fields<"seat_row", "seat_number">> seat{};
};
// [/snippet]

// [snippet view]
struct Total {
    std::string city{};
    std::int64_t people{};

    static constexpr kith::Table table{.name = "totals", .read_only = true};
};
// [/snippet]

class Models : public testing::Test {
protected:
    kith::Database db = kith::connect("sqlite::memory:");
    kith::QueryLog log{db};

    std::string tables() const {
        std::string text;
        for (const auto& entry : log.entries()) text += entry.sql + "\n";
        return text;
    }
};

} // namespace models_guide

using namespace models_guide;

TEST_F(Models, Columns) {
    db.create_tables<Note>();
    // [snippet use_columns]
    auto note = db.objects<Note>().create({
        .title = "Wuhan",
        .text = "Two rivers meet here.",
        .mood = Mood::merry,
        .day = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29},
        .token = kith::Uuid::random(),
        .amount = kith::Decimal("12.50"),
    });
    fmt::print("{} {} {}\n", note->id, note->title, note->amount); // columns print as what they hold
    note->price = 3.5;
    note->title = "Wuhan City";
    db.save(*note);
    // [/snippet]
    const auto again = db.objects<Note>().get("title"_f = "Wuhan City", "mood"_f = Mood::merry);
    EXPECT_EQ(again->price, 3.5);
    EXPECT_EQ(again->amount, kith::Decimal("12.5"));
    EXPECT_EQ(again->token, note->token);
    EXPECT_EQ(again->title->size(), 10u);
    EXPECT_THROW(db.objects<Note>().create({.title = std::string(51, 'x')}), kith::ValueError);
    EXPECT_THROW(db.objects<Note>().create({.title = "Wuhan City"}), kith::IntegrityError);
}

TEST_F(Models, Values) {
    // [snippet decimals]
    const kith::Decimal price("19.90");
    const auto net = price * kith::Decimal(3) - kith::Decimal("0.7");          // 59.00
    const auto tax = (net * kith::Decimal("0.19")).rounded(2);                 // 11.21
    const auto each = net.divided_by(kith::Decimal(7), 2, kith::Rounding::up); // 8.43
    // [/snippet]
    EXPECT_EQ(net.str() + " " + tax.str() + " " + each.str(), "59.00 11.21 8.43");
    // [snippet iso]
    const auto arrival = kith::from_iso8601<kith::Timestamp>("2024-02-29T14:30:00+02:00");
    const std::string text = kith::to_iso8601(arrival); // 2024-02-29T12:30:00Z
    const auto day = kith::from_iso8601<kith::Date>("2024-02-29");
    // [/snippet]
    EXPECT_EQ(text, "2024-02-29T12:30:00Z");
    EXPECT_EQ(kith::to_iso8601(day), "2024-02-29");
}

TEST_F(Models, Fields) {
    db.create_tables<Invoice>();
    EXPECT_NE(tables().find(R"("cust" text NOT NULL)"), std::string::npos) << tables();
    const auto model = db.objects<Invoice>().filter("customer__startswith"_f = "A").sql();
    EXPECT_NE(model.find(R"("cust")"), std::string::npos);
    EXPECT_FALSE(Invoice{}.state.is_given());
    Invoice invoice{.number = "2024-1"};
    invoice.state = 0;
    EXPECT_TRUE(invoice.state.is_given());
    EXPECT_THROW(db.objects<Invoice>().create({}), kith::ValueError) << "a text key must be given";
}

TEST_F(Models, OneOfSeveralModels) {
    db.create_tables<Song, Singer, Remark>();
    // [snippet use_generic]
    const auto song = db.objects<Song>().create({.title = "Willow"});
    const auto remark = db.objects<Remark>().create({.text = "slow", .about = song});

    remark->about.holds<Song>();                     // true: never a statement
    remark->about.get_if<Singer>();                  // null
    const auto name = remark->about.visit(Naming{}); // "Willow"; one statement where it was not loaded

    song->remarks.create({.text = "fine"}); // leads back to the song
    // [/snippet]
    EXPECT_EQ(name, "Willow");
    EXPECT_TRUE(remark->about.holds<Song>());
    EXPECT_EQ(remark->about.get_if<Singer>(), nullptr);
    db.objects<Remark>().create({.about = db.objects<Singer>().create({.name = "Yu"})});
    log.clear();
    // [snippet prefetch_generic]
    const auto remarks = db.objects<Remark>().prefetch_related("about"); // remarks, songs, singers: 3 statements
    const auto songs = db.objects<Song>().prefetch_related("remarks");   // 2 statements
    const auto deeper = db.objects<Remark>().prefetch_related(           // 4 statements: the remarks on songs as well
        kith::Prefetch("about"_f, db.objects<Song>().prefetch_related("remarks")));
    // [/snippet]
    EXPECT_EQ(remarks.size(), 3u);
    EXPECT_EQ(log.size(), 3u);
    EXPECT_EQ(songs[0].remarks.all().size(), 2u);
    EXPECT_EQ(log.size(), 5u);
    EXPECT_EQ(deeper[0].about.get_if<Song>()->remarks.all().size(), 2u);
    EXPECT_EQ(log.size(), 9u);
}

TEST_F(Models, Relations) {
    db.create_tables<Publisher, Author, Biography, Book>();
    EXPECT_NE(tables().find(R"("publisher_id" text NOT NULL REFERENCES "publisher" ("name") ON DELETE RESTRICT)"),
              std::string::npos)
        << tables();
    EXPECT_NE(tables().find(R"(CREATE TABLE IF NOT EXISTS "book_authors" ("book_id" bigint NOT NULL)"),
              std::string::npos)
        << tables();
    // [snippet use_relations]
    auto press = db.objects<Publisher>().create({.name = "East Lake"});
    auto lu = db.objects<Author>().create({.name = "Lu"});
    auto mo = db.objects<Author>().create({.name = "Mo", .mentor = lu});
    db.objects<Biography>().create({.author = lu, .text = "Born by the river."});
    auto book = db.objects<Book>().create({.title = "Tea", .publisher = press});
    book->authors.add(lu, mo); // rows, Refs and keys are taken alike

    book->publisher.key();          // "East Lake": never a statement
    book->publisher->name;          // the row that was assigned: no statement
    lu->biography->text;            // one statement
    lu->pupils.count();             // one statement
    mo->mentor.is_null();           // false; never a statement
    if (mo->biography == nullptr) { /* … */
    } // a reverse end may have to look: one statement
    // [/snippet]
    EXPECT_EQ(book->publisher.key(), "East Lake");
    EXPECT_EQ(book->publisher->name, "East Lake");
    EXPECT_EQ(lu->biography->text, "Born by the river.");
    EXPECT_EQ(lu->pupils.count(), 1);
    EXPECT_TRUE(mo->biography == nullptr);
    EXPECT_EQ(lu->books.count(), 1);
    EXPECT_THROW(db.remove(*press), kith::IntegrityError);
    // [snippet assign]
    mo->mentor = nullptr;  // the key is null
    mo->mentor = lu;       // a Ref: kept as the loaded row
    mo->mentor = *lu;      // a row: its key is copied
    mo->mentor.set_key(1); // a key
    db.save(*mo);          // nothing was written before
    // [/snippet]
    EXPECT_EQ(db.objects<Author>().get("name"_f = "Mo")->mentor.key(), 1);
    // [snippet set_writes]
    book->authors.add(lu, 2); // a link that exists is left alone
    book->authors.remove(mo);
    book->authors.set(std::vector{lu, mo}); // makes the set these rows
    book->authors.create({.name = "Yu"});   // inserts a row and links it
    book->authors.clear();                  // takes the links away, not the rows
    // [/snippet]
    EXPECT_EQ(book->authors.count(), 0);
    EXPECT_EQ(db.objects<Author>().count(), 3);
    // [snippet reverse_writes]
    lu->pupils.add(mo);    // UPDATE author SET mentor_id = …
    lu->pupils.remove(mo); // sets it to NULL: compiles because Author::mentor is kith::null
    // [/snippet]
    EXPECT_TRUE(mo->mentor.is_null());
    // [snippet create_with]
    auto tale = db.objects<Book>().create({.title = "Tales", .publisher = press}, kith::with("authors"_f, {lu, mo}));
    std::vector<Author> young{{.name = "Xu"}, {.name = "He"}};
    auto old = db.objects<Author>().create({.name = "Fu"}, kith::with("pupils"_f, young));
    // [/snippet]
    EXPECT_EQ(tale->authors.count(), 2);
    EXPECT_EQ(old->pupils.count(), 2);
}

TEST_F(Models, Through) {
    db.create_tables<Player, Group, Membership>();
    const auto group = db.objects<Group>().create({.name = "East"});
    const auto player = db.objects<Player>().create({.name = "Li"});
    db.objects<Membership>().create({.group = group, .player = player, .since = 2020});
    log.clear();
    const auto groups = db.objects<Group>().prefetch_related("members");
    EXPECT_EQ(groups[0].members.all()[0]->name, "Li");
    EXPECT_EQ(player->groups.all()[0]->name, "East");
    EXPECT_EQ(log.size(), 3u);
}

TEST_F(Models, TheTable) {
    db.create_tables<Event>();
    EXPECT_NE(tables().find(R"(UNIQUE ("day", "room"))"), std::string::npos) << tables();
    EXPECT_NE(db.objects<Event>().sql().find(R"(ORDER BY "calendar_event"."day" DESC)"), std::string::npos);
}

TEST_F(Models, CompositeKeys) {
    db.create_tables<Seat>();
    Seat seat{.row = 1, .number = 2, .guest = "Li"};
    db.save(seat);
    seat.guest = "Wu";
    db.save(seat);
    EXPECT_EQ(db.objects<Seat>().get("row"_f = 1, "number"_f = 2)->guest, "Wu");
    EXPECT_EQ(db.objects<Seat>().count(), 1);
    db.refresh(seat);
    db.remove(seat);
    EXPECT_EQ(db.objects<Seat>().count(), 0);
}

TEST_F(Models, KeysThatReferToSeveralColumns) {
    db.create_tables<Seat, SeatTicket>();
    const auto seat = db.objects<Seat>().create({.row = 1, .number = 2, .guest = "Li"});
    db.objects<SeatTicket>().create({.seat = seat});
    log.clear();
    const auto tickets = db.objects<SeatTicket>().prefetch_related("seat");
    EXPECT_EQ(tickets[0].seat->guest, "Li");
    EXPECT_EQ(tickets[0].seat_number, 2);
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Models, EnumsByName) {
    db.create_tables<Report>();
    const auto noon = std::chrono::local_days{std::chrono::year{2024} / 2 / 29} + std::chrono::hours(12);
    db.objects<Report>().create({.weather = Weather::rainy, .made = noon});
    EXPECT_EQ(db.raw<std::string>("SELECT weather FROM report"), std::vector<std::string>{"rainy"});
    EXPECT_EQ(db.objects<Report>().filter("weather"_f = Weather::rainy, "made"_f = noon).count(), 1);
}

TEST_F(Models, Validation) {
    db.create_tables<Booking>();
    std::string printed;
    // [snippet faults]
    try {
        db.objects<Booking>().create({.guest = "", .arrival = kith::from_iso8601<kith::Date>("2024-02-29")});
    } catch (const kith::ValidationError& error) {
        for (const auto& [member, reason] : error.faults()) printed += member + ": " + reason + "\n";
    }
    // [/snippet]
    // [output faults]
    EXPECT_EQ(printed, R"(guest: must be given
departure: must be after the arrival
)");
    EXPECT_EQ(db.objects<Booking>().count(), 0);
}

TEST_F(Models, FriendsOfOneAnother) {
    db.create_tables<Visitor>();
    const auto li = db.objects<Visitor>().create({.name = "Li"});
    const auto mo = db.objects<Visitor>().create({.name = "Mo"});
    // [snippet symmetrical_writes]
    li->friends.add(mo);
    mo->friends.contains(li); // true
    // [/snippet]
    EXPECT_TRUE(mo->friends.contains(li));
}

TEST_F(Models, Views) {
    db.create_tables<Total>();
    EXPECT_EQ(log.size(), 0u) << "create_tables leaves views to you";
    EXPECT_THROW(db.objects<Total>().create({.city = "Wuhan"}), kith::ValueError);
}

namespace {

// [snippet write_options]
struct Article {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::default_value<"untitled">> title{};
    kith::Field<std::int32_t, kith::default_value<1>, kith::check<"stock >= 0">> stock{};
    kith::Field<std::int64_t, kith::row_version> version{};  // counts the writes of the row
    kith::Field<kith::Timestamp, kith::auto_now> changed{};  // the time of each write
    kith::Field<kith::Timestamp, kith::auto_now_add> made{}; // the time of the INSERT
    kith::ForeignKey<Publisher, kith::null> publisher{};
};
// [/snippet]

} // namespace

TEST_F(Models, WriteOptions) {
    db.create_tables<Publisher, Article>();
    auto article = db.objects<Article>().create({});
    EXPECT_EQ(article->title, "untitled");
    // [snippet save_columns]
    db.save(article, "title"_f, "publisher"_f); // UPDATE of these columns alone
    db.save(*article, kith::runtime("stock"));  // a name that is known at run time
    // [/snippet]
    // [snippet stale_row]
    auto seen = db.objects<Article>().get("id"_f = article->id); // version 3
    db.objects<Article>().update("stock"_f = 5);                 // another writes: version 4
    seen->title = "Late";
    try {
        db.save(seen);
    } catch (const kith::StaleRow& error) {
        fmt::print("{}\n", error.what()); // Article 1 was written by another since it was read: refresh() it
        db.refresh(seen);                 // version 4: decide again
    }
    // [/snippet]
    EXPECT_EQ(seen->version, 4);
    EXPECT_EQ(seen->title, "untitled");
}

TEST_F(Models, SingleRows) {
    db.create_tables<Note>();
    // [snippet rows]
    Note note{.title = "Shiyan"}; // an object of your own, on the stack
    db.save(note);                // INSERT; note.id is set now
    note.text = "Mountains.";
    db.save(note);    // UPDATE
    db.refresh(note); // SELECT: the columns as they are in the database
    db.remove(note);  // DELETE; note.id is 0 again
    db.insert(note);  // INSERT, never UPDATE
    // [/snippet]
    EXPECT_EQ(db.objects<Note>().count(), 1);
}
