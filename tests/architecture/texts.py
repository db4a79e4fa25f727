"""Rules about what stands in the text of a file. Each yields violations, a sentence each."""

import re

import cpp_text

_FLOATING_TYPES = {"float", "double", "float_t", "double_t"}
_CLOCKS = {
    "system_clock", "steady_clock", "high_resolution_clock", "utc_clock", "tai_clock", "gps_clock",
    "clock_gettime", "gettimeofday", "localtime", "gmtime", "timespec_get",
}  # fmt: skip
_CHANCE = {"rand", "srand", "rand_r", "random_device", "mt19937", "mt19937_64", "getrandom"}
# Of these only the call is a clock: `now` is also what an instant that was handed in is called.
_CLOCK_CALLS = {"now", "time", "clock"}


def no_floating_clock_or_chance(tree):
    """The domain is exact and the same each time: no floating point, no clock, no randomness."""
    for path in tree.production():
        room = tree.rules["rooms"].get(tree.room_of(path), {})
        if not room.get("exact_and_repeatable"):
            continue
        tokens = tree.source(path).tokens
        for i, token in enumerate(tokens):
            called = i + 1 < len(tokens) and tokens[i + 1].text == "("
            where = f"{path}:{token.line}"
            if token.kind == "number" and cpp_text.is_floating(token.text):
                yield f"{where}: {token.text} is a floating-point number"
            elif token.kind != "word":
                continue
            elif token.text in _FLOATING_TYPES:
                yield f"{where}: {token.text} is a floating-point type"
            elif token.text in _CLOCKS or (token.text in _CLOCK_CALLS and called):
                yield f"{where}: {token.text} reads a clock"
            elif token.text in _CHANCE:
                yield f"{where}: {token.text} is chance"


# Capitals anywhere, small letters where a literal begins: sentences for people are neither.
_SQL = (
    r"SELECT\s[^;]*\sFROM\s|SELECT\s+\w+\s*\(|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s"
    r"|UPDATE\s+(OR\s+\w+\s+)?\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|DROP|ALTER)\s+(UNIQUE\s+|TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s"
    r"|PRAGMA\s+\w+|BEGIN\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION)\b|SAVEPOINT\s|ATTACH\s+DATABASE"
)
_SQL_CAPITALS = re.compile(rf"\b(?:{_SQL})")
_SQL_SMALL = re.compile(rf"\s*(?:{_SQL.lower()})")


def no_sql_outside(tree):
    """Only the rooms that know SQL write it."""
    for path in tree.production():
        if any(path.startswith(folder + "/") for folder in tree.rules["sql"]["folders"]):
            continue
        for line, text in tree.source(path).strings():
            if _SQL_CAPITALS.search(text + " ") or _SQL_SMALL.match(text + " "):
                yield f"{path}:{line}: SQL belongs to edge/store: {text[:40]!r}"


_SLEEPS = {"sleep", "usleep", "nanosleep", "clock_nanosleep", "sleep_for", "sleep_until"}


def no_sleep_in_tests(tree):
    """Unit tests and the simulated world never wait for time to pass."""
    for path in tree.files(*tree.rules["sleepless_folders"], endings=[".cpp", ".hpp"]):
        for token in tree.source(path).tokens:
            if token.kind == "word" and token.text in _SLEEPS:
                yield f"{path}:{token.line}: {token.text} waits for time to pass"
    for path in tree.files(*tree.rules["sleepless_folders"], endings=[".py"]):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if re.search(r"\bsleep\s*\(", line):
                yield f"{path}:{number}: sleep waits for time to pass"


# Spelt apart, so that this file does not break its own rule.
_LEFT_FOR_LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")


def nothing_left_for_later(tree):
    """Work that is left is not hidden in comments."""
    for path in tree.files(endings=tree.rules["text_endings"]):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            found = _LEFT_FOR_LATER.search(line)
            if found:
                yield f"{path}:{number}: {found.group()}"
