// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Values that are filled again and again, a million times an hour: what is emptied keeps its
/// memory for what comes next.
///
/// A structure takes part with a member `each` that visits its members.
namespace sluice::relevance {

/// Makes a value empty and keeps its memory.
struct Empty {
  void operator()(auto&... values) const { (empty(values), ...); }

private:
  template <class T>
  void empty(T& value) const {
    if constexpr (requires { T::each(value, *this); }) {
      T::each(value, *this);
    } else if constexpr (requires { value.clear(); }) {
      value.clear();
    } else {
      value = T{};
    }
  }
};

/// A list whose elements outlive `clear`.
template <class T>
class ReusedList {
public:
  ReusedList() = default;
  ReusedList(std::initializer_list<T> items) : items_{items}, size_{items_.size()} {}

  [[nodiscard]] auto begin() const noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const noexcept { return items_.begin() + offset(size_); }
  [[nodiscard]] auto begin() noexcept { return items_.begin(); }
  [[nodiscard]] auto end() noexcept { return items_.begin() + offset(size_); }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return size_; }
  [[nodiscard]] auto empty() const noexcept -> bool { return size_ == 0; }
  [[nodiscard]] auto operator[](std::size_t at) const -> const T& { return items_[at]; }
  [[nodiscard]] auto back() const -> const T& { return items_[size_ - 1]; }

  void clear() noexcept { size_ = 0; }
  /// One more at the end, empty.
  auto add() -> T& {
    auto& added = add_unread();
    Empty{}(added);
    return added;
  }
  /// One more at the end, for whoever writes over all that may be left in it.
  auto add_unread() -> T& {
    if (size_ == items_.size()) {
      items_.emplace_back();
    }
    return items_[size_++];
  }
  void drop_last() { --size_; }
  /// Takes one out; the others keep their order.
  void drop(typename std::vector<T>::iterator at) {
    std::rotate(at, at + 1, end());
    drop_last();
  }

  friend auto operator==(const ReusedList& a, const ReusedList& b) -> bool {
    return std::ranges::equal(a, b);
  }
  friend auto operator<=>(const ReusedList& a, const ReusedList& b) {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
  }

private:
  static auto offset(std::size_t size) -> std::ptrdiff_t {
    return static_cast<std::ptrdiff_t>(size);
  }

  std::vector<T> items_;
  std::size_t size_ = 0; ///< What is behind it waits to be used again.
};

/// A set in one piece of memory.
template <class T>
class ReusedSet {
public:
  ReusedSet() = default;
  ReusedSet(std::initializer_list<T> items) {
    for (const auto& item : items) {
      insert(item);
    }
  }

  [[nodiscard]] auto begin() const noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const noexcept { return items_.end(); }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return items_.size(); }
  [[nodiscard]] auto empty() const noexcept -> bool { return items_.empty(); }
  [[nodiscard]] auto back() const -> const T& { return items_.back(); }
  [[nodiscard]] auto contains(const auto& value) const -> bool {
    const auto at = std::lower_bound(begin(), end(), value);
    return at != end() && *at == value;
  }

  void clear() noexcept { items_.clear(); }
  /// False when it is there.
  auto insert(const auto& value) -> bool {
    const auto at = std::lower_bound(begin(), end(), value) - begin();
    if (begin() + at != end() && *(begin() + at) == value) {
      return false;
    }
    items_.add() = value;
    std::rotate(items_.begin() + at, items_.end() - 1, items_.end());
    return true;
  }
  void drop_last() { items_.drop_last(); }

  /// For whoever fills it in order. `is_sound`: in order, each once.
  [[nodiscard]] auto items() -> ReusedList<T>& { return items_; }
  [[nodiscard]] auto is_sound() const -> bool {
    return std::adjacent_find(begin(), end(), std::greater_equal<>{}) == end();
  }

  friend auto operator==(const ReusedSet& a, const ReusedSet& b) -> bool = default;
  friend auto operator<=>(const ReusedSet& a, const ReusedSet& b) = default;

private:
  ReusedList<T> items_;
};

/// A map of texts in one piece of memory.
template <class V>
class ReusedMap {
public:
  struct Entry {
    std::string key;
    V value{};

    static void each(auto& self, auto&& visit) { visit(self.key, self.value); }
  };

  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return entries_.size(); }
  [[nodiscard]] auto empty() const noexcept -> bool { return entries_.empty(); }
  [[nodiscard]] auto back() const -> const Entry& { return entries_.back(); }
  /// Null when it is not there.
  [[nodiscard]] auto find(std::string_view key) const -> const V* {
    const auto at = std::ranges::lower_bound(entries_, key, std::less<>{}, &Entry::key);
    return at != end() && at->key == key ? &at->value : nullptr;
  }
  [[nodiscard]] auto find(std::string_view key) -> V* {
    return const_cast<V*>(std::as_const(*this).find(key));
  }
  [[nodiscard]] auto contains(std::string_view key) const -> bool { return find(key) != nullptr; }

  void clear() noexcept { entries_.clear(); }
  /// The value of the key; made, empty, when it is not there.
  auto operator[](std::string_view key) -> V& {
    const auto at = place(key);
    if (entries_.begin() + at == entries_.end() || (entries_.begin() + at)->key != key) {
      entries_.add().key = key;
      std::rotate(entries_.begin() + at, entries_.end() - 1, entries_.end());
    }
    return (entries_.begin() + at)->value;
  }
  /// False when it was not there.
  auto erase(std::string_view key) -> bool {
    const auto at = entries_.begin() + place(key);
    if (at == entries_.end() || at->key != key) {
      return false;
    }
    entries_.drop(at);
    return true;
  }
  void drop_last() { entries_.drop_last(); }

  /// As for a set.
  [[nodiscard]] auto items() -> ReusedList<Entry>& { return entries_; }
  [[nodiscard]] auto is_sound() const -> bool {
    return std::ranges::adjacent_find(entries_, std::greater_equal<>{}, &Entry::key) == end();
  }

private:
  [[nodiscard]] auto place(std::string_view key) const -> std::ptrdiff_t {
    return std::ranges::lower_bound(entries_, key, std::less<>{}, &Entry::key) - begin();
  }

  ReusedList<Entry> entries_;
};

} // namespace sluice::relevance
