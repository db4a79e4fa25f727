"""The rules of the house, held against the sources as they are.

Run by ctest, or alone: python3 tests/architecture/architecture_test.py. Each rule is proved able
to fail in rules_test.py.
"""

import unittest

import includes
import layout
import texts
import tree

_TREE = tree.Tree(tree.ROOT, tree.load_rules())


class TheHouse(unittest.TestCase):
    def assert_kept(self, rule):
        violations = sorted(rule(_TREE))
        self.assertEqual([], violations, "\n" + "\n".join(violations))

    def test_there_is_something_to_read(self):
        self.assertGreater(len(list(_TREE.production())), 30)

    def test_rooms_include_only_what_lies_further_in(self):
        self.assert_kept(includes.arrows)

    def test_the_domain_knows_the_standard_library_only(self):
        self.assert_kept(includes.standard_library_only)

    def test_only_the_store_sees_a_database_library(self):
        self.assert_kept(includes.sql_headers)

    def test_heavy_headers_stay_in_a_handful_of_files(self):
        self.assert_kept(includes.heavy_headers)

    def test_the_domain_has_no_floating_point_no_clock_and_no_chance(self):
        self.assert_kept(texts.no_floating_clock_or_chance)

    def test_only_the_store_writes_sql(self):
        self.assert_kept(texts.no_sql_outside)

    def test_no_unit_or_simulation_test_sleeps(self):
        self.assert_kept(texts.no_sleep_in_tests)

    def test_no_work_is_hidden_in_comments(self):
        self.assert_kept(texts.nothing_left_for_later)

    def test_every_source_and_every_test_is_built(self):
        self.assert_kept(layout.every_source_is_built)

    def test_every_header_is_used(self):
        self.assert_kept(layout.every_header_is_used)

    def test_every_header_guards_itself(self):
        self.assert_kept(layout.every_header_begins_once)

    def test_migrations_are_numbered_without_a_gap(self):
        self.assert_kept(layout.migrations_are_numbered)

    def test_no_file_is_too_long(self):
        self.assert_kept(layout.files_are_short)

    def test_no_function_is_too_long(self):
        self.assert_kept(layout.functions_are_short)


class TheRulesThemselves(unittest.TestCase):
    def test_arrows_never_lead_back(self):
        """Following the arrows from a room never returns to it, but for world and simulators."""
        rooms = tree.load_rules()["rooms"]
        for start in rooms:
            seen, waiting = set(), list(rooms[start]["may_include"])
            while waiting:
                room = waiting.pop()
                if room not in seen:
                    seen.add(room)
                    waiting += rooms[room]["may_include"]
            if start not in ("world", "simulators"):
                self.assertNotIn(start, seen, f"{start} may include itself through {seen}")

    def test_adapters_do_not_know_each_other_or_the_gateway(self):
        rooms = tree.load_rules()["rooms"]
        adapters = {"api", "devices", "broker", "cloud-bridge"}
        for adapter in adapters:
            self.assertEqual({"domain", "store", "engine"}, set(rooms[adapter]["may_include"]))


if __name__ == "__main__":
    unittest.main()
