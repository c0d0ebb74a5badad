#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// on_change: what was committed, by model, key and kind.
namespace changes_test {

using namespace kith::literals;
using kith::ChangeKind;

namespace {

struct Post;

struct Tag {
    kith::PrimaryKey<std::string> name{};
    std::int32_t uses{};
};

struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Post, "writer"> posts{};
};

struct Post {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ForeignKey<Writer, kith::null> writer{};
    kith::ManyToMany<Tag> tags{};
};

struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::string, kith::primary_key, kith::max_length<1>> letter{};
    bool taken{};
};

using Texts = std::vector<std::string>;

std::string text_of(const kith::Change& change) {
    std::string text(change.model);
    if (!change.key.empty()) text.append(" ").append(change.key);
    if (!change.member.empty()) text.append(".").append(change.member);
    if (change.kind == ChangeKind::created_or_updated) return text + " written";
    text += change.kind == ChangeKind::created   ? " created"
            : change.kind == ChangeKind::updated ? " updated"
                                                 : " deleted";
    return change.key.empty() ? text + " " + std::to_string(change.rows) : text;
}

class Changes : public travel::FileTest {
protected:
    Changes() { db_.create_tables<Tag, Writer, Post, Seat>(); }

    /// What was reported since the last call.
    Texts taken() { return std::exchange(seen_, {}); }
    kith::QuerySet<Post> posts() const { return db_.objects<Post>(); }

    Texts seen_;
    std::shared_ptr<void> token_{
        db_.on_change([this](const kith::Change& change) { seen_.push_back(text_of(change)); })};
};

TEST_F(Changes, OfSingleRowsHaveTheirKeys) {
    auto post = posts().create({.title = "tea"});
    EXPECT_EQ(taken(), Texts{"Post 1 created"});
    post->title = "rice";
    db_.save(*post);
    EXPECT_EQ(taken(), Texts{"Post 1 updated"});
    Post other{.title = "salt"};
    db_.insert(other);
    Post gone{.id = 40};
    db_.save(gone);
    EXPECT_EQ(taken(), (Texts{"Post 2 created", "Post 40 created"}));
    db_.remove(other);
    EXPECT_EQ(taken(), Texts{"Post 2 deleted"});
    Post missing{.id = 41};
    db_.remove(missing);
    EXPECT_EQ(taken(), Texts{}) << "there was no such row";
    posts().get_or_create("title"_f = "rice");
    EXPECT_EQ(taken(), Texts{});
    posts().update_or_create("title"_f = "rice", kith::defaults("title"_f = "wheat"));
    EXPECT_EQ(taken(), Texts{"Post 1 updated"});
    posts().update_returning("title"_f = "all");
    EXPECT_EQ(taken(), (Texts{"Post 1 updated", "Post 40 updated"}));
    db_.objects<Tag>().create({.name = "a,b"});
    db_.objects<Seat>().create({.row = 7, .letter = "C"});
    EXPECT_EQ(taken(), (Texts{"Tag a,b created", "Seat 7,C created"}));
}

TEST_F(Changes, OfManyRowsHaveTheirKeysOrTheirNumber) {
    posts().bulk_create(std::vector<Post>(3, {.title = "tea"}));
    EXPECT_EQ(taken(), (Texts{"Post 1 created", "Post 2 created", "Post 3 created"}));
    posts().filter("id__gt"_f = 1).update("title"_f = "rice");
    EXPECT_EQ(taken(), Texts{"Post updated 2"});
    posts().filter("id"_f = 3).remove();
    posts().filter("id"_f = 3).remove();
    EXPECT_EQ(taken(), Texts{"Post deleted 1"}) << "the second one changed nothing";
    posts().bulk_update(posts().order_by("id"), "title"_f);
    EXPECT_EQ(taken(), (Texts{"Post 1 updated", "Post 2 updated"}));
    const std::vector<Tag> tags{{.name = "a"}, {.name = "b"}};
    db_.objects<Tag>().create(tags[0]);
    (void)taken();
    db_.objects<Tag>().bulk_create(tags, kith::on_conflict("name"_f).ignore());
    EXPECT_EQ(taken(), Texts{"Tag b created"});
    db_.objects<Tag>().bulk_create(tags, kith::on_conflict("name"_f).update("uses"_f));
    EXPECT_EQ(taken(), (Texts{"Tag a written", "Tag b written"}));
}

TEST_F(Changes, OfSetsAreThoseOfTheirRows) {
    const auto writer = db_.objects<Writer>().create({.name = "Lu"});
    const auto tea = db_.objects<Tag>().create({.name = "tea"});
    const auto post = writer->posts.create({.title = "A"});
    EXPECT_EQ(taken(), (Texts{"Writer 1 created", "Tag tea created", "Post 1 created"}));
    post->tags.add(tea);
    EXPECT_EQ(taken(), Texts{"Post 1.tags updated"});
    post->tags.clear();
    EXPECT_EQ(taken(), Texts{"Post 1.tags updated"});
    writer->posts.remove(post);
    EXPECT_EQ(taken(), Texts{"Post 1 updated"});
    writer->posts.add(post);
    EXPECT_EQ(taken(), Texts{"Post 1 updated"});
    writer->posts.clear();
    EXPECT_EQ(taken(), Texts{"Post updated 1"});
    const std::vector<Post> some{{.title = "B"}, {.title = "C"}};
    db_.objects<Writer>().create({.name = "Mo"}, kith::with("posts"_f, some));
    const auto with_set = taken();
    ASSERT_FALSE(with_set.empty());
    EXPECT_EQ(with_set.front(), "Writer 2 created");
    // In one statement, the keys of the rows behind are not read.
    EXPECT_TRUE((with_set == Texts{"Writer 2 created", "Post created 2"}) ||
                (with_set == Texts{"Writer 2 created", "Post 2 created", "Post 3 created"}));
}

TEST_F(Changes, AreReportedAfterTheOutermostCommit) {
    db_.atomic([&] {
        posts().create({.title = "outer"});
        EXPECT_THROW(db_.atomic([&] {
            posts().create({.title = "lost"});
            throw std::runtime_error("undone");
        }),
                     std::runtime_error);
        db_.atomic([&] { posts().bulk_create(std::vector<Post>(1, {.title = "kept"})); });
        EXPECT_EQ(seen_, Texts{}) << "nothing before the end";
    });
    auto kept = posts().order_by("id").values_list<"id">();
    ASSERT_EQ(kept.size(), 2U);
    Texts expected;
    for (const auto id : kept) expected.push_back("Post " + std::to_string(id) + " created");
    EXPECT_EQ(taken(), expected);
    EXPECT_THROW(db_.atomic([&] {
        posts().remove();
        throw std::runtime_error("undone");
    }),
                 std::runtime_error);
    EXPECT_THROW(posts().create({.id = kept[0]}), kith::IntegrityError);
    EXPECT_EQ(taken(), Texts{});
}

TEST_F(Changes, OfAttemptsThatAreRunAgainAreDropped) {
    int attempts = 0;
    db_.atomic(
        [&] {
            posts().create({.title = "tea"});
            if (++attempts < 3) throw kith::OperationalError("conflict", {.transient = true});
        },
        {.retries = 5});
    EXPECT_EQ(attempts, 3);
    EXPECT_EQ(taken().size(), 1U);
}

/// The connection is free again, also where there is only one; the changes are there.
TEST_F(Changes, LetTheObserverUseTheDatabase) {
    std::vector<std::string> titles;
    token_ = db_.on_change([&](const kith::Change& change) {
        if (!change.is<Post>()) return;
        titles.push_back(posts().get("id"_f = std::stoll(std::string(change.key)))->title);
        posts().filter("title"_f = "tea").update("title"_f = "read"); // not reported to itself
    });
    posts().create({.title = "tea"});
    db_.atomic([&] {
        posts().create({.title = "rice"});
        db_.objects<Writer>().create({});
    });
    posts().bulk_create(std::vector<Post>(1, {.title = "salt"}));
    EXPECT_EQ(titles, (Texts{"tea", "rice", "salt"}));
    EXPECT_EQ(posts().filter("title"_f = "read").count(), 1);
}

TEST_F(Changes, OutliveAnObserverThatThrowsOrEnds) {
    const auto thrower = db_.on_change([](const kith::Change&) { throw std::runtime_error("not my day"); });
    auto last = db_.on_change([](const kith::Change&) {});
    int calls = 0;
    last = db_.on_change([&](const kith::Change&) {
        ++calls;
        last.reset();
    });
    posts().bulk_create(std::vector<Post>(2));
    EXPECT_EQ(taken().size(), 2U);
    EXPECT_EQ(calls, 1);
    token_.reset();
    posts().create({});
    EXPECT_EQ(taken(), Texts{});
    EXPECT_THROW((void)db_.on_change({}), kith::ValueError);
}

/// What a loop over a stream with a snapshot writes is committed with the snapshot.
TEST_F(Changes, InAStreamWithASnapshotComeWithItsEnd) {
    posts().bulk_create(std::vector<Post>(3));
    (void)taken();
    for (auto& post : posts().order_by("id").iterator({.chunk_size = 1, .snapshot = true})) {
        db_.save(post);
        if (post.id == 1) {
            EXPECT_EQ(seen_, Texts{}) << "the stream is still open";
        }
    }
    EXPECT_EQ(taken().size(), 3U);
}

} // namespace
} // namespace changes_test
