"""Every rule can fail: a small made-up house that keeps all of them, broken in one place a time."""

import copy
import tempfile
import unittest
from pathlib import Path

import cpp_text
import includes
import layout
import texts
import tree

_SOUND = {
    "edge/domain/CMakeLists.txt": "gatehouse_room(domain SOURCES money.cpp)\n",
    "edge/domain/money.hpp": "#pragma once\n#include <cstdint>\nint paise();\n",
    "edge/domain/money.cpp": '#include "edge/domain/money.hpp"\nint paise() { return 1\'000; }\n',
    "edge/store/CMakeLists.txt": "gatehouse_room(store SOURCES rows.cpp)\n",
    "edge/store/rows.cpp": (
        '#include "edge/domain/money.hpp"\n#include <SQLiteCpp/SQLiteCpp.h>\n'
        'const char* query = "SELECT key FROM slots";\n'
    ),
    "edge/store/migrations/0001_lot.sql": "CREATE TABLE lot (id TEXT) STRICT;\n",
    "edge/api/CMakeLists.txt": "gatehouse_room(api SOURCES\n  routes.cpp)  # one a line\n",
    "edge/api/routes.cpp": (
        '#include "edge/domain/money.hpp"\n// never SELECT id FROM lot here\n'
        'const char* sentence = "Select a zone from the list.";\n'
    ),
    "broker/CMakeLists.txt": "gatehouse_room(broker SOURCES link.cpp)\n",
    "broker/link.hpp": "#pragma once\nvoid connect();\n",
    "broker/link.cpp": '#include "broker/link.hpp"\n#include <MQTTAsync.h>\n',
    "tests/unit/CMakeLists.txt": 'gatehouse_unit_test(domain SOURCES "money_test.cpp")\n',
    "tests/unit/money_test.cpp": '#include "edge/domain/money.hpp"\n// no sleep_for here\n',
}


class Rules(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gatehouse-rules-")
        self.addCleanup(self.folder.cleanup)
        self.rules = copy.deepcopy(tree.load_rules())

    def house(self, changes):
        for path, text in {**_SOUND, **changes}.items():
            file = Path(self.folder.name) / path
            if text is None:
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tree.Tree(Path(self.folder.name), self.rules)

    def assert_broken(self, rule, changes, *fragments):
        violations = list(rule(self.house(changes)))
        self.assertEqual(1, len(violations), violations)
        for fragment in fragments:
            self.assertIn(fragment, violations[0])

    def added_to(self, path, text):
        return {path: _SOUND[path] + text}

    def test_the_sound_house_keeps_every_rule(self):
        house = self.house({})
        for module in (includes, texts, layout):
            for name, rule in vars(module).items():
                if callable(rule) and not name.startswith("_"):
                    self.assertEqual([], list(rule(house)), name)

    def test_an_arrow_outwards_is_found(self):
        change = self.added_to("edge/domain/money.cpp", '#include "broker/link.hpp"\n')
        self.assert_broken(includes.arrows, change, "edge/domain/money.cpp:3", "domain", "broker")

    def test_an_arrow_between_adapters_is_found(self):
        change = self.added_to("edge/api/routes.cpp", '  #  include "broker/link.hpp"\n')
        self.assert_broken(includes.arrows, change, "edge/api/routes.cpp:4", "broker")

    def test_an_include_in_a_comment_is_no_arrow(self):
        change = self.added_to("edge/api/routes.cpp", '/*\n#include "broker/link.hpp"\n*/\n')
        self.assertEqual([], list(includes.arrows(self.house(change))))

    def test_a_path_that_does_not_start_at_the_root_is_found(self):
        change = self.added_to("broker/link.cpp", '#include "link.hpp"\n')
        self.assert_broken(includes.arrows, change, "no file of ours")

    def test_our_own_header_in_angle_brackets_is_found(self):
        change = self.added_to("edge/api/routes.cpp", "#include <broker/link.hpp>\n")
        self.assert_broken(includes.arrows, change, "quotes")

    def test_a_file_outside_the_rooms_is_found(self):
        self.assert_broken(includes.arrows, {"edge/attic/old.cpp": "\n"}, "no room")

    def test_the_simulators_may_not_include_the_gateways_main(self):
        change = {
            "edge/gateway/main.hpp": "#pragma once\n",
            "simulators/lot.cpp": '#include "edge/gateway/main.hpp"\n',
        }
        self.assert_broken(includes.arrows, change, "simulators/lot.cpp:1")

    def test_a_foreign_header_in_the_domain_is_found(self):
        for header in ("fmt/format.h", "unistd.h", "random", "thread", "iostream"):
            with self.subTest(header=header):
                change = self.added_to("edge/domain/money.hpp", f"#include <{header}>\n")
                self.assert_broken(includes.standard_library_only, change, header)

    def test_a_database_library_outside_the_store_is_found(self):
        for header in ("sqlite3.h", "SQLiteCpp/Database.h", "pqxx/pqxx"):
            with self.subTest(header=header):
                change = self.added_to("edge/api/routes.cpp", f"#include <{header}>\n")
                self.assert_broken(includes.sql_headers, change, header)

    def test_the_simulated_disk_may_see_the_database_library(self):
        change = {"simulators/world/disk.cpp": "#include <sqlite3.h>\n"}
        self.assertEqual([], list(includes.sql_headers(self.house(change))))

    def test_a_heavy_header_in_one_of_our_headers_is_found(self):
        change = self.added_to("broker/link.hpp", "#include <MQTTAsync.h>\n")
        self.assert_broken(includes.heavy_headers, change, "broker/link.hpp:3", "Paho")

    def test_a_heavy_header_in_a_foreign_room_is_found(self):
        change = self.added_to("edge/store/rows.cpp", "#include <nlohmann/json.hpp>\n")
        self.assert_broken(includes.heavy_headers, change, "edge/store/rows.cpp:4", "nlohmann")

    def test_a_heavy_header_in_too_many_files_is_found(self):
        self.rules["heavy_libraries"]["Paho MQTT"]["files_max"] = 1
        change = {"broker/again.cpp": "#include <mqtt/client.h>\n"}
        self.assert_broken(includes.heavy_headers, change, "2 files, at most 1")

    def test_floating_point_clocks_and_chance_in_the_domain_are_found(self):
        for text in (
            "double fee;", "float fee;", "auto fee = 1.5;", "auto fee = 1e3;", "auto fee = .5;",
            "auto fee = 0x1p3;", "auto fee = 1'000.0L;", "auto t = SomeClock::now();",
            "auto t = std::chrono::system_clock::time_point{};", "std::chrono::steady_clock c;",
            "auto n = rand();", "std::random_device device;", "auto t = time(nullptr);",
        ):  # fmt: skip
            with self.subTest(text=text):
                change = self.added_to("edge/domain/money.cpp", text + "\n")
                self.assert_broken(
                    texts.no_floating_clock_or_chance, change, "edge/domain/money.cpp:3"
                )

    def test_exact_code_in_the_domain_passes(self):
        innocent = (
            "// a double-checked float, 1.5 of them, now()\n"
            'const char* text = "double 1.5 now() \\" rand()";\n'
            'const char* raw = R"x(1.5 " now())x";\n'
            "auto patience = 60s; auto pause = 250ms; auto mask = 0xE5; auto big = 1'000'000;\n"
            "int later(int now) { return now + 0b11 + 'f'; }\n"
        )
        change = self.added_to("edge/domain/money.cpp", innocent)
        self.assertEqual([], list(texts.no_floating_clock_or_chance(self.house(change))))

    def test_sql_outside_the_store_is_found(self):
        for text in (
            '"SELECT id FROM lot"', '"SELECT id "\n  "FROM lot"', '"insert into lot values (1)"',
            'R"(UPDATE lot SET name = 1)"', '"DELETE FROM outbox"', '"PRAGMA user_version"',
            '"BEGIN IMMEDIATE"', '"CREATE TABLE lot (id TEXT)"', '"SELECT count(*)"',
        ):  # fmt: skip
            with self.subTest(text=text):
                change = self.added_to("edge/api/routes.cpp", f"const char* sql = {text};\n")
                self.assert_broken(texts.no_sql_outside, change, "edge/api/routes.cpp:4")

    def test_a_sleeping_test_is_found(self):
        for text in ("std::this_thread::sleep_for(1s);", "usleep(1);", "sleep_until(then);"):
            with self.subTest(text=text):
                change = self.added_to("tests/unit/money_test.cpp", text + "\n")
                self.assert_broken(texts.no_sleep_in_tests, change, "money_test.cpp:3")

    def test_work_left_for_later_is_found(self):
        for word in ("TO" + "DO", "FIX" + "ME"):
            with self.subTest(word=word):
                change = self.added_to("broker/link.cpp", f"// {word}: reconnect\n")
                self.assert_broken(texts.nothing_left_for_later, change, "broker/link.cpp:3", word)

    def test_a_source_that_is_not_built_is_found(self):
        change = {"edge/api/old/forgotten.cpp": "\n"}
        self.assert_broken(layout.every_source_is_built, change, "forgotten.cpp")

    def test_a_source_listed_only_in_a_comment_is_found(self):
        change = {"broker/CMakeLists.txt": "gatehouse_room(broker SOURCES) # link.cpp\n"}
        self.assert_broken(layout.every_source_is_built, change, "broker/link.cpp")

    def test_a_test_that_is_not_built_is_found(self):
        change = {"tests/unit/forgotten_test.cpp": "\n"}
        self.assert_broken(layout.every_source_is_built, change, "forgotten_test.cpp")

    def test_a_source_listed_by_its_stem_is_built_and_its_neighbour_is_not(self):
        change = {
            "bench/CMakeLists.txt": "add_executable(${name} peers/${name}.cpp)\npeer(one)\n",
            "bench/peers/one.cpp": "\n",
            "bench/peers/two.cpp": "\n",
        }
        self.assert_broken(layout.every_source_is_built, change, "bench/peers/two.cpp")

    def test_collected_sources_are_found(self):
        change = {"broker/CMakeLists.txt": "file(GLOB all *.cpp)\nadd_library(b link.cpp)\n"}
        self.assert_broken(layout.every_source_is_built, change, "listed, never collected")

    def test_a_header_that_nothing_includes_is_found(self):
        change = {"broker/old.hpp": "#pragma once\n"}
        self.assert_broken(layout.every_header_is_used, change, "broker/old.hpp")

    def test_a_header_without_guard_is_found(self):
        change = {"broker/link.hpp": "void connect();\n"}
        self.assert_broken(layout.every_header_begins_once, change, "broker/link.hpp")

    def test_a_badly_named_migration_is_found(self):
        for name in ("2_more.sql", "0002_More.sql", "0002_more.txt", "0003_more.sql"):
            with self.subTest(name=name):
                self.setUp()
                change = {"edge/store/migrations/" + name: "\n"}
                self.assert_broken(layout.migrations_are_numbered, change, name)

    def test_a_long_file_is_found_and_an_exception_only_ratchets(self):
        change = {"broker/link.cpp": "int a;\n" * 401}
        self.assert_broken(layout.files_are_short, change, "401 lines")
        self.rules["sizes"]["longer_files"] = {"broker/link.cpp": 401}
        self.assertEqual([], list(layout.files_are_short(self.house(change))))
        self.assert_broken(layout.files_are_short, {}, "no exception any more")

    def test_a_long_function_is_found(self):
        body = "  step();\n" * 59
        change = {"broker/link.cpp": "int connect() {\n" + body + "}\n"}
        self.assert_broken(layout.functions_are_short, change, "broker/link.cpp:1", "61 lines")
        shorter = {"broker/link.cpp": "namespace a {\n" + "int b;\n" * 80 + "}  // namespace a\n"}
        self.assertEqual([], list(layout.functions_are_short(self.house(shorter))))


class Reading(unittest.TestCase):
    def test_digit_separators_do_not_open_a_character(self):
        words = [t.text for t in cpp_text.read("int a = 1'000; char b = '\"'; int c;").tokens]
        self.assertEqual(["int", "a", "=", "1'000", ";", "char"], words[:6])
        self.assertEqual(["int", "c", ";"], words[-3:])

    def test_lines_are_counted_through_comments_and_raw_strings(self):
        source = cpp_text.read('/*\n\n*/ a R"(\n\n)" b\n#include <c>\n')
        lines = {token.text: token.line for token in source.tokens}
        self.assertEqual((3, 5), (lines["a"], lines["b"]))
        self.assertEqual(6, source.includes[0].line)


if __name__ == "__main__":
    unittest.main()
