#pragma once

#include <kith/detail/core/model_info.hpp>

#include <deque>
#include <span>

/// From declarations to ModelInfos: first the columns of each model, then the relations between them, last the default
/// orders.
namespace kith::model {

using detail::FieldInfo;
using detail::JoinTable;
using detail::MemberDescription;
using detail::ModelDescription;
using detail::ModelInfo;
using detail::RelationInfo;

/// The model without its relations: names, offsets and the columns that are not keys of other models.
void build_columns(ModelInfo& model, const ModelDescription& description);

/// A model whose relations are being resolved, with its declaration.
struct Declared {
    const ModelDescription* description;
    ModelInfo* model;
};

/// Finds the model of a description among those being resolved or resolved before.
class Models {
public:
    virtual ~Models() = default;
    virtual ModelInfo& of(const ModelDescription& description) const = 0;
    virtual const ModelDescription& description_of(const ModelInfo& model) const = 0;
};

/// Gives foreign keys the type of the keys they refer to; the order of the models does not matter.
void resolve_key_types(std::span<const Declared> declared, const Models& models);
/// Fills in the primary keys, the relations and their other ends.
void build_relations(std::span<const Declared> declared, const Models& models);
/// Resolves the default order, whose paths may lead through relations.
void resolve_ordering(const Declared& declared);

} // namespace kith::model
