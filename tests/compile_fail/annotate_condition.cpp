// EXPECT: kith: annotate takes "slot"_f = kith::Count("path"_f) and the like
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Reader>().annotate("visits"_f = 3); }
