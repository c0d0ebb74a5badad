// The proxy of the tests as a program, for clients in any language: `kith_bench_imdb_proxy SOCKET`. It prints its port,
// then answers each line of its input, and ends with it:
//
//     delay MICROSECONDS      delays all bytes by this time, in either direction; answers "ok"
//     trips                   answers the number of round trips since the last question

#include "support/proxy.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s SOCKET\n", argv[0]);
        return 2;
    }
    travel::Proxy proxy(argv[1], true);
    std::cout << proxy.port() << std::endl;
    for (std::string command; std::cin >> command;) {
        if (command == "trips") {
            std::cout << proxy.round_trips() << std::endl;
            proxy.reset();
        } else if (int each_way = 0; command == "delay" && std::cin >> each_way) {
            proxy.delay(std::chrono::microseconds(each_way));
            std::cout << "ok" << std::endl;
        } else {
            std::cout << "unknown command" << std::endl;
        }
    }
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
