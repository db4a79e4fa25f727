// The sub-commands of gatehouse-sim. Each declares its options on the program's command line and,
// when it was the one that was asked for, leaves in `chosen` what to do; a wrong command line is
// CLI11's to report. Adding one: a file like sensors_command.cpp, a line here, a line in main.cpp.
#pragma once

#include <functional>
#include <stop_token>

namespace CLI {
class App;
}

namespace gatehouse::simulators {

/// Runs until its end or until asked to stop; the result is the exit code.
using Command = std::function<int(const std::stop_token&)>;

void add_sensors_command(CLI::App& program, Command& chosen);
void add_payments_command(CLI::App& program, Command& chosen);
/// `lot`, `barriers` and `readers`.
void add_lot_commands(CLI::App& program, Command& chosen);

}  // namespace gatehouse::simulators
