// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

/// How a function says that it could not do its work.
///
///     auto open(const Path& path) -> Result<File>;
///
///     TRY(auto file, open(path));          // returns the error to our caller
///     TRY_DO(file.append(bytes));          // the same for Result<>
///     TRY(auto page, parse(text).while_doing("reading the content list"));
///
/// `Result` is for the outside world: disks, networks, other programs. A mistake in a person's text
/// (a query, a configuration) is a list of diagnostics with positions; a mistake of our own is
/// `CHECK`.
namespace sluice {

/// What the caller should do next. Add a value only when some caller will act on it differently.
enum class ErrorKind : std::uint8_t {
  invalid_input, ///< Change the input; a retry cannot help.
  unauthorized,  ///< Renew the credential, then try once more.
  forbidden,     ///< Ask an administrator for the permission; try again in an hour, not before.
  gone,          ///< What was asked for no longer exists and will not come back: count it as lost.
  throttled,     ///< Wait for `retry_after`, then try again.
  unavailable,   ///< Try again with back-off.
  malformed,     ///< The other side answered nonsense: try a few times, then set it aside.
  untrusted,     ///< The other side asked for something that it must not have: refuse and report.
  storage,       ///< The local disk failed or is full: stop and say so.
  corrupt,       ///< Stored data is damaged: set it aside and rebuild it.
  cancelled,     ///< Return quietly: the owner asked for it.
};

/// `"throttled"` for `ErrorKind::throttled`, for logs and JSON.
[[nodiscard]] auto name_of(ErrorKind kind) noexcept -> std::string_view;

/// What went wrong, for a program (`kind`, `code`, `retry_after`) and for a person (`message`).
class Error {
public:
  Error(ErrorKind kind, std::string message) : kind_{kind}, message_{std::move(message)} {}

  [[nodiscard]] auto kind() const noexcept -> ErrorKind { return kind_; }
  /// One sentence without a final stop; the outermost activity first: "listing Audit.General: HTTP
  /// 500".
  [[nodiscard]] auto message() const noexcept -> const std::string& { return message_; }
  /// The other side's own code, such as `AF20055` or `AADSTS7000215`; empty when there is none.
  [[nodiscard]] auto code() const noexcept -> const std::string& { return code_; }
  /// How to mend it, for a person; empty when we do not know.
  [[nodiscard]] auto hint() const noexcept -> const std::string& { return hint_; }
  /// How long the other side asked us to wait.
  [[nodiscard]] auto retry_after() const noexcept -> std::optional<std::chrono::milliseconds> {
    return retry_after_;
  }

  [[nodiscard]] auto with_code(std::string code) && -> Error {
    code_ = std::move(code);
    return std::move(*this);
  }
  [[nodiscard]] auto with_hint(std::string hint) && -> Error {
    hint_ = std::move(hint);
    return std::move(*this);
  }
  [[nodiscard]] auto with_retry_after(std::chrono::milliseconds wait) && -> Error {
    retry_after_ = wait;
    return std::move(*this);
  }
  /// Puts `activity` before the message: what we were about when it happened.
  [[nodiscard]] auto while_doing(std::string_view activity) && -> Error;

private:
  ErrorKind kind_;
  std::string message_;
  std::string code_;
  std::string hint_;
  std::optional<std::chrono::milliseconds> retry_after_;
};

/// A `T`, or the `Error` that stood in its way. Dropping one does not compile.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
  using tl::expected<T, Error>::expected;
  // Implicit on purpose: `return Error{...};` is how every function fails.
  Result(Error error) : tl::expected<T, Error>{tl::unexpect, std::move(error)} {}

  auto while_doing(std::string_view activity) && -> Result {
    if (this->has_value()) {
      return std::move(*this);
    }
    return std::move(this->error()).while_doing(activity);
  }
};

} // namespace sluice

#define SLUICE_CONCAT_IMPL(a, b) a##b
#define SLUICE_CONCAT(a, b) SLUICE_CONCAT_IMPL(a, b)
#define SLUICE_TRY_IMPL(temp, target, ...)                                                         \
  auto temp = (__VA_ARGS__);                                                                       \
  if (!temp) [[unlikely]] {                                                                        \
    return std::move(temp).error();                                                                \
  }                                                                                                \
  target = *std::move(temp)
#define SLUICE_TRY_DO_IMPL(temp, ...)                                                              \
  if (auto temp = (__VA_ARGS__); !temp) [[unlikely]] {                                             \
    return std::move(temp).error();                                                                \
  }                                                                                                \
  static_assert(true)

/// `TRY(auto x, f());` - x is the value of f(), or we return its error.
#define TRY(target, ...) SLUICE_TRY_IMPL(SLUICE_CONCAT(try_, __COUNTER__), target, __VA_ARGS__)
/// `TRY_DO(f());` - the same where there is no value to keep.
#define TRY_DO(...) SLUICE_TRY_DO_IMPL(SLUICE_CONCAT(try_, __COUNTER__), __VA_ARGS__)
