// How many of one network are here at once, so that no client takes the room of all others: of
// connections, of streams.
//
//   Crowds crowds(400);
//   Crowds::Place place = crowds.enter(crowd_of(address, trusted));
//   if (!place) … there are as many as may …
//
// A place is given back when its last holder lets go of it, which may be after the crowds are gone.
// Any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace gatehouse::api {

class Crowds {
 public:
  using Place = std::shared_ptr<const void>;

  explicit Crowds(std::size_t each_max);

  /// Null: there are as many of this network as may. Nobody counts the network "".
  [[nodiscard]] Place enter(const std::string& network);
  /// Networks of which somebody is here.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Counts;
  const std::size_t each_max_;
  const std::shared_ptr<Counts> counts_;
};

}  // namespace gatehouse::api
