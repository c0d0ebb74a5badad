#pragma once

#include <kith/span.hpp>

#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <unordered_map>

/// Writes Kith's spans to a file in OpenTelemetry's own format for files: JSON, one request of the protocol OTLP to a
/// line, as the collector's `otlpjsonfile` receiver reads it. Spans that are part of no other begin a trace of their
/// own.
class OtlpFile {
public:
    /// Begins the file anew. `service` is the name of the program among others. Throws std::ios_base::failure.
    OtlpFile(const std::string& path, std::string service);

    /// What `db.on_trace` takes. The OtlpFile has to live longer than the token that it gives.
    kith::Tracer tracer();

private:
    struct Ids {
        std::string trace;
        std::string span;
    };

    void begin(const kith::Span& span);
    void write(const kith::Span& span);
    /// `digits` hexadecimal digits, by chance.
    std::string random_id(int digits);

    std::ofstream file_;
    std::string service_;
    std::mt19937_64 random_{std::random_device{}()};
    std::unordered_map<std::uint64_t, Ids> open_;
};
