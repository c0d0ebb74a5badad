#include "connection/session.hpp"
#include "support/pooler.hpp"
#include "support/rows.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

/// Connections to PostgreSQL that a pooler shares between its clients: nobody may see what belongs to another.

namespace pooler_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;
using kith::connection::Session;

class ServerPooler : public testing::Test {
protected:
    void SetUp() override {
        if (!PooledDatabase::available()) GTEST_SKIP() << "no pgbouncer: run ./dev test, or by tests/servers.sh";
        pooled_ = std::make_unique<PooledDatabase>();
    }

    static std::string text(const kith::Database& db, const std::string& sql) {
        const auto values = db.raw<std::string>(sql);
        return values.empty() ? "" : values[0];
    }
    /// Expects that nothing is left at any of the connections that the pooler has to the server.
    void expect_clean_servers() const {
        std::vector<std::unique_ptr<Raw>> all;
        for (int i = 0; i < 4; ++i) {
            const auto& raw = *all.emplace_back(std::make_unique<Raw>(pooled_->shared()));
            raw.run("BEGIN"); // keeps this one
            EXPECT_EQ(raw.value("SHOW TimeZone"), "Asia/Kolkata");
            EXPECT_EQ(raw.value("SHOW lock_timeout"), "0");
            EXPECT_EQ(raw.value("SHOW transaction_read_only"), "off");
            EXPECT_EQ(raw.value("SHOW default_transaction_read_only"), "off");
            EXPECT_EQ(raw.value("SELECT count(*) FROM pg_prepared_statements"), "0");
            EXPECT_EQ(raw.value("SELECT count(*) FROM pg_cursors WHERE name <> ''"), "0");
        }
    }

    std::unique_ptr<PooledDatabase> pooled_;
};

/// What a statement, a cursor and so on are called at the server.
std::string name_at_server(const kith::Database& db) {
    Session session(db);
    for (int i = 0; i < 3; ++i) (void)session.query({.text = "SELECT 1"});
    const auto stream = session.stream({.text = "SELECT generate_series(1, 10)"}, 1);
    EXPECT_TRUE(stream->next());
    const auto names = session.query({.text = "SELECT (SELECT min(name) FROM pg_prepared_statements) || ' ' || (SELECT "
                                              "min(name) FROM pg_cursors WHERE name LIKE 'kith%')"});
    EXPECT_TRUE(names->next());
    return std::get<std::string>(names->value(0, kith::detail::ColumnType::text, nullptr));
}

/// `work` in a process of its own, and the text that it gives.
class Process {
public:
    template <class Work>
    explicit Process(Work&& work) {
        EXPECT_EQ(pipe(ends_.data()), 0);
        pid_ = fork();
        if (pid_ != 0) {
            ::close(ends_[1]);
            return;
        }
        std::string text;
        try {
            text = work();
        } catch (const std::exception& error) {
            text = std::string("failed: ") + error.what();
        }
        // Not exit(): what the other process opened is not this one's to close.
        _exit(::write(ends_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() { (void)text(); }

    std::string text() {
        std::array<char, 4096> buffer;
        for (ssize_t got = 1; pid_ > 0 && got > 0;) {
            got = ::read(ends_[0], buffer.data(), buffer.size());
            text_.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        }
        if (pid_ > 0) {
            ::close(ends_[0]);
            waitpid(pid_, nullptr, 0);
        }
        pid_ = 0;
        return text_;
    }

private:
    std::array<int, 2> ends_{};
    pid_t pid_{0};
    std::string text_;
};

} // namespace

// ---- names

TEST_F(ServerPooler, NoTwoConnectionsGiveTheSameName) {
    const auto db = kith::connect(pooled_->direct("pool_size=2"));
    const auto mine = name_at_server(db);
    EXPECT_TRUE(mine.starts_with("kith_")) << mine;
    EXPECT_EQ(mine.find('_', 5), 21u) << "64 bits in hexadecimal digits: " << mine;
    const Session first(db);
    std::string other;
    std::thread([&] { other = name_at_server(db); }).join();
    Process child([&] { return name_at_server(kith::connect(pooled_->direct())); });
    const auto third = child.text();
    EXPECT_EQ(third.size(), mine.size()) << third;
    const auto prefix = [](const std::string& names) { return names.substr(0, 21); };
    EXPECT_NE(prefix(mine), prefix(other));
    EXPECT_NE(prefix(mine), prefix(third));
    EXPECT_NE(prefix(other), prefix(third));
}

// ---- pooling=transaction

TEST_F(ServerPooler, SettingsHoldForEachStatementAndForNobodyElse) {
    const auto db = kith::connect(pooled_->transaction("busy_timeout=1234"));
    const auto settings = [&] {
        return text(db, "SELECT current_setting('TimeZone') || ' ' || current_setting('lock_timeout') || ' ' || "
                        "current_setting('transaction_read_only')");
    };
    const std::string wanted = "UTC 1234ms off";
    EXPECT_EQ(settings(), wanted);
    db.atomic([&] { EXPECT_EQ(settings(), wanted); });
    db.atomic([&] { EXPECT_EQ(settings(), "UTC 1234ms on"); }, {.read_only = true});
    db.atomic([&] { db.atomic([&] { EXPECT_EQ(settings(), wanted); }); });
    {
        auto stream = db.objects<Province>().iterator({.chunk_size = 1});
        EXPECT_NE(stream.begin(), stream.end());
        EXPECT_EQ(settings(), wanted) << "beside a stream";
    }
    EXPECT_EQ(settings(), wanted);
    expect_clean_servers();
}

TEST_F(ServerPooler, OptionsOfTheUrlHoldToo) {
    const auto other = kith::connect(pooled_->direct());
    other.raw("CREATE SCHEMA \"their's\"");
    other.raw("CREATE TABLE \"their's\".province AS SELECT 7::bigint AS id, 'elsewhere' AS name");
    const auto db = kith::connect(pooled_->transaction("options=-c%20search_path%3D%22their%27s%22%20--default-"
                                                       "transaction-read-only%3Don%20-cstatement_timeout=4321"));
    EXPECT_EQ(db.objects<Province>().get("id"_f = 7)->name, "elsewhere");
    db.atomic([&] { EXPECT_EQ(db.objects<Province>().count(), 1); });
    EXPECT_EQ(text(db, "SHOW statement_timeout"), "4321ms");
    EXPECT_THROW(db.objects<Province>().create({.name = "x"}), kith::OperationalError);
    for (const std::string refused : {"-d%205", "-c", "-cx", "-cdefault_transaction_isolation%3Dserializable"}) {
        EXPECT_THROW((void)kith::connect(pooled_->transaction("options=" + refused)), kith::ValueError) << refused;
    }
    const auto wrong = kith::connect(pooled_->transaction("options=-cno_such_setting%3D1"));
    const auto message = message_of<kith::DatabaseError>([&] { (void)wrong.objects<Province>().count(); });
    expect_parts(message, {"no_such_setting"});
    expect_clean_servers();
}

TEST_F(ServerPooler, ReadOnlyHoldsForItsHandleAlone) {
    const auto reader = kith::connect(pooled_->transaction("read_only=1"));
    const auto writer = kith::connect(pooled_->transaction());
    for (int i = 0; i < 20; ++i) {
        try {
            reader.objects<Province>().create({.name = "not allowed"});
            FAIL() << "written";
        } catch (const kith::OperationalError& error) {
            EXPECT_EQ(error.sqlstate(), "25006");
        }
        EXPECT_THROW(reader.atomic([&] { reader.objects<Province>().create({.name = "x"}); }), kith::OperationalError);
        EXPECT_EQ(reader.objects<Province>().prefetch_related("city_set").size(), 2u + static_cast<std::size_t>(i));
        writer.objects<Province>().create({.name = "allowed"});
    }
    EXPECT_EQ(writer.objects<Province>().filter("name"_f = "allowed").count(), 20);
    EXPECT_EQ(writer.objects<Province>().count(), 22);
    expect_clean_servers();
}

TEST_F(ServerPooler, BusyTimeoutHoldsForItsHandleAlone) {
    const Raw other(pooled_->direct());
    other.run("BEGIN; UPDATE province SET name = 'theirs' WHERE id = 1");
    const auto hasty = kith::connect(pooled_->transaction("busy_timeout=50"));
    const auto message = message_of<kith::OperationalError>(
        [&] { hasty.objects<Province>().filter("id"_f = 1).update("name"_f = "mine"); });
    expect_parts(message, {"busy_timeout"});
    const auto patient = kith::connect(pooled_->transaction("busy_timeout=60000"));
    std::thread waiting(
        [&] { EXPECT_EQ(patient.objects<Province>().filter("id"_f = 1).update("name"_f = "late"), 1); });
    std::this_thread::sleep_for(150ms);
    other.run("ROLLBACK");
    waiting.join();
    EXPECT_EQ(hasty.objects<Province>().get("id"_f = 1)->name, "late");
    expect_clean_servers();
}

TEST_F(ServerPooler, AFailedStatementLeavesNothingBehind) {
    const auto db = kith::connect(pooled_->transaction("pool_size=1"));
    for (int i = 0; i < 3; ++i) {
        EXPECT_THROW(db.raw("INSERT INTO province (id, name) VALUES (1, 'taken')"), kith::IntegrityError);
        EXPECT_EQ(db.objects<Province>().count(), 2);
        EXPECT_THROW((void)db.objects<Province>().filter("name"_f = std::string("a\0b", 3)).size(), kith::ValueError);
        EXPECT_THROW((void)db.objects<Province>().filter("name__regex"_f = "(").size(), kith::DatabaseError);
        EXPECT_EQ(db.objects<Province>().prefetch_related("city_set").size(), 2u);
    }
    expect_clean_servers();
}

TEST_F(ServerPooler, StreamsRunInATransaction) {
    const auto db = kith::connect(pooled_->transaction());
    db.objects<Province>().bulk_create(std::vector<Province>(50));
    const auto other = kith::connect(pooled_->transaction());
    std::size_t seen = 0;
    for (const Province& province :
         db.objects<Province>().order_by("id").prefetch_related("city_set").iterator({.chunk_size = 7})) {
        ++seen;
        EXPECT_EQ(province.city_set.all().size(), seen == 1 ? 2u : seen == 2 ? 1u : 0u);
        if (seen == 3) db.objects<City>().create({.name = "written in the loop", .province = province});
        EXPECT_EQ(other.objects<Province>().count(), 52) << "whose statements go to other connections";
    }
    EXPECT_EQ(seen, 52u);
    EXPECT_EQ(other.objects<City>().count(), 4);
    for (const Province& province : db.objects<Province>().iterator({.chunk_size = 7})) {
        db.objects<City>().create({.name = "written before the end", .province = province});
        break;
    }
    EXPECT_EQ(other.objects<City>().count(), 5) << "a stream that is left keeps what was written";
    expect_clean_servers();
}

// ---- the option is missing

TEST_F(ServerPooler, AStreamWithoutTheOptionFailsAndNamesIt) {
    const auto db = kith::connect(pooled_->shared());
    const auto other = kith::connect(pooled_->shared());
    auto stream = db.objects<Person>().iterator({.chunk_size = 1});
    auto row = stream.begin();
    EXPECT_EQ(row->id, 1);
    const auto message = message_of<kith::OperationalError>([&] {
        other.atomic([&] {
            (void)other.objects<City>().count(); // takes the connection at which the cursor is
            for (; row != stream.end(); ++row) {}
        });
    });
    expect_parts(message, {"cursor", "pooling=transaction"});
}

TEST_F(ServerPooler, APreparedStatementWithoutTheOptionRunsAllTheSame) {
    const auto db = kith::connect(pooled_->shared());
    const auto other = kith::connect(pooled_->shared());
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(db.objects<Province>().exists());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(other.objects<City>().filter("id"_f = 99).remove(), 0u);
    other.atomic([&] {
        (void)other.objects<City>().count(); // takes the connection at which all are prepared
        EXPECT_TRUE(db.objects<Province>().exists());
        EXPECT_EQ(db.objects<Province>().prefetch_related("city_set").size(), 2u);
    });
}

TEST_F(ServerPooler, APreparedStatementInABlockFailsWithoutTheOptionAndNamesIt) {
    const auto db = kith::connect(pooled_->shared());
    const auto other = kith::connect(pooled_->shared());
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(db.objects<Province>().exists());
    other.atomic([&] {
        (void)other.objects<City>().count();
        const auto message = message_of<kith::OperationalError>(
            [&] { db.atomic([&] { EXPECT_TRUE(db.objects<Province>().exists()); }); });
        expect_parts(message, {"prepared", "pooling=transaction"});
    });
}

TEST_F(ServerPooler, ErrorsOfNamesSayWhichOptionToSet) {
    const auto db = kith::connect(pooled_->direct("pool_size=1"));
    const auto expect_state = [&](const char* state, std::initializer_list<const char*> statements) {
        try {
            db.atomic([&] {
                for (const char* statement : statements) db.raw(statement);
            });
            FAIL() << state;
        } catch (const kith::OperationalError& error) {
            EXPECT_EQ(error.sqlstate(), state) << error.what();
            expect_parts(error.what(), {"pooler", "set pooling=transaction"});
        }
    };
    expect_state("42P05", {"PREPARE twice AS SELECT 1", "PREPARE twice AS SELECT 1"});
    expect_state("26000", {"EXECUTE nothing"});
    expect_state("42P03", {"DECLARE twice CURSOR FOR SELECT 1", "DECLARE twice CURSOR FOR SELECT 1"});
    expect_state("34000", {"FETCH FROM nothing"});
}

// ---- opening

TEST_F(ServerPooler, MoreConnectionsThanThePoolerHasAreNotWaitedForWithoutEnd) {
    const auto db = kith::connect(pooled_->session("pool_size=6&connect_timeout=2"));
    std::vector<std::unique_ptr<Session>> all;
    for (int i = 0; i < 4; ++i) {
        std::thread([&] { all.push_back(std::make_unique<Session>(db)); }).join();
    }
    const auto began = std::chrono::steady_clock::now();
    const auto message = message_of<kith::OperationalError>([&] { (void)db.objects<City>().count(); });
    EXPECT_GE(std::chrono::steady_clock::now() - began, 1900ms);
    expect_parts(message, {"connect_timeout", "pool_size"});
    const auto again =
        message_of<kith::OperationalError>([&] { (void)kith::connect(pooled_->session("connect_timeout=2")); });
    expect_parts(again, {"connect_timeout", "pool_size"});
    all.clear();
    EXPECT_EQ(db.objects<City>().count(), 3);
}

// ---- two processes with rows of their own

namespace {

struct Item;

/// Rows of one process: all that belongs to it begins with its name.
struct Owner {
    kith::PrimaryKey<> id{};
    std::string process{};
    kith::ReverseSet<Item, "owner"> items{};
    static constexpr kith::Table table{.name = "pooled_owner"};
};

struct Item {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Owner> owner{};
    std::string name{};
    static constexpr kith::Table table{.name = "pooled_item"};
};

constexpr std::size_t owners = 20;
constexpr std::size_t items_each = 500;

void fill_for(const kith::Database& db, const std::string& process) {
    std::vector<Owner> fresh(owners);
    for (auto& owner : fresh) owner.process = process;
    db.objects<Owner>().bulk_create(fresh);
    const auto all = db.objects<Owner>().filter("process"_f = process);
    std::vector<Item> items(owners * items_each);
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].owner.set_key(all[i / items_each].id);
        items[i].name = process;
    }
    db.objects<Item>().bulk_create(items);
}

/// The work of one thread of one process. Counts rows that are its own, and all others.
class Worker {
public:
    Worker(kith::Database db, std::string process, bool may_fail)
        : db_(std::move(db)), process_(std::move(process)), may_fail_(may_fail) {}

    void work(int rounds) {
        for (int i = 0; i < rounds; ++i) {
            attempt([&] { load(); });
            attempt([&] { db_.atomic([&] { load(); }); });
            for (int k = 0; k < 5; ++k) attempt([&] { expect(mine().exists()); });
            attempt([&] { expect(mine().count() == static_cast<std::int64_t>(owners)); });
            attempt([&] { stream(); });
            attempt([&] { write(); });
        }
    }
    std::size_t right{0};
    std::size_t wrong{0};
    std::size_t unnamed{0}; ///< errors that do not say which option to set

private:
    kith::QuerySet<Owner> mine() const { return db_.objects<Owner>().filter("process"_f = process_); }

    template <class Work>
    void attempt(Work&& work) {
        try {
            work();
        } catch (const kith::Error& error) {
            const bool named = std::string(error.what()).find("pooling=transaction") != std::string::npos;
            if (may_fail_ && named) return;
            ++unnamed;
            std::fprintf(stderr, "%s: %s\n", process_.c_str(), error.what());
        }
    }
    void expect(bool good) { good ? ++right : ++wrong; }
    void load() {
        const auto rows = mine().prefetch_related("items");
        std::size_t count = 0;
        for (const Owner& owner : rows) {
            for (const Item& item : owner.items.all()) {
                expect(item.name == process_ && owner.process == process_);
                ++count;
            }
        }
        if (count != owners * items_each) ++wrong;
    }
    void stream() {
        std::size_t count = 0;
        const auto items = db_.objects<Item>().filter("owner__process"_f = process_);
        for (const Item& item : items.iterator({.chunk_size = 2500})) {
            expect(item.name == process_);
            ++count;
        }
        if (count != owners * items_each) ++wrong;
    }
    /// Writes rows of its own and removes them.
    void write() {
        const auto owner = db_.objects<Owner>().create({.process = process_ + " for a while"});
        const auto made = db_.objects<Item>().create({.owner = owner, .name = "new"});
        expect(db_.objects<Item>().filter("id"_f = made->id.value).update("name"_f = process_) == 1);
        expect(db_.objects<Item>().filter("id"_f = made->id.value).remove() == 1);
        expect(db_.objects<Owner>().filter("id"_f = owner->id.value).remove() == 1);
    }

    kith::Database db_;
    std::string process_;
    bool may_fail_;
};

/// Two threads on one handle; what they counted, as text.
std::string work_of(const std::string& process, const std::string& url, int rounds, bool may_fail) {
    const auto db = kith::connect(url);
    std::array<Worker, 2> workers{Worker(db, process, may_fail), Worker(db, process, may_fail)};
    {
        std::jthread other([&] { workers[1].work(rounds); });
        workers[0].work(rounds);
    }
    return "right " + std::to_string(workers[0].right + workers[1].right) + " wrong " +
           std::to_string(workers[0].wrong + workers[1].wrong) + " unnamed " +
           std::to_string(workers[0].unnamed + workers[1].unnamed);
}

/// Runs both processes, and gives how many rows were right. All others are failures.
std::size_t work_of_two(const PooledDatabase& pooled, const std::string& url, int rounds, bool may_fail = false) {
    const auto db = kith::connect(pooled.direct());
    db.create_tables<Owner, Item>();
    for (const char* process : {"one", "two"}) fill_for(db, process);
    Process one([&] { return work_of("one", url, rounds, may_fail); });
    Process two([&] { return work_of("two", url, rounds, may_fail); });
    std::size_t right = 0;
    for (const auto& text : {one.text(), two.text()}) {
        EXPECT_TRUE(text.ends_with(" wrong 0 unnamed 0")) << text;
        if (text.starts_with("right ")) right += std::stoul(text.substr(6));
    }
    for (const char* process : {"one", "two"}) {
        const auto items = db.objects<Item>().filter("owner__process"_f = process);
        EXPECT_EQ(items.count(), static_cast<std::int64_t>(owners * items_each));
        EXPECT_EQ(items.filter("name"_f = process).count(), static_cast<std::int64_t>(owners * items_each));
    }
    return right;
}

} // namespace

TEST_F(ServerPooler, AMillionRowsOfTwoProcessesAreNeverTakenForEachOther) {
    EXPECT_GE(work_of_two(*pooled_, pooled_->transaction(), 9), 1'000'000u);
    expect_clean_servers();
}

TEST_F(ServerPooler, WithoutTheOptionThereAreErrorsButNoWrongRow) {
    EXPECT_GE(work_of_two(*pooled_, pooled_->shared(), 4, /*may_fail=*/true), 10'000u);
}

TEST_F(ServerPooler, WithoutTheOptionButWithoutPreparedStatementsThereIsNoWrongRowEither) {
    EXPECT_GE(work_of_two(*pooled_, pooled_->shared("statement_cache=0"), 4, /*may_fail=*/true), 10'000u);
}

TEST_F(ServerPooler, WithSessionPoolingAllWorks) {
    EXPECT_GE(work_of_two(*pooled_, pooled_->session("pool_size=2"), 3), 300'000u);
}

} // namespace pooler_test
