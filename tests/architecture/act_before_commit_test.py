"""Acting on something uncommitted does not compile, and fails for the right reason.

GATEHOUSE_CXX names the compiler the house is built with; g++ and clang++ word their reasons
differently, so that each case lists both.
"""

import os
import subprocess
import unittest

import tree

_SOURCE = tree.HERE / "act_before_commit.cpp"


def _compile(case):
    compiler = os.environ.get("GATEHOUSE_CXX", "g++")
    return subprocess.run(
        [compiler, "-std=c++23", "-fsyntax-only", f"-I{tree.ROOT}", f"-DGATEHOUSE_CASE={case}", _SOURCE],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )


class ActBeforeCommit(unittest.TestCase):
    def assert_refused(self, case, *reasons):
        result = _compile(case)
        self.assertNotEqual(0, result.returncode, "it compiled")
        self.assertNotIn("fatal error", result.stderr)
        self.assertTrue(any(reason in result.stderr for reason in reasons), result.stderr)

    def test_what_is_committed_may_be_acted_on(self):
        result = _compile(0)
        self.assertEqual((0, ""), (result.returncode, result.stderr))

    def test_effects_are_no_proof(self):
        self.assert_refused(1, "cannot convert 'gatehouse::engine::Effects'",
                            "no viable conversion from 'Effects'")  # fmt: skip

    def test_no_hand_makes_a_proof(self):
        self.assert_refused(2, "is private within this context", "calling a private constructor")

    def test_no_proof_comes_out_of_nothing(self):
        self.assert_refused(3, "no matching function for call", "no matching constructor")

    def test_braces_make_no_proof(self):
        self.assert_refused(4, "is private within this context", "chosen constructor is explicit")

    def test_a_proof_is_not_changed_afterwards(self):
        self.assert_refused(5, "discards qualifiers", "but function is not marked const")

    def test_a_transaction_is_given_away_by_its_commit(self):
        self.assert_refused(6, "passing 'gatehouse::store::Transaction' as 'this' argument discards",
                            "no matching member function for call to 'commit'")  # fmt: skip

    def test_a_transaction_has_one_owner(self):
        self.assert_refused(7, "use of deleted function", "call to deleted constructor")


if __name__ == "__main__":
    unittest.main()
