// EXPECT: kith: the visitor of a GenericForeignKey must return the same type for every model
#include "generic.hpp"

struct Naming {
    int operator()(const Book&) const { return 1; }
    std::string operator()(const Author& author) const { return author.name; }
};

void use(const Tag& tag) { (void)tag.content.visit(Naming{}); }
