"""The files of the project, and the data file that says how they may lie and point."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import cpp_text

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# What is made or fetched, never written by hand.
_SKIPPED = {".git", "build", "var", "__pycache__", ".cache", ".vscode", ".idea"}


def load_rules(path=HERE / "rooms.json"):
    return json.loads(Path(path).read_text(encoding="utf-8"))


@dataclass
class Tree:
    root: Path
    rules: dict
    _texts: dict = field(default_factory=dict)
    _sources: dict = field(default_factory=dict)
    _files: list = None

    def files(self, *folders, endings=None):
        """Paths relative to the root, with '/', sorted; below the folders, or all."""
        if self._files is None:
            self._files = sorted(self._walk())
        for path in self._files:
            below = not folders or any(path.startswith(folder + "/") for folder in folders)
            if below and (endings is None or path.endswith(tuple(endings))):
                yield path

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in _SKIPPED]
            for name in names:
                yield (Path(folder) / name).relative_to(self.root).as_posix()

    def exists(self, path):
        return (self.root / path).is_file()

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def source(self, path):
        if path not in self._sources:
            self._sources[path] = cpp_text.read(self.text(path))
        return self._sources[path]

    def production(self):
        """C++ files of the rooms; tests and benches are not among them."""
        return self.files(*self.rules["source_folders"], endings=[".cpp", ".hpp"])

    def room_of(self, path):
        """The name of the room with the longest folder that holds the path, or None."""
        best = None
        for name, room in self.rules["rooms"].items():
            if path.startswith(room["folder"] + "/"):
                if best is None or len(room["folder"]) > len(self.rules["rooms"][best]["folder"]):
                    best = name
        return best
