"""Rules about #include: the arrows between rooms, and who may see which library.

Each rule takes a Tree and yields violations, a sentence each: "path:line: what is wrong".
"""


def arrows(tree):
    """Rooms include only the rooms that rooms.json allows them."""
    rooms = tree.rules["rooms"]
    for path in tree.production():
        room = tree.room_of(path)
        if room is None:
            yield f"{path}:1: lies in no room of tests/architecture/rooms.json"
            continue
        for include in tree.source(path).includes:
            where = f"{path}:{include.line}"
            if not include.quoted:
                if tree.room_of(include.path) is not None and tree.exists(include.path):
                    yield f"{where}: our own <{include.path}> is included with quotes"
                continue
            if not tree.exists(include.path):
                yield f'{where}: "{include.path}" is no file of ours; paths start at the root'
                continue
            target = tree.room_of(include.path)
            if target is None:
                yield f'{where}: "{include.path}" lies in no room'
            elif target != room and target not in rooms[room]["may_include"]:
                yield f"{where}: {room} may not include {target} ({include.path})"
            elif include.path in rooms[room].get("but_not", []):
                yield f"{where}: {room} may not include {include.path}"


def standard_library_only(tree):
    """A room that says so includes nothing from outside but the listed standard headers."""
    allowed = set(tree.rules["standard_headers"])
    for path in tree.production():
        room = tree.rules["rooms"].get(tree.room_of(path), {})
        if not room.get("standard_library_only"):
            continue
        for include in tree.source(path).includes:
            if not include.quoted and include.path not in allowed:
                yield f"{path}:{include.line}: <{include.path}> is not a listed standard header"


def _of_library(include, library):
    return any(include.path.startswith(prefix) for prefix in library["headers"])


def sql_headers(tree):
    """Only the rooms that know SQL see a database library."""
    library = {"headers": tree.rules["sql"]["headers"]}
    allowed = tree.rules["sql"]["folders"] + tree.rules["sql"]["virtual_disk_folders"]
    for path in tree.production():
        if any(path.startswith(folder + "/") for folder in allowed):
            continue
        for include in tree.source(path).includes:
            if _of_library(include, library):
                yield f"{path}:{include.line}: <{include.path}> belongs to edge/store"


def heavy_headers(tree):
    """Slow headers stay out of our headers, in their rooms, and in a handful of files."""
    for name, library in tree.rules["heavy_libraries"].items():
        users = []
        for path in tree.production():
            lines = [i.line for i in tree.source(path).includes if _of_library(i, library)]
            if not lines:
                continue
            where = f"{path}:{lines[0]}"
            if path.endswith(".hpp"):
                yield f"{where}: {name} is included in a header of ours"
            if tree.room_of(path) not in library["rooms"]:
                yield f"{where}: {name} is for {', '.join(library['rooms'])}"
            users.append(path)
        if len(users) > library["files_max"]:
            yield (
                f"{users[-1]}:1: {name} is included by {len(users)} files, "
                f"at most {library['files_max']}: {', '.join(users)}"
            )
