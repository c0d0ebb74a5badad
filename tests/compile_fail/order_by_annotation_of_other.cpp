// EXPECT-GCC: the_lookup_leads_through_a_relation_to_an_annotation_of(std::string_view) [with Model = Reader;
// EXPECT-CLANG: function 'the_lookup_leads_through_a_relation_to_an_annotation_of<Reader>
// EXPECT: "reader__visits"
#include "annotated.hpp"

void use(const kith::Database& db) { db.objects<Loan>().order_by("reader__visits"); }
