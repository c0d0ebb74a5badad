#include "base/mutex.hpp"
#include "model/build.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace kith::model {

namespace {

/// All models of the program. A model is built together with all models that its relations reach, so that a ModelInfo
/// handed out is complete and never changes.
class Registry final : public Models {
public:
    static Registry& instance() {
        static Registry registry;
        return registry;
    }

    const ModelInfo& get(const ModelDescription& description) {
        const std::lock_guard lock(mutex_);
        if (const auto known = models_.find(&description); known != models_.end()) return *known->second;
        std::vector<Declared> fresh;
        try {
            add(description, fresh);
            resolve_key_types(fresh, *this);
            build_relations(fresh, *this);
            for (const auto& declared : fresh) resolve_ordering(declared);
        } catch (...) {
            for (const auto& declared : fresh) {
                descriptions_.erase(declared.model);
                models_.erase(declared.description);
            }
            throw;
        }
        return of(description);
    }

    ModelInfo& of(const ModelDescription& description) const override { return *models_.at(&description); }
    const ModelDescription& description_of(const ModelInfo& model) const override { return *descriptions_.at(&model); }

private:
    void add(const ModelDescription& description, std::vector<Declared>& fresh) {
        if (models_.contains(&description)) return;
        auto made = std::make_unique<ModelInfo>();
        auto& model = *made;
        fresh.push_back({&description, &model}); // first, so that a failure removes what was added
        models_.emplace(&description, std::move(made));
        descriptions_.emplace(&model, &description);
        build_columns(model, description);
        for (const auto& member : description.members) {
            if (member.target != nullptr) add(member.target(), fresh);
            for (const auto target : member.targets) add(target(), fresh);
            if (member.through != nullptr) add(member.through(), fresh);
        }
    }

    base::Mutex mutex_;
    std::unordered_map<const ModelDescription*, std::unique_ptr<ModelInfo>> models_;
    std::unordered_map<const ModelInfo*, const ModelDescription*> descriptions_;
};

} // namespace

} // namespace kith::model

namespace kith::detail {

const ModelInfo& model_info(const ModelDescription& description) {
    return model::Registry::instance().get(description);
}

} // namespace kith::detail
