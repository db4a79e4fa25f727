#include "edge/store/receipts.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view columns =
    "series, financial_year, number, session, refund, issued_at, total_paise, taxable_paise, "
    "cgst_paise, sgst_paise";

std::string select(std::string_view condition) {
  return select_from("receipts", columns, condition);
}

Receipt read(Run& row) {
  return {.key = row.get<ReceiptKey>(),
          .series = row.get<std::string>(),
          .financial_year = row.get<std::string>(),
          .number = row.get<std::uint32_t>(),
          .session = row.get<SessionKey>(),
          .refund = row.maybe<RefundKey>(),
          .issued_at = row.get<Instant>(),
          .total = row.get<Paise>(),
          .taxable = row.get<Paise>(),
          .cgst = row.get<Paise>(),
          .sgst = row.get<Paise>()};
}

}  // namespace

std::string Receipt::serial() const {
  constexpr std::size_t digits_min = 7;
  const std::string digits = std::to_string(number);
  const std::size_t zeros = digits.size() < digits_min ? digits_min - digits.size() : 0;
  return series + "/" + financial_year + "/" + std::string(zeros, '0') + digits;
}

struct Receipts::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        next_number(raw,
                    "SELECT 1 + coalesce(max(number), 0) FROM receipts "
                    "WHERE series = ? AND financial_year = ?"),
        insert(raw, insert_into("receipts", columns)),
        of_session(raw, select("session = ? AND refund IS NULL")),
        credit_notes(raw, select("session = ? AND refund IS NOT NULL ORDER BY key")) {}
  SQLite::Database& raw;
  Statement next_number;
  Statement insert;
  Statement of_session;
  Statement credit_notes;
};

Receipts::Receipts(Database& database) {
  attempt("cannot open the receipts",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Receipts::~Receipts() = default;

Receipt Receipts::issue(Transaction& /*transaction*/, const Receipt& receipt) {
  return attempt("cannot write a receipt", [&] {
    Receipt issued = receipt;
    {
      Run run(statements_->next_number, receipt.series, receipt.financial_year);
      issued.number = run.next() ? run.get<std::uint32_t>() : 1;
    }
    Run(statements_->insert, issued.series, issued.financial_year, issued.number, issued.session,
        issued.refund, issued.issued_at, issued.total, issued.taxable, issued.cgst, issued.sgst)
        .exec();
    issued.key = inserted<ReceiptKey>(statements_->raw);
    return issued;
  });
}

std::optional<Receipt> Receipts::find(SessionKey session) {
  return attempt("cannot read a receipt",
                 [&] { return only(Run(statements_->of_session, session), read); });
}

std::vector<Receipt> Receipts::credit_notes(SessionKey session) {
  return attempt("cannot read the credit notes",
                 [&] { return all(Run(statements_->credit_notes, session), read); });
}

}  // namespace gatehouse::store
