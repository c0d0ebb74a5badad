#pragma once

#include <kith/detail/core/model_info.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kith::json_rows {

/// The members of a model in JSON, by their names there.
struct Shape {
    struct Member {
        std::string name{};
        std::string quoted{}; ///< the name as a JSON string
        const detail::FieldInfo* field{nullptr};
    };

    std::vector<Member> values{};    ///< columns and annotations; a relation stands for its key
    std::vector<Member> relations{}; ///< relations and slots

    /// The shape of a model. Throws ValueError if two members have the same name.
    explicit Shape(const detail::ModelInfo& model);

    const Member* value_called(std::string_view name) const noexcept;
    const Member* relation_called(std::string_view name) const noexcept;
};

} // namespace kith::json_rows
