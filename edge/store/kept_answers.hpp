// What was answered to a request with an Idempotency-Key, so that whoever asks again gets the same
// and nothing is done twice (docs/contract/http.md). Written in the transaction of what was done.
//
//   if (const auto kept = answers.find(scope, key)) …          // asked before
//   answers.keep(transaction, {.scope = scope, .key = key, …});
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::store {

struct KeptAnswer {
  std::string scope;  // who asked, how, and for what address
  std::string key;
  std::string request_hash;  // tells another request under the same key
  Instant at{};
  int status = 200;
  std::string content_type;
  std::string body;
  bool operator==(const KeptAnswer&) const = default;
};

class KeptAnswers {
 public:
  explicit KeptAnswers(Database& database);
  ~KeptAnswers();
  KeptAnswers(const KeptAnswers&) = delete;
  KeptAnswers& operator=(const KeptAnswers&) = delete;

  [[nodiscard]] std::optional<KeptAnswer> find(std::string_view scope, std::string_view key);
  /// Takes the place of what was kept under the same scope and key: what a provider adds to an
  /// answer later stands in it then.
  void keep(Transaction& transaction, const KeptAnswer& answer);
  /// Deletes up to `rows_max` that were kept before that instant; returns how many.
  int prune(Transaction& transaction, Instant before, int rows_max);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
