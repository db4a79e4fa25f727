// Proof that something is on disk.
//
// A Committed<T> comes out of Transaction::commit and out of nothing else; whoever acts on the
// world takes one. Acting on something uncommitted therefore does not compile
// (tests/architecture/act_before_commit.cpp).
#pragma once

#include <utility>

namespace gatehouse::store {

class Transaction;

template <class T>
class Committed {
 public:
  [[nodiscard]] const T& value() const { return value_; }
  const T* operator->() const { return &value_; }

 private:
  friend class Transaction;
  explicit Committed(T value) : value_(std::move(value)) {}
  T value_;
};

}  // namespace gatehouse::store
