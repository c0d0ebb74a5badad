#pragma once

/// All public headers of Kith. `using namespace kith::literals;` enables `"…"_f`.

#include <kith/aggregate.hpp>
#include <kith/annotation.hpp>
#include <kith/atomic_options.hpp>
#include <kith/backend.hpp>
#include <kith/connect_options.hpp>
#include <kith/database.hpp>
#include <kith/error.hpp>
#include <kith/evaluate_together.hpp>
#include <kith/expression.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/generic_relation.hpp>
#include <kith/isolation.hpp>
#include <kith/iterator_options.hpp>
#include <kith/lazy.hpp>
#include <kith/limits.hpp>
#include <kith/load_strategy.hpp>
#include <kith/loading_detector.hpp>
#include <kith/loading_plan.hpp>
#include <kith/model.hpp>
#include <kith/none.hpp>
#include <kith/on_delete.hpp>
#include <kith/prefetch.hpp>
#include <kith/query_log.hpp>
#include <kith/query_set.hpp>
#include <kith/raw_query_set.hpp>
#include <kith/ref.hpp>
#include <kith/relation.hpp>
#include <kith/span.hpp>
#include <kith/stream.hpp>
#include <kith/table.hpp>
#include <kith/trace_page.hpp>
#include <kith/types.hpp>
#include <kith/with.hpp>
