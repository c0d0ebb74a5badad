#include "tool/compilers.hpp"
#include "tool/public_schemas.hpp"

#include <algorithm>
#include <regex>
#include <string_view>

using namespace travel;

/// Every command on schemas that other people made.
class ToolPublicSchemas : public testing::Test {
public:
    ToolPublicSchemas() {
        Raw(url("chinook")).run(chinook);
        Raw(url("northwind")).run(northwind);
    }
    std::string url(const std::string& name) const { return folder_.url(name + ".db"); }

    /// The tables, each with its relations.
    std::vector<std::pair<std::string, std::vector<std::string>>> tables(const std::string& name) const {
        const auto json = output_of({"schema", url(name), "--json"});
        const std::regex each("\\{\"name\": \"([^\"]+)\", (view|kind|\"view\"|\"kind\")");
        std::vector<std::pair<std::string, std::vector<std::string>>> all;
        for (auto at = std::sregex_iterator(json.begin(), json.end(), each); at != std::sregex_iterator(); ++at) {
            if ((*at)[2] == "\"view\"") {
                all.push_back({(*at)[1], {}});
            } else {
                all.back().second.push_back((*at)[1]);
            }
        }
        return all;
    }
    std::string fetched(const std::string& name, std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"fetch", url(name)});
        arguments.insert(arguments.end(), {"--format", "jsonl"});
        return output_of(arguments);
    }

    /// The values and names in a text, in no order: that of a set without an order is the database's.
    static std::vector<std::string> parts_of(const std::string& text) {
        std::vector<std::string> parts(1);
        for (const char c : text) {
            if (std::string_view("{}[],\n").find(c) == std::string_view::npos) {
                parts.back() += c;
            } else {
                parts.emplace_back();
            }
        }
        std::ranges::sort(parts);
        return parts;
    }

private:
    TemporaryFolder folder_;
};

TEST_F(ToolPublicSchemas, AreShown) {
    for (const auto* name : {"chinook", "northwind"}) {
        for (const auto* form : {"--json", "--dot", "--svg"}) EXPECT_NE(output_of({"schema", url(name), form}), "");
    }
    const auto tree = output_of({"schema", url("northwind"), "Order Details"});
    EXPECT_NE(tree.find("→ ProductID"), std::string::npos) << tree;
    EXPECT_EQ(tables("chinook").size(), 11U);
    EXPECT_EQ(tables("northwind").size(), 14U);
}

TEST_F(ToolPublicSchemas, AreLoadedWithAllTheirRelations) {
    for (const std::string name : {"chinook", "northwind"}) {
        for (const auto& [table, relations] : tables(name)) {
            std::vector<std::string> load{"fetch", url(name), table};
            for (const auto& relation : relations) load.insert(load.end(), {"--prefetch", relation});
            const auto with = [&](const std::vector<std::string>& more) {
                auto all = load;
                all.insert(all.end(), more.begin(), more.end());
                return output_of(all);
            };
            const auto parts = [&](const std::vector<std::string>& more) { return parts_of(with(more)); };
            EXPECT_EQ(parts({"--format", "jsonl", "--stream", "1"}), parts({"--format", "jsonl"})) << table;
            for (const auto* format : {"table", "tree"}) EXPECT_NE(with({"--format", format}), "") << table;
        }
    }
}

TEST_F(ToolPublicSchemas, NestRowsUnderTheirNames) {
    EXPECT_EQ(fetched("northwind", {"Customers", "--filter", "CustomerID=ALFKI", "--prefetch", "Orders_set__EmployeeID",
                                    "--prefetch", "CustomerDemographics"}),
              R"({"CustomerID":"ALFKI","CompanyName":"Alfred","Orders_set":[{"OrderID":1,"CustomerID":"ALFKI",)"
              R"("EmployeeID_id":1,"OrderDate":"1996-07-04","ShipVia":1,)"
              R"("EmployeeID":{"EmployeeID":1,"LastName":"Davolio","ReportsTo":null}}],"CustomerDemographics":[]})"
              "\n");
    EXPECT_EQ(fetched("northwind", {"Orders", "--filter", "Order Details_set__Quantity=12", "--fields", "OrderID",
                                    "--prefetch", "Order Details_set{Discount__gt=0; to_attr=cheaper}"}),
              R"({"OrderID":1,"cheaper":[{"OrderID":1,"ProductID":1,"Quantity":12,"Discount":0.5}]})"
              "\n");
    EXPECT_EQ(fetched("chinook", {"Album", "--order-by", "AlbumId", "--select-related", "ArtistId", "--limit", "1"}),
              R"({"AlbumId":1,"Title":"Rock on the Long March","ArtistId_id":1,)"
              R"("ArtistId":{"ArtistId":1,"Name":"Cui Jian"}})"
              "\n");
}

TEST_F(ToolPublicSchemas, GiveRowsOnceWithDistinct) {
    const std::vector<std::string> loud{"Playlist", "--filter", "Track__AlbumId=1", "--order-by", "PlaylistId"};
    const std::string first = "{\"PlaylistId\":1,\"Name\":\"Loud\"}\n";
    const std::string second = "{\"PlaylistId\":2,\"Name\":\"Old\"}\n";
    EXPECT_EQ(fetched("chinook", loud), first + first + second) << "a row for each track that fulfils it";
    const auto with = [&](const std::vector<std::string>& more) {
        auto all = loud;
        all.insert(all.end(), more.begin(), more.end());
        return fetched("chinook", all);
    };
    EXPECT_EQ(with({"--distinct"}), first + second);
    EXPECT_EQ(with({"--distinct", "--limit", "1", "--offset", "1"}), second) << "it counts the rows that are left";
    EXPECT_EQ(with({"--distinct", "--stream", "1"}), first + second);
    EXPECT_EQ(with({"--distinct", "--max-rows", "2"}), first + second);
    EXPECT_EQ(
        with({"--distinct", "--fields", "PlaylistId", "--prefetch", "Track{order_by=TrackId; limit=1}"}).substr(0, 44),
        R"({"PlaylistId":1,"Track":[{"TrackId":1,"Name")");

    const auto artist = [&](const std::string& inside) {
        return fetched("chinook", {"Artist", "--filter", "ArtistId=1", "--fields", "Name", "--prefetch",
                                   "Album_set{Track_set__UnitPrice__gt=0" + inside + "}"});
    };
    const std::string album = R"({"AlbumId":1,"Title":"Rock on the Long March","ArtistId":1})";
    const std::string begin = R"({"Name":"Cui Jian","Album_set":[)";
    EXPECT_EQ(artist(""), begin + album + "," + album + "]}\n");
    EXPECT_EQ(artist("; distinct"), begin + album + "]}\n");
    EXPECT_EQ(artist("; distinct; limit=2"), begin + album + "]}\n");
}

TEST_F(ToolPublicSchemas, AreMeasured) {
    const auto report = output_of({"measure", url("chinook"), "Playlist", "--filter", "Track__AlbumId=1", "--distinct",
                                   "--prefetch", "Track", "--runs", "1", "--chunk", "1"});
    EXPECT_NE(report.find("2 rows of Playlist"), std::string::npos) << report;
    EXPECT_NE(output_of({"measure", url("northwind"), "Orders", "--prefetch", "Order Details_set", "--runs", "1"}), "");
}

TEST_F(ToolPublicSchemas, BecomeModelsThatCompile) {
    expect_compiled({{"chinook", output_of({"models", url("chinook"), "--namespace", "chinook"})},
                     {"northwind", output_of({"models", url("northwind"), "--namespace", "northwind"})}});
}
