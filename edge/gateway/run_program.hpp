// Runs a program to its end, without a shell, for as long as it may take at most.
//
//   const auto done = run_program({"/usr/bin/rsync", "-a", file, "box:/backups"}, 30min, wanted);
//
// Any thread; it waits. The program gets no input, no open file of ours, and PATH, HOME and LANG of
// our environment only; says what it says into our standard error; and is killed together with what
// it started when its time is over or nobody wants it any more.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::gateway {

/// `words`: the program, found by PATH, and its arguments; never empty. The error is a sentence.
std::expected<void, std::string> run_program(const std::vector<std::string>& words,
                                             std::chrono::milliseconds timeout,
                                             const std::function<bool()>& is_wanted);

}  // namespace gatehouse::gateway
