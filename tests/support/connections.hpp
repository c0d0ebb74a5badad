#pragma once

#include <kith/kith.hpp>

#include <cstddef>
#include <exception>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace travel {

/// Reads a row on each of `count` connections at once, which a pool must have. Throws if one of them cannot.
template <class M>
void take_connections(const kith::Database& db, std::size_t count) {
    std::latch all_have_one(static_cast<std::ptrdiff_t>(count));
    std::mutex mutex;
    std::exception_ptr failure;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) {
        threads.emplace_back([&] {
            try {
                auto stream = db.objects<M>().iterator({.chunk_size = 1});
                if (stream.begin() == stream.end()) throw std::runtime_error("there is no row");
                all_have_one.arrive_and_wait();
            } catch (...) {
                all_have_one.count_down();
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
}

} // namespace travel
