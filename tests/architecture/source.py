"""Our source as the checks of test_architecture.py read it: modules, their functions, and who imports whom."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("handoff", "crm", "tasks", "storage", "scheduler", "bot", "sandbox")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file. `name` is dotted, as one imports it."""

    path: Path
    name: str

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    @property
    def length(self) -> int:
        return len(self.text.splitlines())

    def functions(self) -> Iterator[Function]:
        """Every function, also those inside classes and other functions."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def at(self, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
        """Where a node stands, to be read in a failure."""
        return f"{self.path.relative_to(ROOT)}:{node.lineno}"


def modules(*packages: str) -> list[Module]:
    """The modules of these packages; of all of ours if none is named."""
    return [m for package in packages or PACKAGES for m in _in(package)]


@cache
def _in(package: str) -> tuple[Module, ...]:
    files = sorted((ROOT / package).rglob("*.py"))
    return tuple(Module(file, _dotted(file)) for file in files)


def _dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def lines_of(function: Function) -> int:
    """How long a function is, decorators not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def unannotated(function: Function) -> list[str]:
    """The parameters of a function that say no type, and `return` if that is not said."""
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    silent = [a.arg for a in given if a is not None and a.annotation is None and a.arg not in ("self", "cls")]
    return [*silent, *(["return"] if function.returns is None else [])]


def without_docstring(module: Module) -> Iterator[str]:
    """The public functions, classes and methods that do not say what they are for."""
    outer = [node for node in module.tree.body if isinstance(node, Function | ast.ClassDef)]
    methods = [
        method
        for node in outer
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        for method in node.body
        if isinstance(method, Function)
    ]
    for node in (*outer, *methods):
        if not node.name.startswith("_") and ast.get_docstring(node) is None:
            yield f"{module.at(node)} {node.name}"


def imported(module: Module) -> set[str]:
    """What a module imports, dotted; `from bot import blocks` is `bot.blocks`."""
    ours = {m.name for m in modules()}
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.at(node)} imports relatively"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= full & ours or {str(node.module)}
            found |= {str(node.module)} if full - ours else set()
    return found


def imports_inside_functions(module: Module) -> Iterator[str]:
    """Imports that run later than when the module is imported."""
    for function in module.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield module.at(node)


def cycles() -> list[set[str]]:
    """Groups of modules that import each other round about."""
    graph = {m.name: imported(m) for m in modules()}
    reach = {name: _reachable(name, graph) for name in graph}
    groups = {frozenset(b for b in reach[a] if b in graph and a in reach[b]) for a in graph}
    return [set(group) for group in groups if group]


def _reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = set(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting |= graph.get(name, set())
    return seen


def broad_handlers(module: Module) -> list[ast.ExceptHandler]:
    """Handlers that catch everything: bare, `Exception` or `BaseException`."""
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler) and _is_broad(node.type)]


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def is_standard(name: str) -> bool:
    """Whether a module belongs to Python itself."""
    return name.partition(".")[0] in sys.stdlib_module_names
