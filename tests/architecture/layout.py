"""Rules about files: every one is built, none is too long, migrations are numbered.

Each yields violations, a sentence each.
"""

import posixpath
import re


def _words_of_cmake(text):
    text = re.sub(r"#[^\n]*", "", text)
    text = text.replace("${CMAKE_CURRENT_SOURCE_DIR}/", "")
    return set(re.findall(r"[^\s()\"]+", text))


def _names(words, path):
    """Whether the words of a CMakeLists.txt name a path, if need be as `folder/${name}.cpp`."""
    if path in words:
        return True
    for word in words:
        parts = re.split(r"\$\{\w+\}", word)
        if len(parts) != 2 or not word.endswith(".cpp"):
            continue
        begin, end = parts
        if path.startswith(begin) and path.endswith(end) and path[len(begin) : -len(end)] in words:
            return True
    return False


def _is_listed(tree, path):
    """Whether a CMakeLists.txt in the file's folder or above names it."""
    folder, below = posixpath.split(path)
    while True:
        lists = posixpath.join(folder, "CMakeLists.txt")
        if tree.exists(lists):
            words = _words_of_cmake(tree.text(lists))
            if _names(words, below) or "${PROJECT_SOURCE_DIR}/" + path in words:
                return True
        if not folder:
            return False
        folder, last = posixpath.split(folder)
        below = posixpath.join(last, below)


def every_source_is_built(tree):
    """A .cpp that no CMakeLists.txt names is dead; a test that is not built reassures falsely."""
    for path in tree.files(*tree.rules["built_folders"], endings=[".cpp"]):
        if not _is_listed(tree, path):
            yield f"{path}:1: no CMakeLists.txt names it"
    for path in tree.files(*tree.rules["built_folders"], endings=["CMakeLists.txt"]):
        if re.search(r"GLOB[^)]*\.(cpp|hpp)", tree.text(path)):
            yield f"{path}:1: sources are listed, never collected"


def every_header_is_used(tree):
    """A header that nothing includes is dead."""
    included = set()
    for path in tree.files(*tree.rules["built_folders"], endings=[".cpp", ".hpp"]):
        included.update(i.path for i in tree.source(path).includes if i.path != path)
    for path in tree.files(*tree.rules["built_folders"], endings=[".hpp"]):
        if path not in included:
            yield f"{path}:1: nothing includes it"


def every_header_begins_once(tree):
    for path in tree.files(*tree.rules["built_folders"], endings=[".hpp"]):
        if not re.search(r"^#pragma once$", tree.text(path), re.MULTILINE):
            yield f"{path}:1: has no #pragma once"


def migrations_are_numbered(tree):
    """NNNN_name.sql, from 0001, without a gap; nothing else lies there."""
    for folder in tree.rules["migration_folders"]:
        expected = 1
        for path in tree.files(folder):
            found = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", path[len(folder) + 1 :])
            if not found:
                yield f"{path}:1: a migration is called NNNN_name.sql"
                continue
            if int(found.group(1)) != expected:
                yield f"{path}:1: expected number {expected:04}"
            expected += 1


def files_are_short(tree):
    most = tree.rules["sizes"]["file_lines_max"]
    longer = tree.rules["sizes"]["longer_files"]
    for path in tree.files(endings=tree.rules["sizes"]["file_endings"]):
        lines = len(tree.text(path).splitlines())
        if lines > longer.get(path, most):
            yield f"{path}:1: {lines} lines, at most {longer.get(path, most)}"
    for path, lines in longer.items():
        if not tree.exists(path) or len(tree.text(path).splitlines()) <= most:
            yield f"{path}:1: is no exception any more: take it off the list"


# As clang-format lays functions out: the head begins and the closing brace stands in column 0.
_NO_FUNCTION = re.compile(r"(namespace|class|struct|enum|union|extern|template|using|typedef|#)\b|[})]")


def functions_are_short(tree):
    """A first look by column; clang-tidy measures what this cannot see."""
    most = tree.rules["sizes"]["function_lines_max"]
    longer = tree.rules["sizes"]["longer_functions"]
    for path in tree.files(*tree.rules["built_folders"], endings=[".cpp"]):
        begin = None
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            head = line.endswith("{") and not line.startswith((" ", "\t"))
            if head and not _NO_FUNCTION.match(line):
                begin = number
            elif line == "}" and begin is not None:
                length = number - begin + 1
                if length > longer.get(f"{path}:{begin}", most):
                    yield f"{path}:{begin}: a function of {length} lines, at most {most}"
                begin = None
