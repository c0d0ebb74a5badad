#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

/// Text made at compile time, for compile errors that are one sentence. Nothing here is evaluated if a program is
/// right.
namespace kith::detail {

/// A sentence under construction. Text that does not fit is cut off.
struct Sentence {
    char text[1200]{};
    std::size_t size{0};

    constexpr Sentence& operator<<(std::string_view part) {
        for (const char c : part) {
            if (size + 1 < sizeof(text)) text[size++] = c;
        }
        return *this;
    }
    constexpr Sentence& operator<<(std::size_t number) {
        if (number >= 10) *this << number / 10;
        const char digit = static_cast<char>('0' + number % 10);
        return *this << std::string_view(&digit, 1);
    }
};

/// A part of a sentence, as long as its text: a template argument that compilers print.
template <std::size_t N>
struct Text {
    char text[N + 1]{};

    constexpr explicit Text(std::string_view all) {
        for (std::size_t i = 0; i < N; ++i) text[i] = all[i];
        text[N] = 0;
    }
    constexpr Text(const Sentence& sentence, std::size_t begin) {
        for (std::size_t i = 0; i < N; ++i) text[i] = sentence.text[begin + i];
        text[N] = 0; // written explicitly, or Clang prints the text as numbers
    }
};

#if defined(__clang__)
inline constexpr std::size_t longest_text = 32; // Clang cuts longer texts
#else
inline constexpr std::size_t longest_text = sizeof(Sentence::text);
#endif

/// Returns the number of characters from `begin` that make the next Text: whole words, as many as fit.
constexpr std::size_t text_size(const Sentence& sentence, std::size_t begin) {
    if (sentence.size - begin <= longest_text) return sentence.size - begin;
    for (std::size_t n = longest_text; n > 0; --n) {
        if (sentence.text[begin + n - 1] == ' ') return n;
    }
    return longest_text;
}

} // namespace kith::detail

namespace kith {
/// Never defined: its arguments say what is wrong.
template <detail::Text... Sentence>
struct wrong;
} // namespace kith

namespace kith::detail {

template <Text... Sentence>
inline constexpr bool is_right = false;

/// Stops the compiler, which prints the sentence in the line of the error itself: Clang for a failed static_assert, GCC
/// for an incomplete type. (GCC prints the condition of a static_assert lines below.)
template <Text... Sentence>
consteval bool show() {
#if defined(__clang__)
    static_assert(is_right<Sentence...>, "the arguments of is_right say what is wrong");
#else
    typename wrong<Sentence...>::sentence not_there;
#endif
    return true;
}

constexpr std::size_t count_texts(const Sentence& sentence) {
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < sentence.size; begin += text_size(sentence, begin)) ++count;
    return count;
}

template <std::size_t N>
constexpr std::array<std::size_t, N> begin_texts(const Sentence& sentence) {
    std::array<std::size_t, N> begins{};
    for (std::size_t i = 1; i < N; ++i) begins[i] = begins[i - 1] + text_size(sentence, begins[i - 1]);
    return begins;
}

template <class Says, std::size_t... I>
consteval bool stop(std::index_sequence<I...>) {
    constexpr auto begins = begin_texts<sizeof...(I)>(Says::sentence);
    return show<Text<text_size(Says::sentence, begins[I])>(Says::sentence, begins[I])...>();
}

/// Stops the compiler with `Says::sentence`, in pieces that it prints whole.
template <class Says>
consteval bool stop() {
    return stop<Says>(std::make_index_sequence<count_texts(Says::sentence)>{});
}

} // namespace kith::detail
