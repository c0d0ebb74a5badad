#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace kith::sql {

/// The text of a statement. Copies share it with its hash, so that a text which is kept finds its prepared statement
/// without being read.
class StatementText {
public:
    StatementText() = default;
    StatementText(std::string text) {
        if (!text.empty()) shared_ = std::make_shared<const Shared>(std::move(text));
    }
    StatementText(const char* text) : StatementText(std::string(text)) {}

    const std::string& str() const noexcept {
        static const std::string none;
        return shared_ != nullptr ? shared_->text : none;
    }
    operator const std::string&() const noexcept { return str(); }
    operator std::string_view() const noexcept { return str(); }

    bool empty() const noexcept { return str().empty(); }
    std::size_t size() const noexcept { return str().size(); }
    const char* c_str() const noexcept { return str().c_str(); }
    bool starts_with(std::string_view prefix) const noexcept { return str().starts_with(prefix); }

    friend bool operator==(const StatementText& a, const StatementText& b) noexcept {
        return a.shared_ == b.shared_ || a.str() == b.str();
    }

    struct Hash {
        std::size_t operator()(const StatementText& text) const noexcept {
            return text.shared_ != nullptr ? text.shared_->hash : 0;
        }
    };

private:
    struct Shared {
        explicit Shared(std::string from) : text(std::move(from)), hash(std::hash<std::string>{}(text)) {}

        std::string text;
        std::size_t hash;
    };

    std::shared_ptr<const Shared> shared_;
};

} // namespace kith::sql
