#include "unit/database_support.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace kith::test {
namespace {

using connection::Session;
using connection::Snapshot;
using connection::WriteTransaction;

struct Stop : std::runtime_error {
    Stop() : runtime_error("stop") {}
};

// ---- atomic

TEST(Atomic, CommitsAtItsEndAndGivesTheResult) {
    const WithTable t;
    const int result = t.db.atomic([&] {
        t.add(1);
        EXPECT_EQ(t.rows_seen_from_outside(), 0);
        return 7;
    });
    EXPECT_EQ(result, 7);
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
}

TEST(Atomic, RollsBackWhenAnExceptionLeavesIt) {
    const WithTable t;
    EXPECT_THROW(t.db.atomic([&] {
        t.add(1);
        throw Stop();
    }),
                 Stop);
    EXPECT_EQ(t.rows(), 0);
    t.add(1);
}

TEST(Atomic, InsideAnotherIsASavepoint) {
    const WithTable t;
    const QueryLog log(t.db);
    t.db.atomic([&] {
        t.add(1);
        EXPECT_THROW(t.db.atomic([&] {
            t.add(2);
            t.db.atomic([&] { t.add(3); });
            throw Stop();
        }),
                     Stop);
        t.db.atomic([&] { t.add(4); });
    });
    EXPECT_EQ(integer(t.db, "SELECT sum(x) FROM t"), 5);
    EXPECT_EQ(
        log.transaction_control(),
        (std::vector<std::string>{"BEGIN IMMEDIATE", "SAVEPOINT kith_1", "SAVEPOINT kith_2", "RELEASE SAVEPOINT kith_2",
                                  "ROLLBACK TO SAVEPOINT kith_1", "RELEASE SAVEPOINT kith_1", "SAVEPOINT kith_3",
                                  "RELEASE SAVEPOINT kith_3", "COMMIT"}));
}

TEST(Atomic, OfTwoDatabasesAreTwoTransactions) {
    const WithTable a;
    const WithTable b;
    EXPECT_THROW(a.db.atomic([&] {
        a.add(1);
        b.add(1);
        throw Stop();
    }),
                 Stop);
    EXPECT_EQ(a.rows(), 0);
    EXPECT_EQ(b.rows(), 1);
}

TEST(Atomic, AFailedStatementPoisonsIt) {
    const WithTable t;
    KITH_EXPECT_ERROR(t.db.atomic([&] {
        t.add(1);
        EXPECT_THROW(t.add(1), IntegrityError);
        KITH_EXPECT_ERROR(t.rows(), OperationalError, "UNIQUE constraint failed");
        KITH_EXPECT_ERROR(t.db.atomic([] { FAIL(); }), OperationalError, "No statement can run in this atomic block");
    }),
                      OperationalError, "was rolled back, because a statement in it had failed");
    EXPECT_EQ(t.rows(), 0);
}

TEST(Atomic, AFailureThatLeavesAnInnerOneDoesNotPoisonTheOuter) {
    const WithTable t;
    t.db.atomic([&] {
        t.add(1);
        EXPECT_THROW(t.db.atomic([&] { t.add(1); }), IntegrityError);
        t.add(2);
    });
    EXPECT_EQ(t.rows(), 2);
}

TEST(Atomic, APoisonedInnerOneThrowsAtItsEndAndTheOuterGoesOn) {
    const WithTable t;
    t.db.atomic([&] {
        t.add(1);
        EXPECT_THROW(t.db.atomic([&] {
            t.add(2);
            EXPECT_THROW(t.add(1), IntegrityError);
        }),
                     OperationalError);
        t.add(3);
    });
    EXPECT_EQ(integer(t.db, "SELECT sum(x) FROM t"), 4);
}

TEST(Atomic, AStatementThatFailsWhileItIsReadPoisonsToo) {
    const WithTable t;
    EXPECT_THROW(t.db.atomic([&] {
        t.add(1);
        EXPECT_THROW(integer(t.db, "SELECT abs(-9223372036854775807 - 1)"), DatabaseError);
    }),
                 OperationalError);
    EXPECT_EQ(t.rows(), 0);
}

TEST(Atomic, AnArgumentThatNeverReachedTheDatabasePoisonsNothing) {
    const WithTable t;
    t.db.atomic([&] {
        EXPECT_THROW(execute(t.db, "INSERT INTO t VALUES (?1)", {detail::Value(UINT64_MAX)}), ValueError);
        t.add(1);
    });
    EXPECT_EQ(t.rows(), 1);
}

TEST(Atomic, ATransactionThatTheDatabaseRolledBackItselfPoisonsAllBlocks) {
    const WithTable t;
    EXPECT_THROW(t.db.atomic([&] {
        t.add(1);
        EXPECT_THROW(t.db.atomic([&] { execute(t.db, "INSERT OR ROLLBACK INTO t VALUES (1)"); }), IntegrityError);
        EXPECT_THROW(t.add(2), OperationalError);
    }),
                 OperationalError);
    EXPECT_EQ(t.rows(), 0);
    t.add(3);
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
}

TEST(Atomic, ACommitThatFailsRollsBack) {
    const WithTable t;
    execute(t.db, "CREATE TABLE child(t INTEGER REFERENCES t(x) DEFERRABLE INITIALLY DEFERRED)");
    EXPECT_THROW(t.db.atomic([&] { execute(t.db, "INSERT INTO child VALUES (9)"); }), IntegrityError);
    EXPECT_EQ(integer(t.db, "SELECT count(*) FROM child"), 0);
    t.db.atomic([&] { t.add(1); });
    EXPECT_EQ(t.rows(), 1);
}

TEST(Atomic, ADiskThatFillsUpLosesNothingThatWasCommitted) {
    const WithTable t;
    t.add(1);
    EXPECT_THROW(t.db.atomic([&] {
        t.add(2);
        EXPECT_EQ(integer(t.db, "PRAGMA max_page_count = 6"), 6);
        execute(t.db, "CREATE TABLE big(x)");
        for (int i = 0; i < 1000; ++i) execute(t.db, "INSERT INTO big VALUES (zeroblob(4000))");
    }),
                 OperationalError);
    EXPECT_EQ(t.rows(), 1);
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
    t.add(3);
}

TEST(Atomic, ThatOnlyReadsRefusesWrites) {
    const WithTable t;
    t.db.atomic([&] { EXPECT_EQ(t.rows(), 0); }, {.read_only = true});
    KITH_EXPECT_ERROR(t.db.atomic([&] { t.add(1); }, {.read_only = true}), OperationalError, "is read-only");
    t.db.atomic([&] {
        t.add(1);
        KITH_EXPECT_ERROR(t.db.atomic([&] { t.db.atomic([&] { t.add(2); }); }, {.read_only = true}), OperationalError,
                          "is read-only");
        t.add(3);
    });
    EXPECT_EQ(t.rows(), 2);
}

TEST(Atomic, IsAtLeastAsIsolatedAsAskedFor) {
    const WithTable t;
    t.db.atomic([&] { t.add(1); }, {.isolation = Isolation::serializable});
    t.db.atomic([&] { t.add(2); }, {.isolation = Isolation::read_committed});
    EXPECT_EQ(t.rows_seen_from_outside(), 2);
}

TEST(Atomic, OnALockedDatabaseSaysSo) {
    const WithTable t;
    const Database other = connect("sqlite:" + t.folder.file("a.db"), {.busy_timeout = std::chrono::milliseconds(20)});
    t.db.atomic([&] {
        KITH_EXPECT_ERROR(other.atomic([] { FAIL(); }), OperationalError, "raise busy_timeout");
        EXPECT_EQ(integer(other, "SELECT count(*) FROM t"), 0); // readers are not in the way in WAL mode
    });
    other.atomic([&] { WithTable::add(other, 1); });
}

TEST(Atomic, OnAReadOnlyFileReads) {
    const WithTable t;
    t.add(1);
    const Database reader = connect("sqlite:" + t.folder.file("a.db") + "?read_only=1");
    EXPECT_EQ(reader.atomic([&] { return integer(reader, "SELECT count(*) FROM t"); }), 1);
    EXPECT_THROW(reader.atomic([&] { WithTable::add(reader, 2); }), OperationalError);
}

TEST(Atomic, InMemoryKeepsTheDatabase) {
    const Database db = connect("sqlite::memory:");
    execute(db, "CREATE TABLE t(x UNIQUE)");
    EXPECT_THROW(db.atomic([&] { execute(db, "INSERT OR ROLLBACK INTO t VALUES (1), (1)"); }), IntegrityError);
    db.atomic([&] { execute(db, "INSERT INTO t VALUES (1)"); });
    EXPECT_EQ(integer(db, "SELECT count(*) FROM t"), 1);
}

// ---- the handle

TEST(Handle, NamesTheTransactionAndOutlivesIt) {
    const WithTable t;
    std::optional<Database> kept;
    EXPECT_THROW(t.db.atomic([&](Database& tx) {
        kept = tx;
        EXPECT_EQ(tx, t.db);
        WithTable::add(tx, 1);
        EXPECT_EQ(t.rows(), 1);
        throw Stop();
    }),
                 Stop);
    WithTable::add(*kept, 2); // outside, at once
    EXPECT_EQ(integer(*kept, "SELECT x FROM t"), 2);
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
}

TEST(Handle, TakesOtherThreadsIntoTheTransaction) {
    const WithTable t;
    EXPECT_THROW(t.db.atomic([&](Database& tx) {
        WithTable::add(tx, 1);
        std::thread([&] {
            WithTable::add(tx, 2);
            EXPECT_EQ(integer(tx, "SELECT count(*) FROM t"), 2);
            EXPECT_EQ(t.rows(), 0); // not through the handle: outside
        }).join();
        EXPECT_EQ(t.rows(), 2);
        throw Stop();
    }),
                 Stop);
    EXPECT_EQ(t.rows(), 0);
}

TEST(Handle, OpensSavepointsFromOtherThreads) {
    const WithTable t;
    t.db.atomic([&](Database& tx) {
        std::thread([&] {
            tx.atomic([&](Database& inner) {
                t.add(1); // this thread is inside now
                WithTable::add(inner, 2);
            });
            EXPECT_THROW(tx.atomic([&] {
                t.add(3);
                throw Stop();
            }),
                         Stop);
            EXPECT_EQ(t.rows(), 0); // and outside again
        }).join();
        EXPECT_EQ(t.rows(), 2);
    });
    EXPECT_EQ(t.rows_seen_from_outside(), 2);
}

TEST(Handle, OfAnInnerBlockWorksElsewhereWhileThatOfTheOuterWaits) {
    const WithTable t;
    t.db.atomic([&](Database& outer) {
        t.db.atomic([&](Database& inner) {
            std::thread([&] {
                WithTable::add(inner, 1);
                KITH_EXPECT_ERROR(WithTable::add(outer, 2), OperationalError, "in use on another thread");
            }).join();
        });
        std::thread([&] { WithTable::add(outer, 3); }).join();
    });
    EXPECT_EQ(integer(t.db, "SELECT sum(x) FROM t"), 4);
}

TEST(Handle, InUseElsewhereHoldsTheEndUpAndThenUndoesAll) {
    const WithTable t;
    std::unique_ptr<Session> left_behind;
    KITH_EXPECT_ERROR(t.db.atomic([&](Database& tx) {
        t.add(1);
        std::thread([&] { left_behind = std::make_unique<Session>(tx); }).join();
    }),
                      OperationalError, "in use on another thread");
    EXPECT_EQ(t.rows(), 0);
    KITH_EXPECT_ERROR(left_behind->execute({.text = "INSERT INTO t VALUES (2)"}), OperationalError, "is rolled back");
    left_behind.reset();
    EXPECT_EQ(t.rows(), 0);
    t.add(3);
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
}

// ---- Snapshot and WriteTransaction

TEST(Snapshot, SeesOneStateWhileOthersCommit) {
    const WithTable t;
    t.add(1);
    Session session(t.db);
    const auto count = [&] {
        const auto cursor = session.query({.text = "SELECT count(*) FROM t"});
        return cursor->next() ? cursor->integer(0) : -1;
    };
    Snapshot snapshot(session);
    EXPECT_TRUE(session.in_transaction());
    EXPECT_EQ(count(), 1);
    std::thread([&] { t.add(2); }).join();
    EXPECT_EQ(count(), 1);
    snapshot.commit();
    EXPECT_FALSE(session.in_transaction());
    EXPECT_EQ(count(), 2);
}

TEST(Snapshot, IsSharedByThoseThatOverlap) {
    const WithTable t;
    const QueryLog log(t.db);
    Session session(t.db);
    auto first = std::make_unique<Snapshot>(session);
    Session nested(t.db);
    const Snapshot second(nested);
    EXPECT_EQ(t.rows(), 0);
    first.reset();
    EXPECT_TRUE(nested.in_transaction());
    std::thread([&] { t.add(1); }).join();
    EXPECT_EQ(t.rows(), 0);
    EXPECT_EQ(log.transaction_control(), (std::vector<std::string>{"BEGIN DEFERRED"}));
}

TEST(Snapshot, InATransactionIsThatTransaction) {
    const WithTable t;
    t.db.atomic([&] {
        Session session(t.db);
        { const Snapshot snapshot(session); }
        EXPECT_TRUE(session.in_transaction());
        t.add(1);
    });
    EXPECT_EQ(t.rows(), 1);
}

TEST(Snapshot, KeepsWhatItsThreadWroteMeanwhile) {
    const WithTable t;
    {
        Session session(t.db);
        const Snapshot snapshot(session);
        t.add(1);
        t.db.atomic([&] { t.add(2); });
    }
    EXPECT_EQ(t.rows_seen_from_outside(), 2);
}

TEST(Snapshot, ThatEndsInsideAnAtomicLeavesItItsTransaction) {
    const WithTable t;
    auto session = std::make_unique<Session>(t.db);
    auto snapshot = std::make_unique<Snapshot>(*session);
    t.db.atomic([&] {
        t.add(1);
        snapshot->commit();
        session.reset();
        t.add(2);
        EXPECT_EQ(t.rows_seen_from_outside(), 0);
    });
    EXPECT_EQ(t.rows_seen_from_outside(), 2);
}

TEST(Snapshot, DoesNotLetAStaleViewWrite) {
    const WithTable t;
    Session session(t.db);
    const Snapshot snapshot(session);
    EXPECT_EQ(t.rows(), 0);
    std::thread([&] { t.add(1); }).join();
    KITH_EXPECT_ERROR(t.add(2), OperationalError, "read to the end before writing");
}

TEST(WriteTransaction, IsATransactionOrASavepoint) {
    const WithTable t;
    {
        Session session(t.db);
        WriteTransaction writing(session);
        t.add(1);
        EXPECT_EQ(t.rows_seen_from_outside(), 0);
        writing.commit();
        EXPECT_EQ(t.rows_seen_from_outside(), 1);
    }
    {
        Session session(t.db);
        const WriteTransaction writing(session);
        t.add(2);
    }
    EXPECT_EQ(t.rows(), 1);
}

TEST(WriteTransaction, ThatFailsLeavesTheTransactionAroundItUsable) {
    const WithTable t;
    t.db.atomic([&] {
        t.add(1);
        Session session(t.db);
        try {
            WriteTransaction writing(session);
            t.add(2);
            t.add(1);
            writing.commit();
        } catch (const IntegrityError&) {
            t.add(3);
        }
    });
    EXPECT_EQ(integer(t.db, "SELECT sum(x) FROM t"), 4);
}

TEST(WriteTransaction, InAPoisonedBlockDoesNotBegin) {
    const WithTable t;
    EXPECT_THROW(t.db.atomic([&] {
        EXPECT_THROW(execute(t.db, "INSERT INTO nowhere VALUES (1)"), OperationalError);
        Session session(t.db);
        EXPECT_THROW(WriteTransaction{session}, OperationalError);
    }),
                 OperationalError);
}

} // namespace
} // namespace kith::test
