// gatehouse: the gateway of a lot, and the commands around it.
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/config.hpp"
#include "edge/gateway/log.hpp"
#include "edge/gateway/signals.hpp"

#include <array>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>
#include <spdlog/spdlog.h>

namespace {

using namespace gatehouse;
using namespace gatehouse::gateway;

constexpr std::array<const char*, 2> usual_files = {"lot.toml", "/etc/gatehouse/lot.toml"};

struct Arguments {
  std::string config;  // empty: one of the usual files
  std::string log_format = "text";
  std::string log_level = "info";
  bool is_demo = false;
  BrokerOptions broker;
  std::string explained;
  BackupCommand backup;
  std::string restored;
  ReportCommand report;
  UserOptions user;
};

const std::map<std::string, LogFormat> log_formats = {{"text", LogFormat::text},
                                                      {"json", LogFormat::json}};
const std::map<std::string, LogLevel> log_levels = {{"debug", LogLevel::debug},
                                                    {"info", LogLevel::info},
                                                    {"warning", LogLevel::warning},
                                                    {"error", LogLevel::error}};

CLI::Validator not_empty(const char* expected) {
  return {[expected](const std::string& text) { return text.empty() ? expected : ""; }, ""};
}

void add_common(CLI::App& app, Arguments& arguments) {
  app.add_option("--config", arguments.config,
                 "the lot's file (default: ./lot.toml, then /etc/gatehouse/lot.toml)")
      ->check(not_empty("expected a file's name"))
      ->type_name("FILE");
  app.add_option("--log-format", arguments.log_format, "of the lines on standard error")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  app.add_option("--log-level", arguments.log_level, "the least that is worth a line")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->type_name("LEVEL");
  app.set_version_flag("--version", "gatehouse " GATEHOUSE_VERSION, "print the version");
}

CLI::App* add_command(CLI::App& app, Arguments& arguments, const char* name, const char* does) {
  CLI::App* command = app.add_subcommand(name, does);
  add_common(*command, arguments);
  return command;
}

void add_user_commands(CLI::App& app, Arguments& arguments) {
  CLI::App* user = add_command(app, arguments, "user", "the accounts of people and devices");
  user->require_subcommand(1);
  const auto add = [&](const char* word, const char* does, UserOptions::What what) {
    CLI::App* command = add_command(*user, arguments, word, does);
    command->callback([&arguments, what] { arguments.user.what = what; });
    if (what != UserOptions::What::list)
      command->add_option("NAME", arguments.user.name, "the account's name")->required();
    return command;
  };
  using What = UserOptions::What;
  CLI::App* adding =
      add("add", "make an account; its password is the first line of the input", What::add);
  adding->add_option("--role", arguments.user.role, "what it may")
      ->check(CLI::IsMember({"admin", "staff", "user", "device"}))
      ->type_name("ROLE");
  adding->add_option("--gate", arguments.user.gate, "of a device: the gate whose scans it brings")
      ->type_name("GATE");
  add("passwd", "give it the password that is the first line of the input", What::passwd);
  add("disable", "let nobody sign in with it any more", What::disable);
  CLI::App* rights =
      add("rights", "what a member of staff may beside the usual, and no more", What::rights);
  rights->add_flag("--may-refund", arguments.user.may_refund, "give money back at a provider");
  rights->add_flag("--may-terminate", arguments.user.may_terminate, "end a stay and write it off");
  add("list", "show every account, its role, its rights and whether it is disabled", What::list);
}

void show_problems(const std::filesystem::path& file, const std::vector<ConfigProblem>& problems,
                   bool is_result) {
  for (const ConfigProblem& problem : problems) {
    const std::string line = problem.text(file.string());
    if (is_result) {
      fmt::print(std::cout, "{}\n", line);
    } else {
      spdlog::error("{}", line);
    }
  }
}

/// nullopt: none was named and none is where it usually is.
std::optional<std::filesystem::path> find_config(const Arguments& arguments) {
  if (!arguments.config.empty()) return arguments.config;
  for (const char* file : usual_files) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return file;
  }
  return std::nullopt;
}

int execute(const std::string& command, const Arguments& arguments) {
  if (command != "run") release_signals();
  const auto file = find_config(arguments);
  if (!file) {
    spdlog::error("there is no ./lot.toml and no /etc/gatehouse/lot.toml: name one with --config");
    return exit_code::wrong_usage;
  }
  const auto config = load_config(*file, process_environment);
  if (!config) {
    show_problems(*file, config.error(), command == "check");
    return exit_code::wrong_usage;
  }
  if (command == "check") return check(*config, std::cout);
  if (command == "audit") return audit(*config, std::cout);
  if (command == "explain") return explain(*config, arguments.explained, std::cout);
  if (command == "init") return init(*config, arguments.is_demo, std::cout);
  if (command == "user") return user(*config, arguments.user, std::cin, std::cout);
  if (command == "backup") return backup(*config, arguments.backup, std::cout);
  if (command == "restore") return restore(*config, arguments.restored, std::cout);
  if (command == "report") return report(*config, arguments.report, std::cout);
  if (command == "keys") return rotate_keys(*config, std::cout);
  if (command == "broker") return write_broker(*config, arguments.broker, std::cout);
  return run(*config);
}

/// Says what is wrong with what was typed; where it names no command, also which ones there are.
int refuse_words(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  if (command->get_require_subcommand_min() == 0) {
    app.exit(error);
    return exit_code::wrong_usage;
  }
  const std::vector<std::string> rest = command->remaining();
  const std::string what = rest.empty() || rest.front().starts_with('-')
                               ? error.what()
                               : fmt::format("there is no command \"{}\"", rest.front());
  std::cerr << "gatehouse: " << what << "\n\n" << app.help();
  return exit_code::wrong_usage;
}

void add_backup_commands(CLI::App& app, Arguments& arguments) {
  CLI::App* backup = add_command(app, arguments, "backup",
                                 "make a verified copy of the store, while the gateway runs");
  backup->add_option("--to", arguments.backup.to, "the file to make; it must not exist")
      ->required()
      ->type_name("FILE");
  backup->add_flag("--with-keys", arguments.backup.with_keys, "and of the keys, FILE.keys");
  CLI::App* restore = add_command(app, arguments, "restore",
                                  "put a backup in the store's place; the store is kept aside");
  restore->add_option("--from", arguments.restored, "a backup")->required()->type_name("FILE");
  CLI::App* report = add_command(app, arguments, "report", "print the report of a day");
  report->add_option("--day", arguments.report.day, "like 2026-11-20")
      ->required()
      ->type_name("DAY");
  report->add_option("--period", arguments.report.period, "of the day, its week or its month")
      ->check(CLI::IsMember({"daily", "weekly", "monthly"}))
      ->type_name("PERIOD");
  report->add_option("--format", arguments.report.format, "of what is printed")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->type_name("FORMAT");
}

void add_commands(CLI::App& app, Arguments& arguments) {
  add_command(app, arguments, "run", "run the gateway in the foreground");
  add_command(app, arguments, "check", "check lot.toml and the store");
  CLI::App* init = add_command(app, arguments, "init",
                               "make the store with the zones and slots of lot.toml, its keys and "
                               "the administrator; or add zones and slots that are new");
  init->add_flag("--demo", arguments.is_demo,
                 "for a demo lot: staff1 and user123 beside the administrator");
  add_command(app, arguments, "audit", "prove that the store holds together, and print figures");
  CLI::App* explain = add_command(
      app, arguments, "explain", "why: the chain of causes of a session, payment, scan or opening");
  explain->add_option("ID", arguments.explained, "an id, a short number, a ticket code or a plate")
      ->required()
      ->check(not_empty("expected an id, a short number, a ticket code or a plate"));
  CLI::App* broker = add_command(app, arguments, "broker",
                                 "write Mosquitto's configuration, access list and passwords");
  broker->add_option("--out", arguments.broker.directory, "the directory to write to")
      ->required()
      ->type_name("DIR");
  broker->add_option("--renew", arguments.broker.renew, "the account that gets a new password")
      ->type_name("NAME");
  add_backup_commands(app, arguments);
  add_user_commands(app, arguments);
  CLI::App* keys = add_command(app, arguments, "keys", "the lot's secrets");
  keys->require_subcommand(1);
  add_command(*keys, arguments, "rotate",
              "make new keys; tickets and tokens of the ones before are still accepted");
}

int parse_and_execute(int count, char** words) {
  Arguments arguments;
  CLI::App app("The gateway of a parking lot: from its sensors to live availability.", "gatehouse");
  add_common(app, arguments);
  app.require_subcommand(1);
  add_commands(app, arguments);
  try {
    app.parse(count, words);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return refuse_words(app, error);
  }
  start_logging({.format = log_formats.at(arguments.log_format),
                 .level = log_levels.at(arguments.log_level)});
  return execute(app.get_subcommands().front()->get_name(), arguments);
}

}  // namespace

int main(int count, char** words) {
  hold_signals();  // whoever stops a gateway does not look first how far it has come
  try {
    return parse_and_execute(count, words);
  } catch (const std::exception& error) {
    std::cerr << "gatehouse: " << error.what() << '\n';
    return exit_code::unreachable;
  }
}
