// What a client is told whose bytes are no request.
//
// RESTinio closes the connection of a request that it cannot read without an answer, and says why
// to its logger only: just before, on the same thread. So the logger it is given makes the answer,
// and the socket sends it when it is told to close:
//
//   OnParseError words = [](std::uint64_t connection, std::string_view error) { … };
//   on_parse_error = &words;             // on the transport's thread
//   say_at_once(native_handle(), take_last_words());   // of a socket that is about to be closed
//   discard_unread(native_handle());
//
// The transport's thread.
#pragma once

#include "edge/api/message.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gatehouse::api {

/// Called with the transport's number of the connection and the parser's name of the error
/// (`HPE_INVALID_METHOD`); what it returns is sent. Empty: nothing is.
using OnParseError = std::function<std::string(std::uint64_t connection, std::string_view error)>;
extern thread_local const OnParseError* on_parse_error;  // null: nobody minds

/// Of all that RESTinio logs, errors of the parser are taken note of.
void note_logged_error(std::string_view text);

/// What the last parse error left to be said on the connection that is being closed; "": nothing.
std::string take_last_words();
/// Sends it, as far as it can be sent at once.
void say_at_once(int descriptor, std::string_view words);
/// What was sent and is never read would turn the end of the connection into a reset, which may
/// overtake the answer: what has come so far is taken off the socket.
void discard_unread(int descriptor);

/// What a request is told that the parser could not read, or whose limits it exceeds.
Response answer_to_parse_error(std::string_view error);

/// A whole answer as bytes, after which nothing follows.
std::string last_answer(const Response& response);

/// The logger for RESTinio.
class ParseErrors {
 public:
  template <class Message>
  void trace(Message&& /*message*/) const noexcept {}
  template <class Message>
  void info(Message&& /*message*/) const noexcept {}
  template <class Message>
  void warn(Message&& /*message*/) const noexcept {}
  template <class Message>
  void error(Message&& message) const {
    if (on_parse_error != nullptr) note_logged_error(message());
  }
};

}  // namespace gatehouse::api
