#pragma once

#include "support/travel.hpp"

#include <memory>
#include <string>
#include <utility>

namespace travel {

/// Runs `sql` on another connection after the first statement that the database runs.
class Meanwhile {
public:
    Meanwhile(const kith::Database& db, const TemporaryFolder& folder, std::string sql)
        : token_(db.on_query([this, &folder, text = std::move(sql)](const kith::QueryEvent&) {
              if (done_) return;
              done_ = true;
              folder.raw().run(text);
          })) {}
    bool done() const { return done_; }

private:
    bool done_{false};
    std::shared_ptr<void> token_;
};

} // namespace travel
