#pragma once

#include "output.hpp"
#include "shape.hpp"

#include <memory>
#include <string_view>

namespace kith::cli {

/// Prints rows one after the other as they arrive.
class Format {
public:
    Format(const Shape& shape, Output& out) : shape_(shape), out_(out) {}
    Format(const Format&) = delete;
    Format& operator=(const Format&) = delete;
    virtual ~Format() = default;

    virtual void begin() {}
    virtual void row(const void* row) = 0;
    virtual void end() {}

protected:
    const Shape& shape_;
    Output& out_;
};

/// `name` is json, jsonl, table or tree.
std::unique_ptr<Format> make_format(std::string_view name, const Shape& shape, Output& out);

std::unique_ptr<Format> make_table_format(const Shape& shape, Output& out);
std::unique_ptr<Format> make_tree_format(const Shape& shape, Output& out);

} // namespace kith::cli
