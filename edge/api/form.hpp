// The members of a request, checked one by one; all that is wrong is told at once.
//
//   auto form = Form::of_body(call.request);
//   if (!form) return std::unexpected(std::move(form.error()));
//   const auto vehicle = form->vehicle("vehicle_number", Need::required);
//   const auto owner = form->text("owner_name", Need::optional, 100);
//   if (!vehicle || !form->is_good()) return std::unexpected(form->refusal());
//   use(*vehicle, owner.value_or(""));
//
// docs/contract/http.md: members that nobody asks for and wrong types are refused with
// `validation_failed` and `fields{}`; the older forms take them as if they were not there, and any
// number, true or false as its text. Text is trimmed, and an empty one is none. Pure; any thread.
#pragma once

#include "edge/api/body.hpp"
#include "edge/domain/gates.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::api {

enum class Need : std::uint8_t { required, optional };

class Form {
 public:
  /// Of an ordinary call: JSON, nothing unknown.
  static std::expected<Form, Response> of_body(const Request& request);
  /// Of one of the older forms: JSON or a form, unknown members passed over.
  static std::expected<Form, Response> of_older_form(const Request& request);
  static std::expected<Form, Response> of_query(const Request& request);

  // Each may be asked for once. nullopt: not there, or wrong, which refusal() tells. What is
  // required and not there is wrong.

  std::optional<std::string> text(std::string_view name, Need need, std::size_t characters_max);
  /// As it came, blanks and all: a password.
  std::optional<std::string> secret(std::string_view name, std::size_t bytes_max,
                                    Need need = Need::required);
  /// true or false.
  std::optional<bool> flag(std::string_view name);
  /// An id, which may also have come as a number.
  std::optional<std::string> id(std::string_view name, Need need);
  std::optional<VehicleNumber> vehicle(std::string_view name, Need need);
  /// A number of rupees with at most two decimals.
  std::optional<Paise> rupees(std::string_view name, Need need = Need::optional);
  /// A time of RFC 3339.
  std::optional<Instant> instant(std::string_view name);
  /// A whole number within these bounds.
  std::optional<int> number(std::string_view name, int least, int most);
  /// The members of an object within: to be asked for in turn, and taken back by merge().
  std::optional<Form> object(std::string_view name);
  /// What is wrong with the object `within` is wrong here, under its name and a dot.
  void merge(std::string_view name, const Form& within);
  /// A gate of the lot. Any other is 404 `gate_not_found`, where nothing else is wrong.
  std::optional<GateIndex> gate(std::string_view name, const GatePlan& gates);

  [[nodiscard]] bool has(std::string_view name) const;
  /// It is there, though perhaps with nothing in it: what somebody wants to be gone.
  [[nodiscard]] bool mentions(std::string_view name) const;
  /// It is there, and null.
  [[nodiscard]] bool is_null(std::string_view name) const;
  void wrong(std::string_view name, std::string_view what);

  /// Nothing is wrong with what was asked for, and there is nothing that nobody asked for.
  [[nodiscard]] bool is_good() const { return !gate_is_unknown_ && problems().empty(); }
  /// Everything that is wrong, as the caller is told; something must be.
  [[nodiscard]] Response refusal() const;

 private:
  enum class Reading : std::uint8_t { strict, lenient };
  Form(Members members, Reading reading) : members_(std::move(members)), reading_(reading) {}

  using Problems = std::vector<std::pair<std::string, std::string>>;  // member → what is wrong
  [[nodiscard]] Problems problems() const;
  const Member* take(std::string_view name, Need need);
  std::optional<std::string> scalar(std::string_view name, Need need, bool number_is_text);

  Members members_;
  Reading reading_;
  std::vector<std::string_view> asked_;
  Problems problems_;  // of what was asked for, in order
  bool gate_is_unknown_ = false;
};

}  // namespace gatehouse::api
