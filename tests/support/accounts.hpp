#pragma once

#include <kith/kith.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

/// Accounts with the transfers between them, which must agree in whatever state they are seen.
namespace accounts {

using namespace kith::literals;

struct Transfer;

struct Account {
    kith::PrimaryKey<> id{};
    std::int64_t balance{};
    std::int64_t version{}; // how many transfers changed it
    std::int64_t opening{}; // the balance before the transfers that are kept
    std::int64_t settled{}; // how many transfers were before them
    kith::ReverseSet<Transfer, "payer"> paid{};
    kith::ReverseSet<Transfer, "payee"> received{};
};

struct Transfer {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Account> payer{};
    kith::ForeignKey<Account> payee{};
    std::int64_t amount{};
};

inline constexpr std::int64_t count = 5; ///< with the keys 1 to 5
inline constexpr std::int64_t at_first = 1000;

inline void create(const kith::Database& db) {
    db.create_tables<Account, Transfer>();
    for (std::int64_t i = 0; i < count; ++i) db.objects<Account>().create({.balance = at_first, .opening = at_first});
}

/// The keys of two accounts.
inline std::pair<std::int64_t, std::int64_t> two_of(std::uint64_t random) {
    const auto from = static_cast<std::int64_t>(random % count);
    const auto step = static_cast<std::int64_t>(random / count % (count - 1)) + 1;
    return {from + 1, (from + step) % count + 1};
}

/// Reads both accounts, writes both back, and notes the transfer: serializable, or money gets lost.
inline void transfer(kith::Database& tx, std::int64_t from, std::int64_t to, std::int64_t amount) {
    const auto payer = tx.objects<Account>().get("id"_f = from);
    const auto payee = tx.objects<Account>().get("id"_f = to);
    payer->balance -= amount;
    payee->balance += amount;
    ++payer->version;
    ++payee->version;
    tx.save(*payer);
    tx.objects<Transfer>().create({.payer = payer, .payee = payee, .amount = amount});
    tx.save(*payee);
}

/// Forgets the transfers; serializable as well.
inline void settle(kith::Database& tx) {
    for (Account& account : tx.objects<Account>().prefetch_related("paid", "received")) {
        account.opening = account.balance;
        account.settled += static_cast<std::int64_t>(account.paid.all().size() + account.received.all().size());
        tx.save(account);
    }
    (void)tx.objects<Transfer>().remove();
}

/// What is wrong with all accounts as they were loaded; empty if they are one state.
template <class Rows>
std::string fault_of(Rows&& rows) {
    std::int64_t total = 0;
    std::size_t paid = 0;
    std::size_t received = 0;
    std::int64_t changes = 0;
    for (const Account& account : rows) {
        std::int64_t expected = account.opening;
        for (const auto& made : account.paid.all()) expected -= made.amount;
        for (const auto& made : account.received.all()) expected += made.amount;
        const auto name = "account " + std::to_string(std::int64_t(account.id));
        if (account.balance != expected) {
            return name + " has " + std::to_string(account.balance) + ", its transfers say " + std::to_string(expected);
        }
        const auto touched = account.paid.all().size() + account.received.all().size();
        if (static_cast<std::size_t>(account.version - account.settled) != touched) return name + " lost a change";
        total += account.balance;
        paid += account.paid.all().size();
        received += account.received.all().size();
        changes += account.version - account.settled;
    }
    if (total != count * at_first) return "there are " + std::to_string(total) + " in all";
    if (paid != received) return "a transfer has one side";
    if (static_cast<std::size_t>(changes) != paid + received) return "a transfer is half there";
    return {};
}

inline constexpr std::uint64_t ways = 5; ///< of loading all accounts with their transfers

/// Loads all accounts with their transfers. What is wrong with them; empty if they are one state.
inline std::string fault_in(const kith::Database& db, std::uint64_t way) {
    const auto loaded = db.objects<Account>().prefetch_related("paid", "received");
    switch (way) {
    case 0: return fault_of(loaded);
    case 1: {
        const auto [rows, transfers] = kith::evaluate_together(loaded, db.objects<Transfer>());
        std::size_t paid = 0;
        for (const auto& account : rows) paid += account.paid.all().size();
        return paid == transfers.size() ? fault_of(rows) : "the QuerySets are of two states";
    }
    case 2:
        return db.atomic(
            [](kith::Database& tx) {
                const auto lazily = tx.objects<Account>().all();
                (void)lazily.size();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                return fault_of(lazily); // one more statement for each set that is read
            },
            {.read_only = true});
    case 3: return fault_of(loaded.iterator({.chunk_size = 2, .snapshot = true}));
    default: return fault_of(db.objects<Account>().order_by("-id").prefetch_related("received", "paid"));
    }
}

} // namespace accounts
