#include "support/rows.hpp"
#include "support/travel.hpp"

/// Many-to-manys of a model to itself that lead both ways.

namespace symmetrical_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

struct Guest {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Guest, kith::symmetrical> friends{};
    kith::ReverseSet<Guest, "friends"> befriended{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

class Symmetrical : public FileTest {
protected:
    Symmetrical() {
        db_.create_tables<Guest>();
        a_ = db_.objects<Guest>().create({.name = "a"});
        b_ = db_.objects<Guest>().create({.name = "b"});
        c_ = db_.objects<Guest>().create({.name = "c"});
        log_.clear();
    }
    template <class Work>
    std::size_t statements(Work&& work) const {
        const auto before = log_.size();
        work();
        return log_.size() - before;
    }
    Texts friends_of(const kith::Ref<Guest>& guest) const {
        const auto fresh = db_.objects<Guest>().get("pk"_f = guest->id.value);
        return column(fresh->friends.order_by("id"), &Guest::name);
    }
    std::int64_t links() const { return db_.raw<std::int64_t>("SELECT COUNT(*) FROM guest_friends").front(); }

    kith::Ref<Guest> a_{};
    kith::Ref<Guest> b_{};
    kith::Ref<Guest> c_{};
    kith::QueryLog log_{db_};
};

} // namespace

TEST_F(Symmetrical, AddedFriendsHaveOneAnother) {
    EXPECT_EQ(statements([&] { a_->friends.add(b_, c_); }), 2u) << "a statement for each direction";
    EXPECT_EQ(friends_of(a_), (Texts{"b", "c"}));
    EXPECT_EQ(friends_of(b_), Texts{"a"});
    EXPECT_EQ(friends_of(c_), Texts{"a"});
    EXPECT_EQ(links(), 4);
    b_->friends.add(a_);
    EXPECT_EQ(links(), 4) << "the link was there";
    a_->friends.add(a_);
    EXPECT_EQ(links(), 5) << "a link to oneself is its own other direction";
}

TEST_F(Symmetrical, IsLoadedFromEitherEnd) {
    a_->friends.add(b_, c_);
    const auto guests = db_.objects<Guest>().prefetch_related("friends__friends");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(column(guests[1].friends.all(), &Guest::name), Texts{"a"});
                  EXPECT_EQ(column(guests[2].friends.all()[0]->friends.all(), &Guest::name), (Texts{"b", "c"}));
              }),
              3u);
    EXPECT_EQ(db_.objects<Guest>().filter("friends__name"_f = "a").count(), 2);
    EXPECT_EQ(db_.objects<Guest>().filter("befriended__name"_f = "a").count(), 2);
    EXPECT_TRUE(c_->friends.contains(a_));
}

TEST_F(Symmetrical, WhatIsTakenAwayIsGoneInBothDirections) {
    a_->friends.add(b_, c_);
    EXPECT_EQ(statements([&] { b_->friends.remove(a_); }), 2u);
    EXPECT_EQ(friends_of(a_), Texts{"c"});
    EXPECT_EQ(friends_of(b_), Texts{});
    EXPECT_EQ(statements([&] { c_->friends.clear(); }), 2u);
    EXPECT_EQ(links(), 0);
}

TEST_F(Symmetrical, SetAndCreateGoBothWays) {
    a_->friends.add(b_);
    EXPECT_EQ(statements([&] { a_->friends.set(std::vector{c_}); }), 5u) << "a look, then two for each change";
    EXPECT_EQ(friends_of(a_), Texts{"c"});
    EXPECT_EQ(friends_of(b_), Texts{});
    EXPECT_EQ(friends_of(c_), Texts{"a"});
    const auto d = a_->friends.create({.name = "d"});
    EXPECT_EQ(friends_of(d), Texts{"a"});
    const auto e = b_->friends.all().get_or_create("name"_f = "e").first;
    EXPECT_EQ(friends_of(e), Texts{"b"});
    a_->befriended.remove(d);
    EXPECT_EQ(friends_of(d), Texts{}) << "its reverse end is the same set";
    EXPECT_EQ(friends_of(a_), Texts{"c"});
}

} // namespace symmetrical_test
