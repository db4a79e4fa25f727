// The keys of rows, in types that cannot be mixed up. Given by the store, never reused.
//
// Some leave it: a session's is its short number for staff, an opening's is what barriers report
// with. Values; any thread.
#pragma once

#include <cstdint>

namespace gatehouse::store {

enum class SessionKey : std::int64_t {};
enum class ScanKey : std::int64_t {};
enum class AuthorisationKey : std::int64_t {};
enum class OpeningKey : std::int64_t {};
enum class PaymentKey : std::int64_t {};
enum class RefundKey : std::int64_t {};
enum class ReceiptKey : std::int64_t {};
enum class UserKey : std::int64_t {};
enum class ShiftKey : std::int64_t {};
enum class AlertKey : std::int64_t {};
enum class ClockNoteKey : std::int64_t {};
enum class ActKey : std::int64_t {};
enum class IncidentKey : std::int64_t {};
enum class ExceptionKey : std::int64_t {};
enum class FamilyKey : std::int64_t {};
enum class UserVehicleKey : std::int64_t {};
enum class ErasureKey : std::int64_t {};
enum class OutageKey : std::int64_t {};

}  // namespace gatehouse::store
