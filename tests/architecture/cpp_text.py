"""C++ source text cut into the parts that rules speak of: code, string literals, includes.

One pass of one regular expression, enough for source that compiles; no preprocessor.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
    | (?P<include>\#[ \t]*include[ \t]*(?:<[^>\n]+>|"[^"\n]+"))
    | (?P<raw>(?:u8|[uUL])?R"(?P<fence>[^()\\\s]{0,16})\((?P<rawtext>.*?)\)(?P=fence)")
    | (?P<string>(?:u8|[uUL])?"(?P<text>(?:\\.|[^"\\\n])*)")
    | (?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
    | (?P<character>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
    | (?P<word>[A-Za-z_]\w*)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_INCLUDED = re.compile(r'(<[^>]+>|"[^"]+")')


@dataclass(frozen=True)
class Token:
    kind: str  # word, number, string, character, other
    text: str  # of a string: what stands between its quotes
    line: int


@dataclass(frozen=True)
class Include:
    path: str
    quoted: bool
    line: int


@dataclass(frozen=True)
class Source:
    tokens: tuple
    includes: tuple

    def strings(self):
        """String literals with their lines; neighbours are one, as the compiler joins them."""
        joined, line, last = [], 0, None
        for token in self.tokens:
            if token.kind == "string":
                if last != "string":
                    line = token.line
                joined.append(token.text)
            elif joined:
                yield line, "".join(joined)
                joined = []
            last = token.kind
        if joined:
            yield line, "".join(joined)


def read(text):
    tokens, includes = [], []
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("fence", "rawtext", "text"):  # a group inside the token's own
            kind = "raw" if match.group("raw") is not None else "string"
        found = match.group()
        if kind == "include":
            name = _INCLUDED.search(found).group()
            includes.append(Include(name[1:-1], name[0] == '"', line))
        elif kind == "raw":
            tokens.append(Token("string", match.group("rawtext"), line))
        elif kind == "string":
            tokens.append(Token("string", match.group("text"), line))
        elif kind not in ("comment", "space"):
            tokens.append(Token(kind, found, line))
        line += found.count("\n")
    return Source(tuple(tokens), tuple(includes))


def is_floating(number):
    """Whether a numeric literal is a floating-point one."""
    digits = number.replace("'", "").lower()
    if digits.startswith("0x"):
        return "p" in digits
    if digits.startswith("0b"):
        return False
    # A user-defined suffix (60s, 250ms) may hold any letters: only what precedes it counts.
    return re.match(r"\d*\.|\d+e[+-]?\d", digits) is not None or re.fullmatch(r"\d+f", digits) is not None
