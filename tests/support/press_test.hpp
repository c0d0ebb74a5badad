#pragma once

#include "support/press_data.hpp"
#include "support/rows.hpp"
#include "support/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace press {

/// The press in a database of its own, in memory if that is SQLite, with a log of its statements.
class PressTest : public testing::Test {
protected:
    PressTest() {
        fill(db_);
        log_.clear();
    }

    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
    template <class M>
    kith::Ref<M> row(std::string_view name) const {
        if constexpr (requires(M& m) { m.title; }) {
            return db_.objects<M>().get(kith::runtime("title") = std::string(name));
        } else {
            return db_.objects<M>().get(kith::runtime("name") = std::string(name));
        }
    }
    /// The number of statements that `work` runs.
    template <class Work>
    std::size_t statements(Work&& work) const {
        const auto before = log_.size();
        work();
        return log_.size() - before;
    }
    /// The text of the statement that ran last.
    std::string last_sql() const { return sql(log_.size() - 1); }
    /// The text of a statement, with names in double quotes on every database.
    std::string sql(std::size_t statement) const {
        auto sql = log_[statement].sql;
        if (travel::backend() == travel::Backend::mariadb) std::ranges::replace(sql, '`', '"');
        return sql;
    }
    bool last_has(std::string_view part) const { return last_sql().find(part) != std::string::npos; }

    travel::TemporaryFolder place_;
    kith::Database db_ = kith::connect(travel::on_sqlite() ? "sqlite::memory:" : place_.url());
    kith::QueryLog log_{db_};
};

/// The rules of docs/django.md, each by its number.
class Rules : public PressTest {};

} // namespace press
