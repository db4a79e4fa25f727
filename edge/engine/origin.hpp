// How a call came: from whom and where, as the audit's chain tells it; and whether it is to be done
// once only, however often it is asked for (docs/contract/http.md, "Idempotency-Key"). Values.
#pragma once

#include <functional>
#include <string>

namespace gatehouse::engine {

struct CallAnswer;

/// For the audit's chain. Without an action nothing is told of the call: it only asks.
struct Origin {
  std::string action = {};   // `POST /api/staff/sessions/{id}/terminate/`
  std::string target = {};   // what the path names
  std::string role = {};     // `ADMIN`, `STAFF`, `USER`, `DEVICE`; "": nobody is signed in
  std::string address = {};  // of whoever asked
};

/// An answer as its caller sees it.
struct Rendered {
  int status = 200;
  std::string content_type;
  std::string body;
  bool operator==(const Rendered&) const = default;
};

/// What tells a repetition from another request, and what is kept for it.
struct OnlyOnce {
  std::string scope;         // who asks, by which method, for which address
  std::string key;           // theirs
  std::string request_hash;  // of everything else that they sent
  /// Pure; called on the engine's thread, with an answer that is not a Rendered one.
  std::function<Rendered(const CallAnswer&)> render;
};

}  // namespace gatehouse::engine
