#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>

/// The rules of docs/django.md about columns that a QuerySet leaves out.

namespace rules_lazy_test {

using namespace kith::literals;

namespace {

struct Letter;

struct Sender {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Lazy<std::string> portrait{};
    kith::ReverseSet<Letter, "sender"> letters{};
};

struct Letter {
    kith::PrimaryKey<> id{};
    kith::Lazy<std::string> text{};
    kith::Lazy<std::string> envelope{};
    kith::ForeignKey<Sender> sender{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

class LazyRules : public travel::FileTest {
protected:
    LazyRules() {
        db_.create_tables<Sender, Letter>();
        const auto li = db_.objects<Sender>().create({.name = "Li", .portrait = "ink"});
        db_.objects<Letter>().bulk_create(
            {{.text = "a", .envelope = "red", .sender = li}, {.text = "b", .envelope = "blue", .sender = li}});
        log_.emplace(db_);
    }
    kith::QuerySet<Letter> letters() const { return db_.objects<Letter>(); }

    std::optional<kith::QueryLog> log_;
};

} // namespace

TEST_F(LazyRules, Rule178_RefreshLeavesLeftOutColumnsLeftOut) {
    const auto letter = letters().defer("text").first();
    db_.refresh(*letter);
    EXPECT_FALSE(letter->text.is_loaded());
    EXPECT_EQ(log_->size(), 2u);
}

TEST_F(LazyRules, Rule180_KeyColumnsAreAlwaysFetched) {
    const auto bare = letters().only(kith::None);
    const auto senders = db_.objects<Sender>().prefetch_related(kith::Prefetch("letters"_f, bare));
    EXPECT_EQ(senders[0].letters.count(), 2);
    EXPECT_EQ(&*senders[0].letters.all()[1]->sender, &senders[0]);
    EXPECT_EQ(log_->size(), 2u);
}

TEST_F(LazyRules, Rule181_RowsOfASetLeadBackWithoutTheirOtherColumns) {
    const auto li = db_.objects<Sender>().first();
    for (const Letter& letter : li->letters.all().only(kith::None)) EXPECT_EQ(&*letter.sender, &*li);
    EXPECT_EQ(log_->size(), 2u);
}

TEST_F(LazyRules, Rule182_ALeftOutColumnIsLoadedWhenItIsReadAndKept) {
    const auto two = letters().defer("text");
    EXPECT_EQ(two[0].text, "a");
    EXPECT_EQ(two[0].text, "a");
    EXPECT_EQ(log_->size(), 2u);
    EXPECT_EQ((*log_)[1].sql.find("envelope"), std::string::npos) << (*log_)[1].sql;
}

TEST_F(LazyRules, Rule183_OnlyReplacesAndDeferAddsUp) {
    const auto text = letters().only("envelope").only("text");
    EXPECT_TRUE(text[0].text.is_loaded());
    EXPECT_FALSE(text[0].envelope.is_loaded());
    const auto none = letters().defer("text").defer("envelope");
    EXPECT_FALSE(none[0].text.is_loaded() || none[0].envelope.is_loaded());
    const auto cleared = none.defer(kith::None);
    EXPECT_TRUE(cleared[0].text.is_loaded() && cleared[0].envelope.is_loaded());
    EXPECT_THROW((void)letters().only(kith::runtime("nothing")), kith::FieldError);
}

TEST_F(LazyRules, Rule185_ColumnsOfJoinedRowsAreNamedByTheirPath) {
    const auto joined = letters().select_related("sender").defer("sender__portrait");
    EXPECT_EQ(joined[0].sender->name, "Li");
    EXPECT_FALSE(joined[0].sender->portrait.is_loaded());
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(LazyRules, Rule186_AColumnThatAPrefetchLeftOutCostsAStatementEach) {
    const auto bare = letters().defer("text");
    const auto senders = db_.objects<Sender>().prefetch_related(kith::Prefetch("letters"_f, bare));
    for (const Letter& letter : senders[0].letters.all()) EXPECT_EQ(letter.text->size(), 1u);
    EXPECT_EQ(log_->size(), 4u);
}

TEST_F(LazyRules, Rule209_PeersLoadALeftOutColumnTogether) {
    const auto two = letters().defer("text").fetch_mode(kith::FetchMode::peers);
    EXPECT_EQ(two[1].text, "b");
    EXPECT_EQ(two[0].text, "a");
    EXPECT_EQ(log_->size(), 2u);
}

} // namespace rules_lazy_test
