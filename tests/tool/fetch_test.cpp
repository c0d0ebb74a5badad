#include "tool/library.hpp"

using namespace travel;

/// What `kith fetch` prints, against what plain SQL says.
class ToolFetch : public Library {};

namespace {

const std::string in_array_of_tags =
    joined({"'['",
            listed(Library::tag_json("t"),
                   "FROM \"book_tags\" l JOIN \"tag\" t ON t.\"code\" = l.\"tag_code\" WHERE l.\"book_id\" = b.\"id\"",
                   "t.\"code\""),
            "']'"});

} // namespace

TEST_F(ToolFetch, ATable) {
    EXPECT_EQ(fetched({"author", "--order-by", "id"}), expected(author_json("a"), "FROM \"author\" a", "a.\"id\""));
}

TEST_F(ToolFetch, ATableWithoutRows) {
    EXPECT_EQ(fetched({"author", "--filter", "id=99"}), "[]\n");
    EXPECT_EQ(fetched({"author", "--filter", "id=99", "--format", "jsonl"}), "");
}

TEST_F(ToolFetch, AForeignKeyEitherWay) {
    auto members = book_members("b");
    members.emplace_back("editor",
                         "(SELECT " + author_json("e") + " FROM \"author\" e WHERE e.\"id\" = b.\"editor_id\")");
    const auto books = expected(json_object(members), "FROM \"book\" b", "b.\"id\"");
    EXPECT_EQ(fetched({"book", "--order-by", "id", "--prefetch", "editor"}), books);
    EXPECT_EQ(fetched({"book", "--order-by", "id", "--select-related", "editor"}), books);

    auto author = author_members("a");
    author.emplace_back("book_set_by_author_id",
                        joined({"'['",
                                listed(json_object(book_members("b")),
                                       "FROM \"book\" b WHERE b.\"author_id\" = a.\"id\"", "b.\"id\" DESC"),
                                "']'"}));
    EXPECT_EQ(fetched({"author", "--order-by", "id", "--prefetch", "book_set_by_author_id{order_by=-id}"}),
              expected(json_object(author), "FROM \"author\" a", "a.\"id\""));
}

TEST_F(ToolFetch, AManyToManyAndWhatIsBehindIt) {
    auto members = book_members("b");
    members.emplace_back("tags", in_array_of_tags);
    EXPECT_EQ(fetched({"book", "--order-by", "id", "--prefetch", "tags{order_by=code}"}),
              expected(json_object(members), "FROM \"book\" b", "b.\"id\""));

    const auto back = joined({"'['",
                              listed(json_object(book_members("c")),
                                     "FROM \"book_tags\" m JOIN \"book\" c ON c.\"id\" = m.\"book_id\" WHERE "
                                     "m.\"tag_code\" = t.\"code\"",
                                     "c.\"id\""),
                              "']'"});
    const auto tag = json_object(
        {{"code", json_text("t.\"code\"")},
         {"parent__name", "CASE WHEN t.\"parent__name\" IS NOT NULL THEN " + json_text("t.\"parent__name\"") + " END"},
         {"book_set", back}});
    EXPECT_EQ(fetched({"tag", "--order-by", "code", "--prefetch", "book_set{order_by=id}"}),
              expected(tag, "FROM \"tag\" t", "t.\"code\""));
}

TEST_F(ToolFetch, ConditionsAcrossRelations) {
    const auto ids = [&](const std::vector<std::string>& conditions) {
        std::vector<std::string> arguments{"book", "--fields", "id", "--order-by", "id", "--format", "jsonl"};
        arguments.insert(arguments.end(), conditions.begin(), conditions.end());
        return fetched(arguments);
    };
    const auto sql = [&](const std::string& rest) {
        const auto text = raw().value("SELECT " + listed(joined({"'{\"id\":'", as_text("b.\"id\""), "'}'"}),
                                                         "FROM \"book\" b " + rest, "b.\"id\"", "\n"));
        return text.empty() ? "" : text + "\n";
    };
    EXPECT_EQ(ids({"--filter", "title__icontains=D"}), sql("WHERE LOWER(b.\"title\") LIKE '%d%'"));
    EXPECT_EQ(ids({"--filter", "id__in=10,12,999"}), sql("WHERE b.\"id\" IN (10, 12, 999)"));
    EXPECT_EQ(ids({"--filter", "id__range=11,12"}), sql("WHERE b.\"id\" BETWEEN 11 AND 12"));
    EXPECT_EQ(ids({"--filter", "editor__isnull=true"}), sql("WHERE b.\"editor_id\" IS NULL"));
    EXPECT_EQ(ids({"--filter", "in print__gt=0"}), sql("WHERE b.\"in print\" > 0"));
    EXPECT_EQ(ids({"--filter", "author__mentor__id=1"}),
              sql("JOIN \"author\" a ON a.\"id\" = b.\"author_id\" WHERE a.\"mentor_id\" = 1"));
    EXPECT_EQ(ids({"--filter", "tags__parent__name=tree"}),
              sql("WHERE EXISTS (SELECT 1 FROM \"book_tags\" l JOIN \"tag\" t ON t.\"code\" = l.\"tag_code\" WHERE "
                  "l.\"book_id\" = b.\"id\" AND t.\"parent__name\" = 'tree')"));
    EXPECT_EQ(ids({"--exclude", "tags=wood", "--exclude", "title=Cedar"}),
              sql("WHERE b.\"title\" <> 'Cedar' AND b.\"id\" NOT IN (SELECT \"book_id\" FROM \"book_tags\" WHERE "
                  "\"tag_code\" = 'wood')"));
    EXPECT_EQ(ids({"--filter", "author__name=O'Neill \\ & <b>"}), sql("WHERE b.\"author_id\" = 2"));
    EXPECT_EQ(ids({"--filter", "title=x'; DROP TABLE book; --"}), "") << "values are bound";
}

TEST_F(ToolFetch, OptionsOfAPrefetch) {
    const auto out = fetched({"book", "--order-by", "id", "--fields", "id", "--format", "jsonl", "--prefetch",
                              "tags{code__contains=e; order_by=code; to_attr=with_e}", "--prefetch",
                              "tags{!code=tree; order_by=-code; limit=1; to_attr=other}", "--prefetch",
                              "with_e__book_set{order_by=id}"});
    const auto line = out.substr(0, out.find('\n'));
    EXPECT_TRUE(line.starts_with(R"({"id":10,"with_e":[{"code":"tree","parent__name":null,"book_set":[{"id":10,)"))
        << line;
    EXPECT_TRUE(line.ends_with(R"("other":[{"code":"Лес","parent__name":"tree"}]})")) << line;
}

TEST_F(ToolFetch, LimitsAndStreams) {
    EXPECT_EQ(fetched({"book", "--limit", "2", "--fields", "id", "--format", "jsonl"}), "{\"id\":10}\n{\"id\":11}\n");
    EXPECT_EQ(fetched({"book", "--offset", "3", "--fields", "id", "--format", "jsonl"}), "{\"id\":13}\n");
    const std::vector<std::string> load{"book",       "--order-by", "-id", "--prefetch", "tags{order_by=code}",
                                        "--prefetch", "author"};
    auto streamed = load;
    streamed.insert(streamed.end(), {"--stream", "2"});
    EXPECT_EQ(fetched(streamed), fetched(load));
}

TEST_F(ToolFetch, MoreRowsThanAllowed) {
    const auto all = ran({"fetch", "book", "--max-rows", "3", "--fields", "id", "--format", "jsonl"});
    EXPECT_EQ(all.code, 3);
    EXPECT_EQ(all.out, "{\"id\":10}\n{\"id\":11}\n{\"id\":12}\n");
    EXPECT_NE(all.err.find("more than the 3 rows"), std::string::npos) << all.err;
    EXPECT_EQ(ran({"fetch", "book", "--max-rows", "4"}).code, 0);
    EXPECT_EQ(ran({"fetch", "book", "--max-rows", "3", "--limit", "4"}).code, 2);
}

TEST_F(ToolFetch, MoreRelatedRowsOrBytesThanAllowed) {
    const std::vector<std::string> load{"fetch", "book", "--prefetch", "tags", "--format", "jsonl"};
    const auto with = [&](const std::vector<std::string>& options) {
        auto arguments = load;
        arguments.insert(arguments.end(), options.begin(), options.end());
        return ran(arguments);
    };
    EXPECT_EQ(with({}).code, 0);
    const auto rows = with({"--max-related-rows", "1"});
    EXPECT_EQ(rows.code, 3);
    EXPECT_NE(rows.err.find("the lookup tags takes book beyond the 1 related rows"), std::string::npos) << rows.err;
    EXPECT_NE(rows.err.find("--max-related-rows"), std::string::npos) << rows.err;
    EXPECT_EQ(with({"--max-bytes", "10"}).code, 3);
    EXPECT_EQ(with({"--stream", "1"}).code, 0);
    EXPECT_EQ(with({"--stream", "1", "--max-related-rows", "1"}).code, 3);
    EXPECT_EQ(with({"--max-related-rows", "0"}).code, 2);
}

TEST_F(ToolFetch, PeopleCanReadIt) {
    EXPECT_EQ(fetched({"book", "--order-by", "id", "--limit", "2", "--prefetch", "tags{order_by=code}", "--format",
                       "table", "--fields", "id,title"}),
              "id  title  tags\n"
              "──  ─────  ────────────\n"
              "10  Alder  2: tree, Лес\n"
              "11  Birch  1: tree\n");
    EXPECT_EQ(fetched({"tag", "--filter", "code=wood", "--prefetch", "book_set", "--format", "tree"}),
              "tag  code=wood  parent__name=tree\n"
              "└─ book_set: 1 row\n"
              "   └─ book  id=13  title=Douglas  author_id=1  editor_id=3  in print=5\n");
}

TEST_F(ToolFetch, ARelationNamedLikeItsColumn) {
    raw().run(
        R"(CREATE TABLE "note" ("id" INTEGER PRIMARY KEY, "book" INTEGER, FOREIGN KEY ("book") REFERENCES "book"("id")))");
    raw().run(R"(INSERT INTO "note" VALUES (1, 12), (2, NULL))");
    EXPECT_EQ(fetched({"note", "--order-by", "id", "--format", "jsonl"}),
              "{\"id\":1,\"book\":12}\n{\"id\":2,\"book\":null}\n");
    EXPECT_EQ(fetched({"note", "--order-by", "id", "--format", "jsonl", "--prefetch", "book", "--limit", "1"}),
              R"({"id":1,"book_id":12,"book":{"id":12,"title":"Cedar","author_id":2,"editor_id":2,"in print":0}})"
              "\n");
}
