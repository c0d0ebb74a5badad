#pragma once

#include <kith/kith.hpp>

#include <string>

using namespace kith::literals;

struct Tag;
struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ReverseGeneric<Tag, "content"> tags{};
};
struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
};
struct Tag {
    kith::PrimaryKey<> id{};
    std::string label{};
    kith::GenericForeignKey<Book, Author> content{};
};
