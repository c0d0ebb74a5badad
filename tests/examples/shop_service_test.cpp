#include "handlers.hpp"
#include "models.hpp"
#include "sample.hpp"
#include "server.hpp"
#include "support/test_database.hpp"

#include <kith/json.hpp>
#include <kith/kith.hpp>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// The service of examples/shop_service, asked by an HTTP client over a socket.

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace shop_service_test {

namespace {

using namespace kith::literals;
using namespace std::chrono_literals;
using nlohmann::json;
using travel::TemporaryFolder;

struct Answer {
    int status{0};
    json body{};
    std::size_t statements{0};
};

Answer send(httplib::Client& client, const std::string& method, const std::string& path, const std::string& body) {
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    if (!body.empty()) request.set_header("Content-Type", "application/json");
    const auto result = client.send(request);
    if (!result) return {.body = httplib::to_string(result.error())};
    return {.status = result->status, .body = result->body.empty() ? json() : json::parse(result->body)};
}

/// As a client that comes again when the service is busy, as on a machine that does much else.
Answer insist(httplib::Client& client, const std::string& method, const std::string& path, const std::string& body) {
    auto answer = send(client, method, path, body);
    for (int i = 0; i < 20 && answer.status == 503; ++i) answer = send(client, method, path, body);
    return answer;
}

/// A service with sample data on a port of its own.
class Shop : public testing::Test {
protected:
    Shop() {
        shop::create_tables(db_);
        shop::add_sample(db_);
        answering_ = std::thread([this] { server_.run(); });
    }
    ~Shop() override {
        server_.stop();
        answering_.join();
    }

    /// Asks, and fails the test if rows were loaded one by one, or loaded in vain.
    Answer ask(const std::string& method, const std::string& path, const std::string& body = {}) {
        const kith::QueryLog log(db_);
        const kith::LoadingDetector detector(db_, {.rows = 2, .runs = 3});
        auto answer = send(client_, method, path, body);
        for (const auto& finding : detector.findings())
            ADD_FAILURE() << method << " " << path << ": " << finding.text();
        answer.statements = log.size();
        return answer;
    }
    json get(const std::string& path) {
        const auto answer = ask("GET", path);
        EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
        return answer.body;
    }
    /// Expects a refusal with a part of its text.
    void expect_refusal(int status, std::string_view part, const std::string& method, const std::string& path,
                        const std::string& body = {}) {
        const auto answer = ask(method, path, body);
        EXPECT_EQ(answer.status, status) << method << " " << path << ": " << answer.body;
        EXPECT_NE(answer.body.dump().find(part), std::string::npos) << answer.body << " has no " << part;
    }
    std::int64_t stock_of(int product) { return get("/products/" + std::to_string(product)).at("stock"); }

    TemporaryFolder folder_;
    kith::Database db_{kith::connect(folder_.url())};
    shop::Server server_{db_};
    int port_{server_.bind("127.0.0.1", 0)};
    httplib::Client client_{"127.0.0.1", port_};

private:
    std::thread answering_;
};

/// The values of a member in all rows of a page.
std::vector<std::string> all(const json& page, const char* member) {
    std::vector<std::string> values;
    for (const auto& row : page.at("rows")) values.push_back(row.at(member));
    return values;
}

kith::Decimal decimal(const json& text) { return kith::Decimal(text.get<std::string>()); }

using Texts = std::vector<std::string>;

/// Takes the port away from who listens on it.
void break_socket(int port) {
    for (int file = 0; file < 1024; ++file) {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        const bool is_socket = getsockname(file, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        if (is_socket && address.sin_port == htons(static_cast<std::uint16_t>(port))) shutdown(file, SHUT_RDWR);
    }
}

/// What the service answers to a fault of its own, which it must also log.
int status_of_own_fault(shop::Handler handler, const kith::Database& db, std::string_view logged) {
    testing::internal::CaptureStderr();
    const int status = shop::answer(handler, db, {}).status;
    const auto log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find(logged), std::string::npos) << log;
    return status;
}

} // namespace

TEST_F(Shop, ListsAndChangesTheCatalogue) {
    const auto listed = ask("GET", "/products?price__gte=10&order=-price&include=category__parent,tags");
    ASSERT_EQ(listed.status, 200) << listed.body;
    EXPECT_EQ(all(listed.body, "sku"), (Texts{"tea-2", "tea-1"}));
    EXPECT_EQ(listed.body["rows"][1]["category"]["parent"]["name"], "Drinks");
    EXPECT_EQ(listed.body["rows"][1]["tags"][0]["name"], "green");
    EXPECT_EQ(listed.statements, 4u) << "products, categories, their parents, tags";
    EXPECT_EQ(all(get("/products?tags__name=green"), "sku"), Texts{"tea-1"});
    EXPECT_EQ(all(get("/products?category__name=Cups&name__icontains=GAI"), "sku"), Texts{"cup-1"});

    const auto first = get("/products?order=price&size=2");
    EXPECT_EQ(all(first, "sku"), (Texts{"cup-1", "tea-1"}));
    const auto second = get("/products?order=price&size=2&after=" + first["next"].get<std::string>());
    EXPECT_EQ(all(second, "sku"), Texts{"tea-2"});
    EXPECT_EQ(second["next"], "");

    const auto tree = ask("GET", "/categories");
    EXPECT_EQ(tree.body[1]["children"][0]["name"], "Tea");
    EXPECT_EQ(tree.statements, 3u);

    const auto category = ask("POST", "/categories", R"({"name": "Pots", "parent_id": 3})");
    ASSERT_EQ(category.status, 201) << category.body;
    const auto created = ask("POST", "/products",
                             R"({"sku": "pot-1", "name": "Yixing", "price": "80.00", "category_id": )" +
                                 category.body["id"].dump() + "}");
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(created.statements, 1u);
    const auto path = "/products/" + created.body["id"].dump();
    const auto changed = ask("PATCH", path, R"({"version": 1, "price": "75.5", "stock": 2})");
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.body["version"], 2);
    EXPECT_EQ(ask("PUT", path + "/tags/green").status, 200);
    EXPECT_EQ(ask("PUT", path + "/tags/new%20here").status, 201);
    EXPECT_EQ(ask("DELETE", path + "/tags/green").status, 204);
    const auto pot = get(path + "?include=tags,category__parent");
    EXPECT_EQ(pot["name"], "Yixing");
    EXPECT_EQ(decimal(pot["price"]), kith::Decimal("75.50"));
    EXPECT_EQ(pot["tags"].size(), 1u);
    EXPECT_EQ(pot["tags"][0]["name"], "new here");

    EXPECT_EQ(ask("POST", path + "/reviews", R"({"customer_id": 1, "stars": 5, "text": "fine"})").status, 201);
    EXPECT_EQ(ask("POST", path + "/reviews", R"({"customer_id": 2, "stars": 4})").status, 201);
    EXPECT_EQ(get(path)["stars"], 4.5);
    EXPECT_EQ(get(path + "/reviews?stars__gte=5&include=customer")["rows"][0]["customer"]["name"], "Li Si");

    EXPECT_EQ(ask("POST", "/prices", R"([{"sku": "pot-1", "price": 70}, {"sku": "cup-1", "price": "9.95"}])").status,
              204);
    EXPECT_EQ(decimal(get(path)["price"]), kith::Decimal(70));
    EXPECT_EQ(ask("DELETE", path).status, 204);
    EXPECT_EQ(ask("DELETE", path).status, 404);
}

TEST_F(Shop, TakesOrders) {
    const auto customer = ask("POST", "/customers", R"({"email": "mo@example.org", "name": "Mo"})");
    ASSERT_EQ(customer.status, 201) << customer.body;
    const auto path = "/customers/" + customer.body["id"].dump();
    EXPECT_FALSE(get(path).contains("note"));

    const auto order =
        ask("POST", path + "/orders", R"([{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}])");
    ASSERT_EQ(order.status, 201) << order.body;
    EXPECT_EQ(order.statements, db_.backend() == kith::Backend::postgresql ? 7u : 8u)
        << "the customer, the products twice, the order with its lines, and three for the answer";
    EXPECT_EQ(decimal(order.body["total"]), kith::Decimal("34.90"));
    EXPECT_EQ(order.body["lines"][0]["product"]["stock"], 38);
    expect_refusal(409, "2 of cup-1 are left", "POST", path + "/orders",
                   R"([{"product_id": 1, "quantity": 1}, {"product_id": 3, "quantity": 3}])");
    expect_refusal(400, "there is no product 99", "POST", path + "/orders", R"([{"product_id": 99, "quantity": 1}])");
    EXPECT_EQ(stock_of(1), 38) << "an order that is refused takes nothing";
    const auto larger = ask("POST", "/customers/1/orders",
                            R"([{"product_id": 2, "quantity": 24}, {"product_id": 3, "quantity": 1},
                                {"product_id": 1, "quantity": 1}, {"product_id": 2, "quantity": 1}])");
    ASSERT_EQ(larger.status, 201) << larger.body;
    EXPECT_EQ(larger.statements, order.statements) << "however many lines";

    const auto history = ask("GET", path + "/orders?include=lines__product");
    EXPECT_EQ(history.body["rows"].size(), 1u);
    EXPECT_EQ(decimal(history.body["rows"][0]["total"]), kith::Decimal("34.90"));
    EXPECT_EQ(history.body["rows"][0]["lines"].size(), 2u);
    EXPECT_EQ(history.statements, 4u) << "the customer, the orders, the lines, the products";
    const auto with_tea = get("/orders?state=placed&lines__product=2&include=customer")["rows"];
    ASSERT_EQ(with_tea.size(), 1u) << "two of its lines have it";
    EXPECT_EQ(with_tea[0]["customer"]["name"], "Li Si");
    EXPECT_EQ(get("/orders?size=1")["rows"][0]["customer_id"], 1) << "the newest first";

    const auto sales = ask("GET", "/reports/sales");
    EXPECT_EQ(sales.statements, 1u);
    ASSERT_EQ(sales.body.size(), 2u);
    EXPECT_EQ(sales.body[1]["category"], "Tea");
    EXPECT_EQ(sales.body[1]["quantity"], 28);
    EXPECT_EQ(decimal(sales.body[1]["revenue"]), kith::Decimal("487.5"));
    const auto overview = ask("GET", "/overview");
    EXPECT_EQ(overview.statements, 4u);
    EXPECT_EQ(overview.body["placed_orders"], 2);
    EXPECT_EQ(overview.body["scarce"][0]["sku"], "tea-2") << "nothing is left of it";

    const auto cancel = "/orders/" + order.body["id"].dump() + "/cancel";
    EXPECT_EQ(ask("POST", cancel).body["state"], "cancelled");
    EXPECT_EQ(stock_of(1), 39);
    expect_refusal(409, "cancelled already", "POST", cancel);
    expect_refusal(409, "OrderLine: product_id still refers to the row", "DELETE", "/products/1");
    EXPECT_EQ(get("/overview")["placed_orders"], 1);
}

TEST_F(Shop, RefusesWhatItCannotDo) {
    expect_refusal(400, "did you mean 'price__gte'?", "GET", "/products?price__gtt=1");
    expect_refusal(400, "cannot be filtered by", "GET", "/orders?customer__note=x");
    expect_refusal(400, "which is not a number", "GET", "/products?price__gte=cheap");
    expect_refusal(400, "cannot be ordered by", "GET", "/products?order=stock");
    expect_refusal(400, "cannot be loaded with", "GET", "/products/1?include=sales");
    expect_refusal(400, "size is a number", "GET", "/products?size=1000");
    expect_refusal(400, "", "GET", "/products?after=bm9wZQ");
    const auto token = get("/products?size=1")["next"].get<std::string>();
    expect_refusal(400, "", "GET", "/products?order=-price&after=" + token);
    expect_refusal(404, "", "GET", "/products/77");
    expect_refusal(404, "", "GET", "/products/99999999999999999999");
    expect_refusal(404, "nothing here", "GET", "/nowhere");

    expect_refusal(400, R"({"member":"prise","reason":"Product has no such member: did you mean 'price'?"})", "POST",
                   "/products", R"({"sku": "x", "name": "X", "prise": 1, "category_id": 1})");
    expect_refusal(400, R"({"member":"price","reason":"is missing"})", "POST", "/products",
                   R"({"sku": "x", "name": "X", "category_id": 1})");
    expect_refusal(400, R"({"member":"id","reason":"this member cannot be set"})", "PATCH", "/products/1",
                   R"({"id": 2})");
    expect_refusal(400, "expected a number", "PATCH", "/products/1", R"({"version": 1, "price": "1e3"})");
    expect_refusal(400, R"({"member":"version","reason":"is missing"})", "PATCH", "/products/1", R"({"stock": 1})");
    for (const auto* stock : {"-1", "9223372036854775807"}) {
        expect_refusal(400, R"({"member":"stock","reason":"must be 0 to 1000000000"})", "PATCH", "/products/1",
                       fmt::format(R"({{"version": 1, "stock": {}}})", stock));
    }
    for (const auto& price : {std::string("-0.01"), std::string("12.505"), "0." + std::string(30'000, '1')}) {
        expect_refusal(400, R"("member":"price")", "PATCH", "/products/1",
                       fmt::format(R"({{"version": 1, "price": "{}"}})", price));
    }
    expect_refusal(400, R"("member":"sku")", "POST", "/products",
                   R"({"sku": "", "name": "X", "price": 1, "category_id": 1})");
    expect_refusal(400, R"("member":"stars")", "POST", "/products/1/reviews", R"({"customer_id": 1, "stars": 6})");
    expect_refusal(400, "cannot contain", "POST", "/customers", R"({"email": "a\u0000", "name": "A"})");
    expect_refusal(404, "nothing here", "PUT", "/products/1/tags/%00");
    expect_refusal(400, "no JSON at byte", "POST", "/customers", R"({"email": )");
    expect_refusal(400, "is missing", "POST", "/customers/1/orders", R"([{"product_id": 1}])");
    expect_refusal(400, R"([0].price)", "POST", "/customers/1/orders",
                   R"([{"product_id": 1, "quantity": 1, "price": "0.01"}])");
    for (const auto* quantity : {"-1", "-9223372036854775808", "9223372036854775807"}) {
        expect_refusal(400, R"({"member":"lines[0].quantity","reason":"must be 1 to 1000"})", "POST",
                       "/customers/1/orders", fmt::format(R"([{{"product_id": 1, "quantity": {}}}])", quantity));
    }
    expect_refusal(404, "Customer", "POST", "/customers/99/orders", R"([{"product_id": 1, "quantity": 1}])");

    expect_refusal(409, "Product: another row has the same sku", "POST", "/products",
                   R"({"sku": "tea-1", "name": "Again", "price": 1, "category_id": 1})");
    expect_refusal(409, "Product: the row that category_id refers to does not exist", "POST", "/products",
                   R"({"sku": "x", "name": "X", "price": 1, "category_id": 99})");
    expect_refusal(404, "does not exist", "POST", "/prices",
                   R"([{"sku": "tea-1", "price": 1}, {"sku": "no", "price": 1}])");
    expect_refusal(400, "tea-1 is given twice", "POST", "/prices",
                   R"([{"sku": "tea-1", "price": 1}, {"sku": "tea-1", "price": 2}])");
    expect_refusal(400, R"("member":"[0].price")", "POST", "/prices",
                   R"([{"sku": "tea-2", "price": -1}, {"sku": "tea-1", "price": 1}])");
    EXPECT_EQ(decimal(get("/products/1")["price"]), kith::Decimal("12.5")) << "all prices, or none";
    EXPECT_EQ(stock_of(1), 40);

    EXPECT_EQ(shop::answer(shop::list_products, db_.deadline(0ms), {}).status, 503);
    EXPECT_EQ(shop::answer(shop::list_products, db_.limits({.rows = 1}), {}).status, 400);
}

TEST_F(Shop, UndoesNoOrderByAChangeOfWhatWasReadBefore) {
    const auto seen = get("/products/1");
    ASSERT_EQ(ask("POST", "/customers/1/orders", R"([{"product_id": 1, "quantity": 2}])").status, 201);
    const auto body = fmt::format(R"({{"version": {}, "stock": 50}})", seen["version"].dump());
    expect_refusal(409, "has version 2 now", "PATCH", "/products/1", body);
    EXPECT_EQ(stock_of(1), 38);
    EXPECT_EQ(ask("PATCH", "/products/1", R"({"version": 2, "stock": 50})").status, 200);
    EXPECT_EQ(stock_of(1), 50);

    const auto sell_meanwhile = [](const kith::Database& db, const shop::Request&) -> shop::Response {
        const auto product = db.objects<shop::Product>().get("id"_f = 1);
        db.objects<shop::Product>().update("stock"_f = 49);
        db.save(product);
        return {};
    };
    EXPECT_EQ(shop::answer(sell_meanwhile, db_, {}).status, 409);
}

TEST_F(Shop, AnswersForItsOwnFaults) {
    const auto slice_badly = [](const kith::Database& db, const shop::Request&) -> shop::Response {
        return {200, kith::to_json(db.objects<shop::Product>().slice(2, 1))};
    };
    EXPECT_EQ(status_of_own_fault(slice_badly, db_, "ends before it begins"), 500);
    const auto follow_nothing = [](const kith::Database& db, const shop::Request&) -> shop::Response {
        return {200, db.objects<shop::Category>().get("id"_f = 1)->parent->name};
    };
    EXPECT_EQ(status_of_own_fault(follow_nothing, db_, "Category"), 500);
}

TEST_F(Shop, StopsWhenItHasEndedByItself) {
    shop::Server server(db_);
    break_socket(server.bind("127.0.0.1", 0));
    EXPECT_THROW(server.run(), std::runtime_error);
    server.stop(); // returns
}

TEST_F(Shop, KeepsItsStockUnderLoad) {
    constexpr int clients = 8;
    constexpr int orders = 14;
    std::atomic<int> placed{0};
    std::atomic<int> refused{0};
    const kith::LoadingDetector detector(db_, {.rows = 2, .runs = 1'000'000});
    const auto shop_all_day = [&](int number) {
        httplib::Client client("127.0.0.1", port_);
        client.set_keep_alive(true);
        for (int i = 0; i < orders; ++i) {
            // Products in either order: who locks them as they come would wait in a circle.
            const bool forth = (number + i) % 2 == 0;
            const auto lines = forth ? R"([{"product_id": 1, "quantity": 1}, {"product_id": 2, "quantity": 1}])"
                                     : R"([{"product_id": 2, "quantity": 1}, {"product_id": 1, "quantity": 1}])";
            const auto answer = insist(client, "POST", "/customers/1/orders", lines);
            ++(answer.status == 201 ? placed : refused);
            EXPECT_TRUE(answer.status == 201 || answer.status == 409) << answer.status << answer.body;
            if (answer.status == 201 && i % 3 == 0) {
                const auto path = "/orders/" + answer.body["id"].dump() + "/cancel";
                EXPECT_EQ(insist(client, "POST", path, "").status, 200);
            }
            const auto listed = insist(client, "GET", "/orders?include=lines__product&size=5", "");
            EXPECT_EQ(listed.status, 200) << listed.body;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) threads.emplace_back(shop_all_day, i);
    for (auto& thread : threads) thread.join();

    EXPECT_GE(placed, 25) << "there were as many of the second product";
    EXPECT_GT(refused, 0);
    const auto sold = get("/reports/sales");
    EXPECT_GE(stock_of(2), 0);
    EXPECT_EQ(stock_of(1) + stock_of(2) + sold[0]["quantity"].get<std::int64_t>(), 40 + 25);
    for (const auto& finding : detector.findings()) ADD_FAILURE() << finding.text();
}

TEST_F(Shop, IsAProgramThatEndsWhenItIsTold) {
    const auto url = folder_.url("program.db");
    const std::array<const char*, 6> arguments{SHOP_SERVICE, "--sample", "--port", "0", url.c_str(), nullptr};
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    pid_t program = 0;
    ASSERT_EQ(posix_spawn(&program, SHOP_SERVICE, &actions, nullptr, const_cast<char**>(arguments.data()), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    std::string line;
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    close(ends[0]);
    std::smatch port;
    EXPECT_TRUE(std::regex_match(line, port, std::regex("listening on http://127.0.0.1:([0-9]+)"))) << line;
    if (!port.empty()) {
        httplib::Client client("127.0.0.1", std::stoi(port[1]));
        EXPECT_EQ(all(send(client, "GET", "/products?order=-name", "").body, "sku"),
                  (Texts{"tea-2", "tea-1", "cup-1"}));
    }
    kill(program, SIGTERM);
    int status = -1;
    ASSERT_EQ(waitpid(program, &status, 0), program);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(ShopSources, HaveNoSqlSqlite) {
    const std::regex sql(R"(\braw\(|\braw<|"(SELECT|INSERT|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH) )");
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(SHOP_SOURCES)) {
        const auto extension = entry.path().extension();
        if (extension != ".cpp" && extension != ".hpp") continue;
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        EXPECT_FALSE(std::regex_search(text.str(), sql)) << entry.path();
        ++files;
    }
    EXPECT_GT(files, 10);
}

} // namespace shop_service_test
