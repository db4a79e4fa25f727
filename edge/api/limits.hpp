// Every bound of the HTTP server, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::api::limits {

using namespace std::chrono_literals;

// docs/contract/http.md: a larger body is 413.
inline constexpr std::size_t body_bytes_max = 64 * 1024;
// How much of a body is read at all, so that 413 can be said; a longer one ends the connection.
inline constexpr std::size_t body_bytes_read_max = 4 * body_bytes_max;

// Whose requests are counted at once, for each kind of counting: some 150 bytes each. Beyond, those
// whose time is over soonest are forgotten.
inline constexpr std::size_t counted_callers_max = 50'000;
// docs/contract/http.md, "Limits": what does not count for its caller.
inline constexpr std::uint32_t device_per_second = 10;
inline constexpr std::uint32_t provider_per_minute = 600;
inline constexpr std::uint32_t status_per_minute = 30;

// Three tokens of ours and what other programs of the same host name leave behind. Beyond, no
// cookie is read.
inline constexpr std::size_t cookie_characters_max = 4 * 1024;
// Proxies between a client and here: nobody has so many.
inline constexpr std::size_t proxies_max = 32;

// What a call's table names, several times over.
inline constexpr std::size_t members_max = 64;
// A list of slots' names is the longest of what may be nested.
inline constexpr std::size_t nested_members_max = 10'000;
inline constexpr std::size_t json_depth_max = 16;

// Whoever asks the engine or gives a password waits for it so long; the answer may still come to
// be, so the caller is told to look.
inline constexpr std::chrono::seconds answer_within = 10s;
inline constexpr std::chrono::seconds tick_interval = 1s;

// docs/contract/http.md: each hash takes 19 MiB and 25 ms, so two at a time …
inline constexpr std::size_t password_threads = 2;
// … and no more waiting than are done within answer_within, with room for a slow box.
inline constexpr std::size_t passwords_waiting_max = 64;

// Reports are read beside the engine, on two cores at most half of the time …
inline constexpr std::size_t reading_threads = 2;
// … and no more waiting than are read within answer_within, most of them in a few milliseconds.
inline constexpr std::size_t reads_waiting_max = 64;

// A request line or a header beyond these ends the connection unanswered.
inline constexpr std::size_t target_characters_max = 8 * 1024;
inline constexpr std::size_t header_name_characters_max = 256;
inline constexpr std::size_t header_value_characters_max = 8 * 1024;
inline constexpr std::size_t headers_max = 64;

// The streams below and as many callers again; each costs about 10 KiB.
inline constexpr std::size_t connections_max = 4'000;
// docs/contract/http.md: streams, 2,000 in all …
inline constexpr std::size_t streams_max = 2'000;
// … the last of which are for staff, however many boards are open.
inline constexpr std::size_t streams_for_staff = 100;
// What one network may take of each, so that it takes no more than a tenth from all others: a lot's
// whole office behind one address has dozens.
inline constexpr std::size_t connections_per_network_max = connections_max / 10;
inline constexpr std::size_t streams_per_network_max = streams_max / 10;
// Descriptors that stay for the store, the broker link and the barriers when clients are many:
// RESTinio never accepts again once accept() has failed for want of one.
inline constexpr std::size_t descriptors_reserved = 256;

// A whole request must have arrived within this time, also the next one of a kept connection.
inline constexpr std::chrono::seconds read_request = 15s;
inline constexpr std::chrono::seconds write_response = 30s;
// An open stream counts as a request being handled; its heartbeats start this time anew.
inline constexpr std::chrono::seconds handle_request = 45s;
inline constexpr std::chrono::seconds heartbeat_interval = 15s;
static_assert(handle_request > 2 * heartbeat_interval);
// Two round trips of a slow line, and a phone's time to reckon; counts as a connection meanwhile.
inline constexpr std::chrono::seconds tls_handshake = 10s;
// A TLS record's size (RFC 8446, 5.1): what is written at once is gathered into one.
inline constexpr std::size_t tls_record_bytes = 16 * 1024;
// What a vanished peer has not acknowledged for so long ends its connection.
inline constexpr std::chrono::milliseconds unacknowledged = 30s;

// Changes are gathered for this long: people see no difference, and a thousand streams cost a
// tenth of a core. The first change after a quiet time goes out at once.
inline constexpr std::chrono::milliseconds publish_interval = 100ms;
// One piece of a stream, shared by all who get it …
inline constexpr std::size_t chunk_bytes_max = 16 * 1024;
// … and what one write holds: all that a stalled client can keep of memory.
inline constexpr std::size_t write_bytes_max = 2 * chunk_bytes_max;
// The journal holds more than one whole state, so that a change of everything still fits; a client
// farther behind is cheaper served with the whole state anew.
inline constexpr std::size_t journal_bytes_min = 1024 * 1024;
inline constexpr std::size_t journal_bytes_per_slot = 400;
// Of what staff are told beside: an hour of a busy lot, with tickets drawn …
inline constexpr std::size_t staff_journal_bytes_max = 512 * 1024;
// … and what may happen between two publications before the oldest of it is left out.
inline constexpr std::size_t staff_events_waiting_max = 1'000;
// Whether a member of staff may still listen is asked so often: every second tick.
inline constexpr unsigned ticks_between_dismissals = 2;
// The kernel's buffer of one connection: enough for a slow line, little enough times 2,000.
inline constexpr int send_buffer_bytes = 128 * 1024;

}  // namespace gatehouse::api::limits
